"""Translations of what a State answered: each beside its original, and nobody's word before a person approved it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from alidade.model.errors import Invalid
from alidade.programme.register import Record, Texts
from alidade.programme.rounds import LONGEST_TEXT, Answer, KeptAnswer, Part, words_in

__all__ = ["TEXTS", "Approval", "KeptApproval", "KeptTranslation", "Standing", "Translation", "check_translation"]
__all__ += ["digest", "standing", "with_approved"]

TEXTS: Final = ("text", "obstacle_text", "good_practice", "training_need")
"""The fields of a reply that are words of a language."""

LONGEST: Final = LONGEST_TEXT * 2  # a translation may need more words than its original
Standing = Literal["waiting", "approved", "refused", "outdated"]
_Reference = Annotated[str, Meta(min_length=32, max_length=32)]
_Digest = Annotated[str, Meta(min_length=64, max_length=64)]


class Translation(Record, frozen=True, kw_only=True):
    """One text of one reply in another language; `of` is the hash of the original that was translated."""

    answer: _Reference
    question: Annotated[str, Meta(min_length=1, max_length=20)]
    field: Literal["text", "obstacle_text", "good_practice", "training_need"]
    language: Annotated[str, Meta(pattern=r"^(en|fr|es|pt|pt_BR|ru)$")]
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    made: Literal["person", "machine"]
    of: _Digest


class Approval(Record, frozen=True, kw_only=True):
    """What a person of the answering authority, or of the one that holds the round, rules on a translation.

    `of` is the hash of the words that were ruled on; for other words the ruling says nothing.
    """

    translation: _Reference
    ruling: Literal["approved", "refused"]
    of: _Digest
    reason: Annotated[str, Meta(max_length=500)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTranslation:
    """A translation as it is kept."""

    reference: str
    authority: str
    version: int
    said_at: dt.datetime
    translation: Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptApproval:
    """A ruling as it is kept."""

    reference: str
    authority: str
    said_at: dt.datetime
    approval: Approval


def digest(words: str | Texts) -> str:
    """The hash by which it is known whether words have changed."""
    return hashlib.sha256(msgspec.json.encode(words, order="sorted")).hexdigest()


def original(answer: Answer, question: str, field: str) -> Texts:
    """The words of the answering authority itself. Raises Invalid where there are none to translate."""
    part = answer.part(question)
    texts: Texts = {} if part is None else getattr(part, field)
    if not any(text.strip() for text in texts.values()):
        raise Invalid("There are no words here to translate.", remedy="Choose a reply with words.")
    return texts


def check_translation(translation: Translation, answer: Answer) -> None:
    """Raises Invalid where there is nothing to translate, it is in a language of the original, empty, or too long."""
    texts = original(answer, translation.question, translation.field)
    if texts.get(translation.language, "").strip():
        raise Invalid("The reply has words in this language already.", remedy="Choose another language.")
    if not translation.text.strip():
        raise Invalid("The translation is empty.", remedy="Write it, or leave it.")
    if words_in(translation.text) > LONGEST:
        raise Invalid(
            f"The translation has {words_in(translation.text)} words; {LONGEST} are the most.", remedy="Shorten it."
        )


def standing(
    kept: KeptTranslation, approvals: Iterable[KeptApproval], answer: KeptAnswer, holder: str
) -> tuple[Standing, KeptApproval | None]:
    """How a translation stands, and the ruling that says so: the last one of those who may rule on these words.

    Outdated: the original has changed since it was translated.
    """
    said = kept.translation
    part = answer.answer.part(said.question)
    if part is None or digest(getattr(part, said.field)) != said.of:
        return "outdated", None
    rulings = [
        each
        for each in approvals
        if each.approval.translation == kept.reference
        and each.authority in (answer.authority, holder)
        and each.approval.of == digest(said.text)
    ]
    last = max(rulings, key=lambda each: (each.said_at, each.reference), default=None)
    return ("waiting", None) if last is None else (last.approval.ruling, last)


def with_approved(kept: KeptAnswer, approved: Sequence[Translation]) -> KeptAnswer:
    """The answer with approved translations beside its own words, which always stay as they are."""
    parts = tuple(
        _with(part, [each for each in approved if each.question == part.question]) for part in kept.answer.parts
    )
    answer = msgspec.structs.replace(kept.answer, parts=parts)
    return KeptAnswer(
        reference=kept.reference, authority=kept.authority, version=kept.version, said_at=kept.said_at, answer=answer
    )


def _with(part: Part, approved: Sequence[Translation]) -> Part:
    texts: dict[str, Texts] = {name: dict(getattr(part, name)) for name in TEXTS}
    for each in approved:
        texts[each.field].setdefault(each.language, each.text)
    return msgspec.structs.replace(part, **texts)
