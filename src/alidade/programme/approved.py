"""What of an answer may be quoted: its own words and approved translations; no others."""

from __future__ import annotations

import msgspec

from alidade.programme.register import Texts
from alidade.programme.rounds import Answer, KeptAnswer, Part

__all__ = ["approved"]


def approved(kept: KeptAnswer) -> KeptAnswer:
    """The answer without the texts of languages into which it was translated and that nobody has approved."""
    answer = kept.answer
    if not answer.translated:
        return kept
    parts = tuple(_part(part, answer) for part in answer.parts)
    return KeptAnswer(
        reference=kept.reference,
        authority=kept.authority,
        version=kept.version,
        said_at=kept.said_at,
        answer=msgspec.structs.replace(answer, parts=parts),
    )


def _part(part: Part, answer: Answer) -> Part:
    def own(texts: Texts) -> Texts:
        return {tag: text for tag, text in texts.items() if tag not in answer.translated}

    return msgspec.structs.replace(
        part,
        text=own(part.text),
        obstacle_text=own(part.obstacle_text),
        good_practice=own(part.good_practice),
        training_need=own(part.training_need),
    )
