"""The instrument: number, date, body, title, predecessors, markings, from the first page of a paper."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from alidade.programme.reading.blocks import Block
from alidade.programme.reading.dates import find_dates
from alidade.programme.reading.gathering import opens_clause
from alidade.programme.reading.labels import labelled
from alidade.programme.reading.proposals import Found, Instrument
from alidade.programme.reading.references import council_numbers, find_references
from alidade.programme.reading.words import Folded, fold, reading_words

_ROW: Final = re.compile(r"^\s*([^:\t]{1,40}?)\s*(?::\s*\t?|\t+)\s*(\S.*)?$", re.S)
_CODE: Final = re.compile(r"^(?:[A-Z][A-Z/]{2,14}(?:\s+\d{1,4})?\s*)+$")
_LONGEST_FRONT: Final = 45
_OPENING: Final = re.compile(
    r"^(?:introduction|introduccion|introducao|background|contexte|antecedentes|contexto|"
    r"state of play|etat d'avancement)\b"
)
_MARKINGS: Final = (
    ("LIMITE", re.compile(r"\bLIMITE\b")),
    ("RESTREINT UE/EU RESTRICTED", re.compile(r"RESTREINT UE|EU RESTRICTED|R-UE/EU-R")),
    ("CONFIDENTIEL UE/EU CONFIDENTIAL", re.compile(r"CONFIDENTIEL UE|EU CONFIDENTIAL")),
    ("SECRET UE/EU SECRET", re.compile(r"(?<!TRÈS )SECRET UE|(?<!TOP )\bEU SECRET")),
    ("PUBLIC", re.compile(r"^PUBLIC$", re.M)),
    ("DISTR. GENERAL", re.compile(r"Dist[ri]+\.?\s*:?\s*(?:g[eé]n[eé]rale?|general|geral)", re.I)),
    ("DISTR. LIMITED", re.compile(r"Dist[ri]+\.?\s*:?\s*(?:limit[eé]e|limited|limitada)", re.I)),
    ("DISTR. RESTRICTED", re.compile(r"Dist[ri]+\.?\s*:?\s*(?:restreinte|restricted|reservada)", re.I)),
)
_ORIGINAL: Final = re.compile(r"\(OR\.\s*([a-z]{2})(?:[/,]\s*[a-z]{2})*\)|original\s*:\s*([^\W\d_]+)", re.I)
_LANGUAGE_NAMES: Final = {"anglais": "en", "english": "en", "ingles": "en", "francais": "fr", "french": "fr",
                          "frances": "fr", "espagnol": "es", "spanish": "es", "espanol": "es", "espanhol": "es",
                          "portugais": "pt", "portuguese": "pt", "portugues": "pt"}  # fmt: skip
_KINDS: Final = (
    ("declaration", r"\bdeclaration|\bdeclaracion|\bdeclaracao"),
    ("evaluation_report", (
        r"(?:mutual )?evaluation (?:report|visit)|rapport d'evaluation|rapport relatif a l'evaluation|"
        r"informe de evaluacion|relatorio de avaliacao|peer review report"
        )),
    ("synthesis_report", (
        r"synthesis report|rapport de synthese|informe de sintesis|relatorio de sintese|"
        r"overall report"
        )),
    ("progress_report", (
        r"progress report|rapport (?:sur l'etat )?d'avancement|rapport intermediaire|rapport sur les progres|"
        r"rapport d'etape|informe (?:de|sobre) (?:el |la |los )?(?:situacion|progres\w*|"
        r"avances?|seguimiento|estado)|relatorio (?:intercalar|de progresso|sobre os progressos|"
        r"de acompanhamento|de situacao|sobre o ponto)|priorities and actions taken|state of play|"
        r"etat des travaux|etat d'avancement|ponto da situacao|estado de la situacion"
        )),
    ("follow_up_note", (
        r"(?:implementation|follow-up) (?:of|to) (?:the )?recommendations|(?:application|"
        r"suite donnee|mise en (?:œ|oe)uvre) (?:des|aux) recommandations|(?:aplicacion|"
        r"seguimiento) de las recomendaciones|(?:aplicacao|seguimento|implementacao|execucao) das recomendacoes"
        )),
    ("operational_package", (
        r"(?:set|package) of (?:\w+ ){0,3}measures|measures package|ensemble (?:\w+ ){0,3}de mesures|"
        r"train de mesures|paquet de mesures|(?:conjunto|paquete) (?:\w+ ){0,3}de medidas|"
        r"(?:conjunto|pacote) (?:\w+ ){0,3}de medidas"
        )),
    ("action_plan", r"action plan|plan d'action|plan de accion|plano de acao"),
    ("roadmap", r"\broadmap|feuille de route|hoja de ruta|\broteiro"),
    ("conclusions", r"council conclusions|conclusions du conseil|conclusiones del consejo|conclusoes do conselho"),
    ("progress_report", (
        r"(?:annual|yearly|activity|thematic|interim|implementation|monitoring|half-yearly|biannual) report|"
        r"rapport (?:annuel|d'activites?|thematique|semestriel|de mise en œuvre|de suivi)|\bbilan\b|"
        r"(?:informe|memoria) (?:anual|de actividades|tematic[oa]|semestral|de aplicacion)|"
        r"relatorio (?:anual|de atividades|tematico|semestral|de execucao)|factsheet|fiche d'information"
        )),
    ("recommendations", r"\brecommendations|\brecommandations|\brecomendaciones|\brecomendacoes"),
)  # fmt: skip
_WE: Final = re.compile(
    r"^(?:we|nous|nosotros|nosotras|nos|the|les|los|las|os|as),? (?:the |les |los |"
    r"las |os |as )?(?:\w+ ){0,3}?(?:minist|representa|heads|chefs|jefes|undersigned|"
    r"soussign|abajo firmantes)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The first page: its blocks, and its rows such as From and Subject by what they say."""

    blocks: tuple[Block, ...]
    rows: Mapping[str, tuple[Block, str]]


@cache
def _row_words() -> Mapping[str, str]:
    return {
        re.sub(r"[^a-z]", "", fold(word)): meaning for meaning, words in reading_words().front.items() for word in words
    }


def read_front(blocks: Sequence[Block]) -> Front:
    """The blocks before the text begins, and the rows among them."""
    end = min(len(blocks), _LONGEST_FRONT)
    for place, block in enumerate(blocks[:_LONGEST_FRONT]):
        if _begins_text(block):
            end = place
            break
    front = tuple(blocks[:end])
    rows: dict[str, tuple[Block, str]] = {}
    for place, block in enumerate(front):
        meaning, value = _row(block)
        if not meaning or meaning in rows:
            continue
        following = front[place + 1 :]
        if not value and following and not _row(following[0])[0]:
            value, following = following[0].text, following[1:]
        if meaning == "subject":
            value = " ".join([value, *_continuation(following)])
        rows[meaning] = (block, value.strip())
    return Front(blocks=front, rows=rows)


def _continuation(following: Sequence[Block]) -> list[str]:
    """The lines below a subject that belong to it: "- Progress report"."""
    found: list[str] = []
    for block in following:
        if block.kind != "item" or block.number != "•":
            break
        found.append(f"- {block.text}")
    return found


def _begins_text(block: Block) -> bool:
    if block.numbered or labelled(block.text):
        return True
    if _row(block)[0] or block.kind == "note":
        return False
    if block.kind == "row":
        return len(block.cells) > 2
    if block.kind == "heading":
        return bool(_OPENING.match(fold(block.text))) or bool(re.fullmatch(r"I|1", block.number))
    if block.kind == "paragraph" and opens_clause(block.text):
        return True
    return len(block.text) > 160 or _WE.match(fold(block.text)) is not None


def _row(block: Block) -> tuple[str, str]:
    if block.cells:
        key, value = block.cells[0], " ".join(block.cells[1:])
    else:
        # What was read as a number or letter before the text ("A: Delegações") belongs to the row.
        match = _ROW.match(block.text)
        if match is None:
            return "", ""
        key, value = match[1], match[2] or ""
    meaning = _row_words().get(re.sub(r"[^a-z]", "", fold(key)), "")
    return meaning, value.strip()


def read_instrument(
    blocks: Sequence[Block], language: str, *, answers: int = 0, operative: int = 0
) -> tuple[Instrument, Front]:
    """The instrument, and the first page; `answers` and operative clauses found help to say what kind it is."""
    front = read_front(blocks)
    numbers, found = _numbers(front)
    origin, addressee = (front.rows.get(key, (None, ""))[1] for key in ("origin", "addressee"))
    text = "\n".join(block.text for block in front.blocks)
    date, date_found = _date(front)
    title, title_block = _title(front)
    previous = front.rows.get("previous")
    predecessors = tuple(dict.fromkeys(_predecessors(previous))) if previous else ()
    kind, rule = _kind(title, text, blocks[len(front.blocks) :], answers=answers, operative=operative)
    original = _ORIGINAL.search(text)
    places = [*found, *date_found]
    for part, block in (("title", title_block), ("predecessors", previous[0] if previous else None)):
        if block is not None:
            places.append(_place(part, block, f"front-{part}"))
    return Instrument(
        kind=kind, kind_rule=rule, number=numbers[0] if numbers else "", numbers=numbers, date=date,
        body=_body(numbers, text, origin), origin=origin, language=language, title=title,
        addressees=tuple(part.strip() for part in re.split(r"[/;]", addressee) if part.strip()),
        original_language=_original(original), predecessors=predecessors,
        markings=tuple(name for name, pattern in _MARKINGS if pattern.search(text)),
        subject_codes=tuple(code for block in front.blocks for code in _codes(block.text)), found=tuple(places),
    ), front  # fmt: skip


def _place(value: str, block: Block, rule: str) -> Found:
    return Found(
        value=value, text=block.text, paragraph=block.paragraph, block=block.ordinal, start=0, end=len(block.text),
        rule=rule, confidence=0.9,
    )  # fmt: skip


def _numbers(front: Front) -> tuple[tuple[str, ...], list[Found]]:
    values: dict[str, None] = {}
    found: list[Found] = []
    rows = {block.ordinal for block, _ in front.rows.values()}
    for block in front.blocks:
        if block.kind == "note" or block.ordinal in rows:
            continue
        for reference in find_references(block):
            if reference.system not in ("council", "un", "commission"):
                continue
            # A symbol of the United Nations stands in a letterhead; another number must stand by itself.
            alone = len(block.text) - (reference.end - reference.start) <= (80 if reference.system == "un" else 25)
            value = f"{reference.value}{_suffix_below(front, block)}"
            if alone and value not in values:
                values[value] = None
                found.append(replace(reference, value=value))
    return tuple(values), found


def _suffix_below(front: Front, block: Block) -> str:
    """ "REV 1" on the line below a number belongs to it."""
    following = next((each for each in front.blocks if each.ordinal == block.ordinal + 1), None)
    match = (
        re.fullmatch(r"((?:REV|ADD|COR)\s?\d{1,2}(?:\s(?:REV|ADD|COR)\s?\d{1,2})*)", following.text)
        if following
        else None
    )
    return " " + re.sub(r"([A-Z])(\d)", r"\1 \2", match[1]) if match else ""


def _date(front: Front) -> tuple[str, list[Found]]:
    subject = front.rows.get("subject")
    for block in front.blocks:
        if block.kind == "note" or (subject and block.ordinal == subject[0].ordinal):
            continue
        for date in find_dates(block):
            if date.precision == "day":
                return date.value, [date]
    return "", []


def _title(front: Front) -> tuple[str, Block | None]:
    if "subject" in front.rows:
        block, value = front.rows["subject"]
        return re.sub(r"\s+", " ", value), block
    headings = [
        block
        for block in front.blocks
        if block.kind != "note"
        and len(block.text) > 14
        and not _CODE.match(block.text)
        and not list(find_dates(block))
        and not re.match(r"(?:point|item|tema|ponto)\s+\d", fold(block.text))
    ]
    if not headings:
        return "", None
    wanted = [b for b in headings if any(re.search(pattern, fold(b.text)) for _, pattern in _KINDS)]
    best = (
        wanted
        or sorted((b for b in headings if len(b.text) > 30), key=lambda b: -len(b.text))
        or sorted(headings, key=lambda b: -len(b.text))
    )[0]
    return best.text, best


def _predecessors(row: tuple[Block, str]) -> list[str]:
    text = row[1]
    others = [r.value for r in find_references(Block(ordinal=0, kind="paragraph", text=text)) if r.system != "council"]
    return [*council_numbers(text), *others]


def _body(numbers: Sequence[str], text: str, origin: str) -> str:
    """Whose paper it is: by its number, which says it for certain, else by the names on its first page."""
    folded = fold(text)
    if any(re.match(r"(?:A|E|S|CTOC|CAC|UNODC|CND)/", number) for number in numbers):
        return "UNODC"
    if any(number.startswith(("COM(", "SWD(", "JOIN(")) for number in numbers):
        return "COMMISSION"
    if any(re.match(r"(?:WK )?\d", number) for number in numbers) or re.search(r"\(or\. [a-z]{2}\)", folded):
        return "COUNCIL"
    if re.search(
        (
            r"nations unies|united nations|naciones unidas|nacoes unidas|unodc|onudc|honlea|"
            r"chefs des services charges|heads of national drug law|jefes de los organismos nacionales|"
            r"chefes dos organismos nacionais"
        ),
        folded,
    ):
        return "UNODC"
    return ""


def _original(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    return (match[1] or "").lower() or _LANGUAGE_NAMES.get(fold(match[2] or ""), "")


def _codes(text: str) -> list[str]:
    if not _CODE.match(text) or re.search(r"LIMITE|^NOTE?A?$|REPORT|RAPPORT|INFORME|RELAT", text):
        return []
    return [part.strip() for part in re.findall(r"[A-Z][A-Z/]{2,14}(?:\s+\d{1,4})?", text)]


def _kind(title: str, front: str, rest: Sequence[Block], *, answers: int, operative: int) -> tuple[str, str]:
    if answers >= 3:
        return "follow_up_note", "answers-of-states"
    folded_title = Folded(fold(title))
    first = [fold(block.text[:120]) for block in rest[:8]]
    if operative >= 2 and (re.search(_KINDS[0][1], folded_title) or any(_WE.match(text) for text in first)):
        return "declaration", "title-or-opening-of-declaration"
    for where, text in (("title", str(folded_title)), ("first-page", str(fold(front)))):
        for kind, pattern in _KINDS:
            if kind == "declaration" and operative < 2:
                continue
            if re.search(pattern, text):
                return kind, f"words-of-{where}"
    return "other", "no-words-of-a-kind"
