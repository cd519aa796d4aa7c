"""Question text: a question as a sentence by which a reader can check it, from phrases in `data/`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce
from pathlib import Path

import msgspec

from alidade.services.picture.question_terms import Condition, Group, Near, PictureQuestion, Said, Seen, Tied
from alidade.vocabulary import Label, Vocabulary


class Phrases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `data/question_phrases.json`: each phrase in the languages of the vocabulary, with named gaps."""

    name: str
    version: str
    date: str
    licence: str
    source: str
    phrases: Mapping[str, Label]


@cache
def phrases() -> Mapping[str, Label]:
    """The phrases that come with Alidade, read once."""
    content = (Path(__file__).parent / "data" / "question_phrases.json").read_bytes()
    return msgspec.json.decode(content, type=Phrases).phrases


def in_words(question: PictureQuestion, vocabulary: Vocabulary, language: str, names: Mapping[str, str]) -> str:
    """The question as a sentence; `names` says what the records that it names are called, as far as is known."""
    wording = _Wording(vocabulary, language, names)
    what = wording.types(question.things)
    where = question.where
    items = [wording.condition(each, question.things) for each in where.conditions]
    if not items:
        text = wording.phrase("plain", what=what)
    elif len(items) == 1:
        text = wording.phrase("one", what=what, item=items[0])
    else:
        text = wording.phrase(where.match, what=what, items=_numbered(items))
    text += wording.time("only", question.since, question.until)
    if question.least:
        text += wording.phrase("least", least=question.least)
    if question.providers:
        text += wording.phrase("providers", names=", ".join(question.providers))
    return text


def _numbered(items: Sequence[str]) -> str:
    return "; ".join(f"({number}) {each}" for number, each in enumerate(items, start=1))


class _Wording:
    """Puts the parts of a question into words of one language."""

    def __init__(self, vocabulary: Vocabulary, language: str, names: Mapping[str, str]) -> None:
        self._words = vocabulary
        self._language = language
        self._names = names

    def phrase(self, name: str, **gaps: object) -> str:
        text = phrases()[name].in_(self._language)
        for gap, value in gaps.items():
            text = text.replace("{" + gap + "}", str(value))
        return text

    def types(self, things: Sequence[str]) -> str:
        if not things:
            return self.phrase("anything")
        return self._joined("or", [self._type(each) for each in things])

    def condition(self, condition: Condition, things: Sequence[str]) -> str:
        if isinstance(condition, Said):
            return self._said(condition, things)
        if isinstance(condition, Group):
            items = [self.condition(each, things) for each in condition.conditions]
            return self.phrase(f"group_{condition.match}", items=_numbered(items) or self.phrase("nothing_yet"))
        return self._tied(condition) if isinstance(condition, Tied) else self._seen(condition)

    def time(self, kind: str, since: str, until: str) -> str:
        if not since and not until:
            return ""
        which = "both" if since and until else "since" if since else "until"
        return self.phrase(f"{kind}_{which}", since=since, until=until)

    def _said(self, said: Said, things: Sequence[str]) -> str:
        known = None
        for each in (*things, *self._words.things):
            if each in self._words.things:
                known = self._words.properties_of(each).get(said.property)
            if known is not None:
                break
        label = said.property if known is None else known.label.in_(self._language)
        code_list = None if known is None else "countries" if known.kind == "country" else known.code_list

        def shown(value: str) -> str:
            codes = {} if code_list is None else self._words.codes(code_list)
            found = next((code for code in codes if code.casefold() == value.strip().casefold()), None)
            return (value.strip() or "…") if found is None else codes[found].label.in_(self._language)

        return self.phrase(said.how, property=label, value=shown(said.value), to=shown(said.to))

    def _tied(self, tied: Tied) -> str:
        kinds = self._joined("or", [self._tie(each) for each in tied.ties]) or self.phrase("any_tie")
        target = self.types(tied.things)
        if tied.named:
            target = self.phrase("named", things=target, names=self._joined("or", self._called(tied.named)))
        target += self._inner(tied.where, tied.things) + self.time("time", tied.since, tied.until)
        if tied.at_least == 1:
            return self.phrase("tied_one", kinds=kinds, target=target)
        return self.phrase("tied", kinds=kinds, count=tied.at_least, target=target)

    def _seen(self, seen: Seen) -> str:
        if seen.places:
            places = ", ".join(self._called(seen.places))
            text = self.phrase("seen", count=seen.at_least, places=places)
        else:
            text = self.phrase("seen_any", count=seen.at_least)
        text += self.time("time", seen.since, seen.until)
        return text if seen.near is None else text + self._near(seen.near)

    def _near(self, near: Near) -> str:
        event = self.types(near.things) + self._inner(near.where, near.things)
        return self.phrase(f"near_{near.at}", days=near.days, side=self.phrase(f"side_{near.side}"), event=event)

    def _inner(self, where: Group, things: Sequence[str]) -> str:
        items = [self.condition(each, things) for each in where.conditions]
        if not items:
            return ""
        if len(items) == 1:
            return self.phrase("inner_one", item=items[0])
        return self.phrase(f"inner_{where.match}", items=_numbered(items))

    def _called(self, named: Sequence[object]) -> list[str]:
        records = [str(getattr(each, "record", "")) for each in named]
        return [self._names.get(each) or self.phrase("unknown") for each in records]

    def _type(self, thing: str) -> str:
        return self._words.things[thing].label.in_(self._language) if thing in self._words.things else thing

    def _tie(self, kind: str) -> str:
        if kind in self._words.things:
            return self._type(kind)
        for each in self._words.things:
            known = self._words.properties_of(each).get(kind)
            if known is not None and known.kind == "entity":
                return known.label.in_(self._language)
        return kind

    def _joined(self, how: str, parts: Sequence[str]) -> str:
        return reduce(lambda left, right: self.phrase(how, left=left, right=right), parts) if parts else ""
