"""The catalogues of the pages: collected from templates, code and error sentences; merged; compiled with Babel.

Usage: python script/translations.py [--check]. No tool but the packages of the lock is needed.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src" / "alidade"
LOCALE = SOURCES / "web" / "locale"
LANGUAGES = ("fr", "es", "pt", "pt_BR")
# Sentences of errors in which something is filled in, such as the name of a role; the face matches them (web/told.py).
FILLED = LOCALE / "filled_sentences.json"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
ERRORS = {"AlidadeError", "NotAllowed", "NotFound", "Invalid", "Unreadable", "Conflict", "Damaged"}
# Folders whose errors can reach a page; the command line speaks English.
ERROR_PLACES = (
    "model", "procedures", "policy", "formats", "store", "services", "web", "api", "matching", "ledger", "programme",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence to translate: where it stands, its plural, its context."""

    text: str
    where: str
    plural: str = ""
    context: str | None = None
    filled: bool = False


def sentences() -> Iterator[Sentence]:
    """Every sentence of the sources, in the order of the files."""
    # Here: templates are read with the framework's own reader, which must be set up first.
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    for path in sorted((SOURCES / "web").rglob("*.html")):
        code = templatize(path.read_text(encoding="utf-8"))
        yield from _marked(code, path)
    for path in sorted(SOURCES.rglob("*.py")):
        part = path.relative_to(SOURCES).parts[0]
        text = path.read_text(encoding="utf-8")
        if part in ("web", "api"):
            yield from _marked(text, path)
        if part in ERROR_PLACES:
            yield from _errors(text, path)
        if part == "procedures":
            yield from _findings(text, path)
    # Why a term is as long as it is: told on the pages beside the term, and as the remedy of an error.
    terms = SOURCES / "services" / "data" / "desk_terms.json"
    for term in json.loads(terms.read_text(encoding="utf-8")).values():
        if isinstance(term, dict):
            yield Sentence(term["reason"], terms.relative_to(ROOT).as_posix())
    kept = SOURCES / "services" / "data" / "earlier_checks.json"
    content = json.loads(kept.read_text(encoding="utf-8"))
    own = [content["usual"], *content["purposes"].values(), *content["legal_grounds"].values()]
    for reason in dict.fromkeys(term["reason"] for term in own):
        yield Sentence(reason, kept.relative_to(ROOT).as_posix())


def _marked(code: str, path: Path) -> Iterator[Sentence]:
    found = extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS)
    for _, message, _, context in found:
        texts = message if isinstance(message, tuple) else (message,)
        if texts[0]:
            plural = texts[1] if len(texts) > 1 and texts[1] else ""
            yield Sentence(texts[0], path.relative_to(ROOT).as_posix(), plural, context)


def _errors(text: str, path: Path) -> Iterator[Sentence]:
    where = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in ERRORS:
            continue
        for given in (*node.args[:1], *(k.value for k in node.keywords if k.arg == "remedy")):
            for spoken, filled in _spoken(given):
                yield Sentence(spoken, where, filled=filled)


def _findings(text: str, path: Path) -> Iterator[Sentence]:
    """What the check of a procedure's file says: code, place, sentence, remedy."""
    where = path.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("error", "warning"):
            for given in node.args[2:4]:
                for spoken, filled in _spoken(given):
                    yield Sentence(spoken, where, filled=filled)


def _spoken(node: ast.expr) -> Iterator[tuple[str, bool]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
        yield node.value, False
    elif isinstance(node, ast.JoinedStr):
        count, text = 0, ""
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value)
            else:
                text += "{%d}" % count  # noqa: UP031  # the braces are part of the text
                count += 1
        if re.search(r"[A-Za-z]{3}", re.sub(r"\{\d+\}", "", text)):
            yield text, True
    elif isinstance(node, ast.IfExp):
        yield from _spoken(node.body)
        yield from _spoken(node.orelse)


def collected(found: list[Sentence]) -> Catalog:
    """The sentences as a catalogue without translations."""
    catalog = Catalog(project="Alidade", charset="utf-8", fuzzy=False)
    for each in found:
        message = (each.text, each.plural) if each.plural else each.text
        catalog.add(message, locations=[(each.where, 0)], context=each.context)
    return catalog


def merged(language: str, source: Catalog) -> Catalog:
    """The catalogue of a language with the sentences of the sources: known translations kept, old sentences dropped."""
    path = _po(language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    else:
        known = Catalog(locale=language, project="Alidade", charset="utf-8", fuzzy=False)
    known.update(source, no_fuzzy_matching=True)
    known.obsolete.clear()
    return known


def missing(catalog: Catalog) -> list[str]:
    """The sentences that have no translation, or one that leaves out what is filled in."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        wanted = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        fills = _fills(wanted[-1])
        if not all(texts) or any(_fills(str(text)) != fills for text in texts[-1:]):
            found.append(wanted[0])
    return found


def _fills(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\d+\}|%[sd]", text))


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def written(catalog: Catalog) -> bytes:
    """A catalogue as its file; without dates, so that the same sentences give the same bytes."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=116, omit_header=False, sort_output=True, include_lineno=False)
    dated = rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By): [^"]*"\n'
    return re.sub(dated, b"", buffer.getvalue(), flags=re.M)


def compiled(language: str) -> bytes:
    """The compiled catalogue of a language, from its file."""
    with _po(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    # Without the time of this run in the header: the same sentences give the same bytes.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    found = list(sentences())
    source = collected(found)
    filled = sorted({each.text for each in found if each.filled})
    behind: list[str] = []
    listing = json.dumps(filled, ensure_ascii=False, indent=0) + "\n"
    _keep(FILLED, listing.encode(), check, behind)
    for language in LANGUAGES:
        catalog = merged(language, source)
        path = _po(language)
        _keep(path, written(catalog), check, behind)
        if path.exists():
            _keep(path.with_suffix(".mo"), compiled(language), check, behind)
        lacking = missing(catalog)
        print(f"{language}: {len(catalog) - len(lacking)} of {len(catalog)} sentences translated")
        behind += [f"{language}: {text}" for text in lacking]
    for line in behind if check else ():
        print(line)
    return 1 if check and behind else 0


def _keep(path: Path, content: bytes, check: bool, behind: list[str]) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    if check:
        behind.append(f"{path.relative_to(ROOT)} is behind its sources: run script/translate")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
