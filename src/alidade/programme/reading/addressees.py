"""To whom a measure is addressed: named before a colon, told what to do, invited, or named as taking part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from alidade.programme.reading.actors import ADDRESSED, find_actors
from alidade.programme.reading.blocks import Block
from alidade.programme.reading.proposals import FoundActor
from alidade.programme.reading.sentences import sentence_at
from alidade.programme.reading.words import fold, reading_words

_SUPPORT: Final = re.compile(
    r"avec le (?:soutien|concours|appui)|with the (?:support|assistance)|con el apoyo|con la asistencia|com o apoio"
)
_NOT_SUBJECT: Final = re.compile(
    r"(?:\bd'|\bde |\bdu |\bdes |\bof |\bof the |\bof all |\bthe |\bde l'|\bde la |"
    r"\bdel |\bde los |\bdo |\bda |\bdos |\bdas |\bby |\bby the |\bpar |\bpor |\bpela |"
    r"\bpelo |\bwith |\bavec |\bcon |\bcom |\bfrom |\bto |\ba l'|\bau |\baux |\ba la |"
    r"\bal |\bao |\ba |\bwithin |\bau sein de |\bau sein d'|\bentre |\bbetween |\bauprès de |"
    r"\baupres d[e'] ?|\ben |\bin |\bchez |\bat |\bvia |\bsur |\bon )(?:tous les |"
    r"all |the |les |l'|la |le |el |los |o |os )?$"
)
_NECESSARY: Final = re.compile(
    r"(?:convient|essentiel|necessaire|important|imperatif|indispensable|crucial|essential|"
    r"necessary|imperative|vital|necesario|esencial|fundamental|importante|necessario|"
    r"essencial|imprescindivel|imprescindible)\s+(?:que\s|qu'|that\s)\s*(?:tous\s|"
    r"all\s)?(?:les\s|the\s|l'|la\s|le\s|los\s|el\s|os\s|o\s|a\s)?$"
)
_LISTED: Final = re.compile(
    r"^\s*(?:,|\bet\b|\band\b|\by\b|\be\b|,\s*(?:et|and|y|e))\s*(?:on |upon )?(?:(?:a|to)\s+)?"
    r"(?:the |le |la |les |l'|el |los |o |os |a |al |ao |aos |au |aux |a l'|its |the relevant )?$"
)
# "such as the EASO and Frontex", "which the unit has": named within a subject, not the subject.
_EXAMPLE: Final = re.compile(
    r"(?:\btel(?:le)?s? que|\bsuch as|\bcomme|\bincluding|\by compris|\bnotamment|"
    r"\bcomo|\btais como|\bpor ejemplo|\bpor exemplo|\bpar exemple|\bfor example|\be\.g\.|"
    r"\bdont \w+|\binclu\w+)\s[^.;:]{0,110}$"
)
_LED: Final = re.compile(
    
        r"(?:sous la (?:conduite|direction|houlette) |dirigee?s? par |pilotee?s? par |"
        r"coordonnee?s? par |conduite? par |led by |under the lead(?:ership)? of |coordinated by |"
        r"chaired by |hosted by |organi[sz]ed by |liderad[oa]s? por |dirigid[oa]s? por |"
        r"coordinad[oa]s? por |coordenad[oa]s? p\w+ |encabezad[oa]s? por )(?:the |la |"
        r"le |les |l'|de la |de l'|d'|el |los |o |a )?$"
        
)  # fmt: skip
_ARTICLES: Final = frozenset({"", "the", "le", "la", "les", "l'", "el", "los", "las", "o", "a", "os", "as"})
_ACTING: Final = frozenset({"EMPACT", "EL-PACCTO", "COPOLAD"})  # programmes that are told to act like bodies
_NAMED_ALONE: Final = re.compile(r"\s*(?:[:,;/&]|and\b|et\b|y\b|e\b)")
# "the officers of the customs authorities should", "les instances du Conseil devraient": those who act are theirs.
_STAFF: Final = re.compile(
    r"\b(?:agents|agentes|officers|officials|staff|bodies|instances|preparatory bodies|working parties|members|membres|"
    r"miembros|membros|experts|expertos|peritos|funcionarios|instancias|organos|orgaos|representatives|representants|"
    r"representantes|services|servicios|servicos)\s+(?:[a-z]+\s+){0,2}"
    r"(?:of the |of |de la |de l'|de los |de las |des |du |del |de |d'|do |da |dos |das )$"
)
# "the project group of the European Ports Alliance", "a network of prosecutors": part of another body's name.
_PART_OF_NAME: Final = re.compile(
    r"(?:groupe de projet|project group|grupo de (?:proyecto|projeto)|partenariat|partnership|asociacion|parceria|"
    r"\breseau|\bnetwork|\bred|\brede|instances preparatoires|preparatory bodies|organos preparatorios|"
    r"instancias preparatorias)\b"
    r"[^.;:]{0,25}?(?:\bof (?:the )?|\bde l'|\bde la |\bde |\bdu |\bdes |\bdel |\bdo |\bda )$"
)
_BEFORE_COLON: Final = 110
_NEAR: Final = 90


@cache
def _modal() -> re.Pattern[str]:
    words = "|".join(sorted(reading_words().modals, key=lambda word: -len(word)))
    return re.compile(rf"^[^.;:!?]{{0,{_NEAR}}}?\b(?:{words})\b")


@cache
def _invite() -> re.Pattern[str]:
    words = "|".join(sorted(reading_words().invites, key=lambda word: -len(word)))
    return re.compile(
        rf"\b(?:{words})\s+(?:egalement |also |en outre |tambien |aussi )?(?:on |a |to |upon )?(?:all |"
        rf"tous |todos )?(?:the |la |le |les |l'|el |los |las |al |au |aux |a la |a los |o |a |os |as |aos |as |ao )?"
        rf"(?:competent |relevant )?$"
    )


def begins_invitation(text: str) -> bool:
    """Whether a text begins with a word such as "INVITES" or "Calls on"."""
    words = "|".join(sorted(reading_words().invites, key=lambda word: -len(word)))
    return (
        re.match(rf"(?:the council |le conseil |el consejo |o conselho )?(?:\w+ment )?(?:{words})\b", fold(text))
        is not None
    )


def told(blocks: Sequence[Block], language: str, *, of_the_union: bool) -> Iterator[FoundActor]:
    """The actors whom the text tells to act, by the strongest sign of each place."""
    for block in blocks:
        found = find_actors(block, language, of_the_union=of_the_union)
        actors = [actor for actor in found if actor.kind in ADDRESSED or actor.value in _ACTING]
        if actors and block.kind != "note":
            yield from _told_in(block, actors)


def _told_in(block: Block, actors: Sequence[FoundActor]) -> Iterator[FoundActor]:
    folded = fold(block.text)
    colon = folded.find(":", 0, _BEFORE_COLON)
    support = _SUPPORT.search(folded)
    head_end = min(colon, support.start()) if support and colon > 0 else colon
    accepted_end = -1
    for actor in actors:
        before, after = folded[: actor.start], folded[actor.end :]
        start, end = sentence_at(block.text, actor.start)
        rule, confidence = "", 0.0
        listed = accepted_end >= 0 and _LISTED.match(folded[accepted_end : actor.start]) is not None
        acts = actor.kind in ADDRESSED or _NAMED_ALONE.match(after) is not None
        if (
            0 < actor.end <= head_end
            and acts
            and not folded[:head_end].count(".")
            and (block.kind == "item" or block.number)
        ):
            rule, confidence = "named-before-colon", 0.9
        elif _NECESSARY.search(before[-80:]):
            rule, confidence = "it-is-necessary-that", 0.8
        elif _invite().search(before[-80:]):
            rule, confidence = "is-invited", 0.85
        elif (_is_subject(before[start:]) or _STAFF.search(before[start:])) and _modal().match(folded[actor.end : end]):
            rule, confidence = "subject-of-duty", 0.8
        elif listed and after:
            rule, confidence = "listed-with-addressee", 0.75
        if rule:
            accepted_end = actor.end
            yield replace(actor, rule=rule, confidence=confidence)


def _is_subject(before: str) -> bool:
    if before.strip() in _ARTICLES:  # in "A Eurojust deverá" it is an article
        return True
    return not _NOT_SUBJECT.search(_without_article(before)) and not _EXAMPLE.search(before)


def _without_article(before: str) -> str:
    """What stands before a subject, without the article that belongs to it ("that the" keeps its "that")."""
    return re.sub(r"(?:^|(?<=[\s(]))(?:the |les |le |la |l'|los |el |os |o )$", "", before)


def named(
    blocks: Sequence[Block], language: str, *, of_the_union: bool, rule: str = "named-in-measure"
) -> Iterator[FoundActor]:
    """Every actor that can act and that a text names, each once: whoever takes part in a measure reported on."""
    seen: set[str] = set()
    for block in blocks:
        if block.kind == "note":
            continue
        folded = fold(block.text)
        for actor in find_actors(block, language, of_the_union=of_the_union):
            part = _PART_OF_NAME.search(folded, max(0, actor.start - 100), actor.start)
            if actor.kind in ADDRESSED and actor.value not in seen and not part:
                seen.add(actor.value)
                yield replace(actor, rule=rule, confidence=0.6 if rule == "named-in-measure" else 0.85)


def owner(blocks: Sequence[Block], language: str, *, of_the_union: bool) -> FoundActor | None:
    """Who leads, where the text says so."""
    for block in blocks:
        folded = fold(block.text)
        for actor in find_actors(block, language, of_the_union=of_the_union):
            if actor.kind in ADDRESSED and _LED.search(folded, max(0, actor.start - 80), actor.start):
                return replace(actor, rule="led-by", confidence=0.8)
    return None
