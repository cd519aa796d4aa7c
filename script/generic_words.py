"""The table of words of names that say little, made from rigour's legal forms and the lists in script/name_sources.

Usage: python script/generic_words.py FOLDER, below which rigour 1.2.0 stands unpacked. The same sources give
the same bytes.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from alidade.matching.folding import fold

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "script" / "name_sources"
TARGET = ROOT / "src" / "alidade" / "matching" / "data" / "generic_words.json"
HEAD = {
    "title": "Words of names that say little by themselves: legal forms, titles, particles, trade words",
    "version": "2026-11-22",
    "source": "Legal forms, titles and words of organisations of rigour 1.2.0 (OpenSanctions); own lists in "
    "script/name_sources",
    "licence": "rigour: MIT; own lists and the compilation: EUPL-1.2, with the distribution",
    "verified": False,
}
CLASSES = {"LLC", "JSC", "LP", "LLP", "GP", "COOP", "SP", "SOE", "NGO", "FIN"}
#: Short words that are more often something else than a legal form.
NO_FORM = frozenset(
    {
        "ii", "im", "na", "nl", "pe", "rs", "xt", "yu", "od", "ee", "in", "an", "me", "no", "one", "the", "of", "und",
        "et", "de", "bank", "fund", "trust", "new", "mir", "da", "wa", "sd", "ud", "pd", "up", "oe", "ba", "st", "ra",
        "empresario",
    }
)  # fmt: skip
#: Words of organisations of rigour that are made one with ours.
SAME = {
    "CO": "co", "ORG": "organization", "CORP": "corp", "ASSOC": "association", "ASSOCIATION": "association",
    "PARTNER": "partners", "CENTER": "center", "HOLDING": "holding", "SERVICE": "services", "EQUIPMENT": "equipment",
    "AGENCY": "agency", "INTL": "international", "GRP": "group", "MGMT": "management", "INVESTMENT": "investment",
    "DEV": "development", "ENTERPRISE": "enterprise", "RESOURCES": "resources", "PRODUCTION": "production",
    "CONSTRUCTION": "construction", "CONSULTING": "consulting", "OPERATIONS": "operations", "TRANSPORT": "transport",
    "FINANCIAL": "finance", "COMMS": "communications", "INFORMATION": "information", "SYSTEM": "systems",
    "GLOBAL": "global", "WORLD": "global", "LOGISTICS": "logistics", "MARKETING": "marketing",
    "COMMERCIAL": "commercial", "EXPORT": "export", "IMPORT": "import", "TRADE": "trading", "SOLUTION": "solutions",
    "PROJECT": "project", "PRODUCT": "products", "DISTRIB": "distribution", "CAPITAL": "capital",
    "MANUFACTURING": "manufacturing", "FACTORY": "manufacturing", "INDUSTRY": "industry", "ENG": "engineering",
    "PROPERTY": "property", "REALTY": "property", "SHIPPING": "shipping", "MARITIME": "shipping", "FUND": "fund",
    "FDN": "foundation", "SECURITY": "security", "BANK": "bank", "TECH": "technology", "ELECTRIC": "electric",
    "ELECTRONIC": "electric", "ENERGY": "energy", "CHEMICAL": "chemicals", "MACHINE": "equipment",
    "INSURANCE": "insurance", "AUTO": "auto", "HOTEL": "hotel", "MINING": "mining", "AGRICULTURE": "agriculture",
    "NATL": "national", "DEPT": "department", "OFFICE": "office", "INNOVATION": "innovation", "DESIGN": "design",
    "COOP": "cooperative",
}  # fmt: skip
LINE = re.compile(r"(?P<form>[^:(=]+?)(?: \((?P<kind>\w+)\))?(?:=(?P<word>\w+))?: (?P<words>.*)")


def own(name: str) -> Iterator[tuple[str, str, str, str]]:
    """The lines of one of our lists: head, class, word that stands for the others, what follows."""
    for line in (OWN / name).read_text(encoding="utf-8").splitlines():
        found = LINE.fullmatch(line) if line and not line.startswith("#") else None
        if found:
            yield found["form"], found["kind"] or "", found["word"] or "", found["words"]


def constant(path: Path, name: str) -> object:
    """The value of a constant of one of rigour's tables, without running it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return ast.literal_eval(node.value)
    raise KeyError(name)


class Table:
    """The parts of the file while they are collected."""

    def __init__(self) -> None:
        self.phrases: dict[str, str] = {}
        self.canonical: dict[str, str] = {}
        self.forms: dict[str, str] = {}
        self.common: dict[str, str] = {}

    def form(self, short: str, kind: str, written: str) -> None:
        """One way to write a legal form; letters with dots come apart and together."""
        words = fold(written).split()
        if not words or words[0] == "al" or (len(words) == 1 and words[0] in NO_FORM):
            return
        self.forms.setdefault(short, kind)
        if len(words) == 1:
            self.forms.setdefault(words[0], kind)
            if words[0] != short:
                self.canonical.setdefault(words[0], short)
            return
        together = re.sub(r"\b(\w) (?=\w\b)", r"\1", " ".join(words))
        if " " in together:
            self.phrases.setdefault(together, short)
        else:
            self.form(short, kind, together)


def take_forms(table: Table, folder: Path) -> None:
    """Our legal forms first: where rigour speaks of the same, ours stands."""
    for short, kind, _, words in own("legal_forms.txt"):
        table.form(fold(short).replace(" ", ""), kind, short)
        for written in words.split(","):
            table.form(fold(short).replace(" ", ""), kind, written)
    path = next(folder.rglob("rigour/data/names/org_types.py"))
    kinds: list[dict[str, object]] = constant(path, "ORG_TYPES")  # type: ignore[assignment]
    for entry in kinds:
        generic = str(entry.get("generic") or "")
        aliases = [str(alias) for alias in entry["aliases"]]  # type: ignore[attr-defined]
        short = fold(str(entry.get("compare") or entry.get("display") or "")).replace(" ", "")
        if generic not in CLASSES or not any(fold(alias) for alias in aliases):
            continue
        known = [table.canonical.get(word, word) for word in (fold(a).replace(" ", "") for a in [short, *aliases])]
        short = next((word for word in known if word in table.forms), short if len(short) > 1 else "")
        for alias in aliases if short else ():
            if len(fold(alias)) > 1:
                table.form(short, generic.lower().replace("llp", "lp"), alias)


def take_words(table: Table, folder: Path) -> None:
    """Words of organisations: ours, then those of rigour that mean the same."""
    symbols: dict[str, tuple[str, ...]] = constant(  # type: ignore[assignment]
        next(folder.rglob("rigour/data/names/data.py")), "ORG_SYMBOLS"
    )
    lines = [(short, words.split()) for short, _, _, words in own("organisation_words.txt")]
    lines += [(SAME[symbol], [fold(word) for word in words]) for symbol, words in symbols.items() if symbol in SAME]
    for short, words in lines:
        for word in (fold(word) for word in words):
            if " " in word or len(word) < 2 or word in table.forms:
                continue
            if short in table.forms:
                table.canonical.setdefault(word, short)
                table.forms.setdefault(word, table.forms[short])
            else:
                table.common.setdefault(short, short)
                table.common.setdefault(word, short)


def persons(folder: Path) -> tuple[dict[str, set[str]], dict[str, dict[str, str]]]:
    """Titles, particles and words of ships, and which of them are one."""
    lists: dict[str, set[str]] = {"title": set(), "particle": set(), "vessel": set(), "vessel-common": set()}
    same: dict[str, dict[str, str]] = {"title": {}, "particle": {}}
    for head, _, word, words in own("person_words.txt"):
        folded = {fold(other) for other in words.split()}
        lists[head] |= {other for other in folded if other and " " not in other}
        if word:
            same[head].update({other: word for other in folded if other != word})
    return lists, same


def main(arguments: list[str]) -> int:
    """Write the file, and say how large it became."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    folder, table = Path(arguments[0]), Table()
    take_forms(table, folder)
    take_words(table, folder)
    lists, same = persons(folder)
    table.canonical.update({word: short for word, short in table.common.items() if word != short})
    table.canonical["el"] = "al"
    written = {
        **HEAD,
        "phrases": dict(sorted(table.phrases.items())),
        "canonical": dict(sorted(table.canonical.items())),
        "canonical_person": dict(sorted({**same["title"], **same["particle"]}.items())),
        "legal_forms": dict(sorted(table.forms.items())),
        "common": {
            "organisation": sorted(table.common), "person": [], "vessel": sorted(lists["vessel-common"]),
            "other": ["and", "of", "the"],
        },
        "titles": {
            "organisation": [], "person": sorted(lists["title"]), "vessel": sorted(lists["vessel"]), "other": [],
        },
        "particles": {"organisation": ["al"], "person": sorted(lists["particle"]), "vessel": ["al"], "other": ["al"]},
    }  # fmt: skip
    TARGET.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    counts = len(table.phrases), len(table.canonical), len(table.forms), len(table.common)
    print("phrases {}, spellings {}, legal forms {}, generic words {}".format(*counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
