"""The reference of words that are known as names, made from public packages and the lists in script/name_sources.

Usage: python script/name_lexicon.py FOLDER. Below FOLDER stand, unpacked: rigour 1.2.0 (groups of names of Wikidata),
nicknames 1.0.1, names 0.3.0 (United States census of 1990) and Faker 40.54.0 (lists of its locales). The same sources
give the same bytes: everything is sorted and no time is written.
"""

from __future__ import annotations

import ast
import csv
import gzip
import importlib
import math
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from alidade.matching.folding import fold
from alidade.matching.generic_words import single_words, words_of_organisations
from alidade.matching.lexicon import word_hash

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "script" / "name_sources"
TARGET = ROOT / "src" / "alidade" / "matching" / "data" / "name_words.txt.gz"
VERSION = "2026-11-22"
HEAD = f"""\
# Words that are known as names, how common each is in the world (0..9), and the groups of spellings they belong to.
# version {VERSION}
# verified no
# source rigour 1.2.0 (MIT): groups of names of Wikidata (CC0); nicknames 1.0.1 (Apache-2.0): English short forms
# source names 0.3.0 (MIT): United States census of 1990 (public domain); Faker 40.54.0 (MIT): lists of its locales
# source own lists of short forms, Korean and Chinese spellings, Arabic compounds, commonest names (EUPL-1.2)
# licence each part under its own, as said; the compilation under EUPL-1.2 with the distribution
# format one word a line: letters, commonness, and for each group of the word a sign that opens the next group
# format (+ the same name, = of one Han character or of one meaning, ! short form, ~ two short forms of one name or one
# format name in two languages) or, for a group that is already open, how far back from the latest one it was opened
"""
SPELLING, CHARACTER, SHORT, SHORTS = "+", "=", "!", "~"
MOST_LETTERS, MOST_GLUED = 32, 6
SYLLABIC = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]")
#: Latin and Cyrillic letters: scripts that write every sound of a name.
FULL = re.compile("[\u0000-\u036f\u0400-\u052f\u1e00-\u1eff\u2010-\u2027]+\\Z")
SHORTEST_DERIVED = 3
LONGEST_SYLLABLE = 6
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
CLAN = re.compile("(?<=[\u3400-\u9fff\uac00-\ud7af])[姓氏씨]$")
WORD = re.compile(r"[a-z]{2,32}\Z")
OF_STRENGTH = {95: SPELLING, 90: SPELLING, 85: SHORT}


class Lexicon:
    """Words with their commonness, and groups with their sign, while they are collected."""

    def __init__(self) -> None:
        self.common: dict[str, int] = {}
        self.groups: dict[tuple[str, ...], str] = {}

    def know(self, word: str, level: int = 0) -> bool:
        """Take a word in; the highest level that any source gives counts."""
        if not WORD.match(word):
            return False
        self.common[word] = max(level, self.common.get(word, 0))
        return True

    def group(self, words: Iterable[str], sign: str) -> None:
        """Take a group in; of two groups of the same words the stronger stays."""
        known = tuple(sorted({word for word in words if self.know(word)}))
        if len(known) > 1:
            self.groups[known] = min(sign, self.groups.get(known, sign), key="+=!~".index)


def glued(text: str) -> str:
    """A name of several parts written as one word, or nothing where that would be no name any more."""
    parts = fold(text).split()
    if not parts or len(parts) > (MOST_GLUED if SYLLABIC.search(text) else 3):
        return ""
    return "".join(parts)


def own_lines(name: str) -> Iterator[tuple[str, list[str]]]:
    """The lines `head: word word ...` of one of our own lists."""
    for line in (OWN / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, words = line.partition(":")
            yield head, words.split()


def variants_of(line: str) -> list[str]:
    """The spellings of one line of rigour's list, without the Chinese and Korean words for clan."""
    return [CLAN.sub("", variant.strip()) for variant in line.partition(" => ")[0].split(",")]


def group_words(variants: list[str], spelt: set[str]) -> set[str]:
    """What of a line may stand for one name.

    A spelling in a script that leaves sounds out, or writes them by syllables, often folds to somebody else's name
    (Hansen from the Chinese for Hassan): it stays out where people write another name like that.
    """
    own = {glued(variant) for variant in variants if FULL.match(variant)}
    others = {glued(variant) for variant in variants} - own
    return {
        word for word in own | {word for word in others - spelt if len(word) > SHORTEST_DERIVED} if WORD.match(word)
    }


def take_wikidata(lexicon: Lexicon, path: Path) -> None:
    """Groups of one name in its spellings and scripts; how many of them there are says how common a name is."""
    lines = [variants_of(line) for line in path.read_text(encoding="utf-8").splitlines()]
    spelt = {glued(variant) for variants in lines for variant in variants if FULL.match(variant)}
    for variants in lines:
        character = any(len(variant) == 1 and HAN.match(variant) for variant in variants)
        lexicon.group(group_words(variants, spelt), CHARACTER if character else SPELLING)
        level = max(0, min(6, int(2 * math.log2(max(1, len(variants)) / 3))))
        for variant in variants:
            for word in fold(variant).split():
                lexicon.know(word)
            if not character:
                lexicon.know(glued(variant), level if variant.isascii() else max(0, level - 2))


def take_shorts(lexicon: Lexicon, base: str, shorts: Iterable[str]) -> None:
    """A name and its short forms: each a pair with it, and more weakly all with each other."""
    name, forms = glued(base), sorted({glued(short) for short in shorts})
    for form in forms:
        lexicon.group((name, form), SHORT)
    lexicon.group((name, *forms), SHORTS)


def take_nicknames(lexicon: Lexicon, path: Path) -> None:
    """English names with their short forms."""
    shorts: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            shorts[row["name1"]].append(row["name2"])
    for base in sorted(shorts):
        take_shorts(lexicon, base, shorts[base])


def level_of_share(percent: float) -> int:
    """A share of the people of one country as a level of the world: one in a hundred is 7, in ten thousand 3."""
    return max(1, min(8, round(7 + 2 * math.log10(percent)))) if percent > 0 else 1


def take_census(lexicon: Lexicon, folder: Path) -> None:
    """United States, 1990: surnames, given names of women and of men, with their percentage."""
    for name in ("dist.all.last", "dist.female.first", "dist.male.first"):
        for line in (folder / name).read_text(encoding="ascii").splitlines():
            word, percent = line.split()[:2]
            lexicon.know(word.lower(), level_of_share(float(percent)))


def weighted(names: object) -> Iterator[tuple[str, float]]:
    """The names of one list of a locale, and their share in a hundred where the list gives weights."""
    if isinstance(names, Mapping):
        whole = sum(float(weight) for weight in names.values())
        yield from ((name, 100 * float(weight) / whole) for name, weight in names.items())
    elif isinstance(names, list | tuple):
        for name in names:
            if isinstance(name, str):
                yield name, 0.0
            else:
                yield from weighted(name)


def take_locales(lexicon: Lexicon, folder: Path) -> None:
    """Lists of common names of some eighty locales; a name in several languages is a common one."""
    sys.path.insert(0, str(folder))
    providers = importlib.import_module("faker.providers.person")
    languages: dict[str, set[str]] = defaultdict(set)
    shares: dict[str, float] = defaultdict(float)
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for field in ("first_names", "first_names_female", "first_names_male", "last_names", "middle_names"):
            for name, share in weighted(getattr(provider, field, ())):
                for word in {glued(name), *fold(name).split()}:
                    shares[word] = max(shares[word], share)
                    languages[word].add(module.name[:2])
    for word, found in languages.items():
        lexicon.know(word, max(min(8, 2 + len(found)), level_of_share(shares[word])))


def compounds() -> Iterator[set[str]]:
    """Abd-al-X and X-al-din in the spellings that occur."""
    stems = dict(own_lines("compounds.txt"))
    for stem in stems["servant"]:
        yield {f"{head}{stem}" for head in ("abdul", "abdal", "abdel", "abdol", "abd", "abdoul", f"abdu{stem[0]}",
               f"abde{stem[0]}", f"abda{stem[0]}", f"abdi{stem[0]}")}  # fmt: skip
    for stem in stems["faith"]:
        tails = ("uddin", "eddin", "eddine", "aldin", "aldeen", "aldine", "uddeen", "ddin", "ddine", "udin", "edin",
                 "edine", "adin", "addin", "eldin", "eldeen", "eldine", "ettin", "ittin")  # fmt: skip
        yield {stem + tail for tail in tails}


#: Pinyin in the spelling of Wade and Giles, whose apostrophes nobody writes: initials, then endings.
WADE_INITIALS = (
    ("zhi", "chih"), ("chi", "chih"), ("shi", "shih"), ("ri", "jih"), ("zi", "tzu"), ("ci", "tzu"), ("si", "szu"),
    ("zh", "ch"), ("b", "p"), ("d", "t"), ("g", "k"), ("j", "ch"), ("q", "ch"), ("x", "hs"), ("r", "j"), ("z", "ts"),
    ("c(?!h)", "ts"),
)  # fmt: skip
WADE_ENDS = (
    ("(?<=[^y])ian$", "ien"), ("^yan$", "yen"), ("ie$", "ieh"), ("^ye$", "yeh"), ("ong$", "ung"), ("ue$", "ueh"),
    ("^er$", "erh"), ("(?<=k)ui$", "uei"), ("(?<=[kh])e$", "o"), ("(?<=[^kh])uo$", "o"), ("^you$", "yu"),
)  # fmt: skip


def wade_giles(pinyin: str) -> str:
    """The older spelling of a syllable of pinyin: jin is chin, xi is hsi, zhou is chou."""
    for initial, other in WADE_INITIALS:
        older = re.sub(f"^{initial}{'$' if initial.endswith('i') else ''}", other, pinyin)
        if older != pinyin:
            break
    for end, other in WADE_ENDS:
        older = re.sub(end, other, older)
    return older


def take_syllables(lexicon: Lexicon) -> None:
    """Every syllable of Chinese in pinyin and in Wade-Giles."""
    for syllable in sorted({fold(chr(code)) for code in range(0x4E00, 0x9FFF)}):
        if WORD.match(syllable) and len(syllable) <= LONGEST_SYLLABLE:
            lexicon.know(syllable, 4)
            lexicon.group((syllable, wade_giles(syllable)), CHARACTER)


def take_organisations(lexicon: Lexicon, path: Path) -> None:
    """Words of organisations: one meaning in several languages is a group; what is generic is very common."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "ORG_SYMBOLS":
            for words in ast.literal_eval(node.value).values():
                folded = {word for word in map(fold, words) if WORD.match(word)}
                lexicon.group(folded, CHARACTER)
                for word in folded:
                    lexicon.know(word, 6)
    generic = single_words("organisation")
    for word in words_of_organisations():
        lexicon.know(word, 7 if word in generic else 8)


def spread(lexicon: Lexicon) -> None:
    """A rarer spelling of a common name is not a rare word: at most three levels below the commonest."""
    highest = dict(lexicon.common)
    for words, sign in lexicon.groups.items():
        if sign == SPELLING:
            top = max(lexicon.common[word] for word in words)
            for word in words:
                highest[word] = max(highest[word], top - 3)
    lexicon.common = highest


def written(lexicon: Lexicon) -> str:
    """The file's text: words in order of the alphabet, groups numbered as they open."""
    members: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for words in sorted(lexicon.groups):
        for word in words:
            members[word].append(words)
    numbers: dict[tuple[str, ...], int] = {}
    lines = []
    for word in sorted(lexicon.common):
        refs = []
        latest = len(numbers) - 1
        for words in sorted(members[word], key=lambda words: numbers.get(words, len(lexicon.groups))):
            known = numbers.get(words)
            refs.append(f" {latest - known}" if known is not None else lexicon.groups[words])
            numbers.setdefault(words, len(numbers))
        lines.append(f"{word}{lexicon.common[word]}{''.join(refs)}\n")
    return HEAD + f"# words {len(lines)} groups {len(numbers)}\n" + "".join(lines)


def collected(folder: Path) -> Lexicon:
    """Everything the sources give."""
    lexicon = Lexicon()
    take_wikidata(lexicon, next(folder.rglob("rigour/data/names/persons.txt")))
    take_nicknames(lexicon, next(folder.rglob("nicknames/names.csv")))
    take_census(lexicon, next(folder.rglob("dist.all.last")).parent)
    take_locales(lexicon, next(folder.rglob("faker/providers/person/__init__.py")).parents[3])
    for base, shorts in own_lines("diminutives.txt"):
        take_shorts(lexicon, base, shorts)
    for strength, words in own_lines("syllables.txt"):
        lexicon.group((fold(word) for word in words), OF_STRENGTH[int(strength)])
    for base, others in own_lines("equivalents.txt"):
        lexicon.group((base, *map(fold, others)), SHORTS)
    take_syllables(lexicon)
    for words in compounds():
        lexicon.group(words, SPELLING)
    for level, words in own_lines("head_names.txt"):
        for word in words:
            lexicon.know(fold(word), int(level))
    spread(lexicon)
    take_organisations(lexicon, next(folder.rglob("rigour/data/names/data.py")))
    return lexicon


def main(arguments: list[str]) -> int:
    """Write the file, and say how large it became."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    lexicon = collected(Path(arguments[0]))
    if len({word_hash(word) for word in lexicon.common}) != len(lexicon.common):
        print("two words have the same hash: leave one of them out")
        return 1
    packed = gzip.compress(written(lexicon).encode("ascii"), 9, mtime=0)
    TARGET.write_bytes(packed)
    print(f"{len(lexicon.common)} words, {len(lexicon.groups)} groups, {len(packed)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
