"""Frames: several envelopes in one body, each behind its length, so that nothing has to be looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from alidade.model.errors import Unreadable

LARGEST_FRAME: Final = 1_310_720  # an envelope at its caps, with room for its signature
LARGEST_BODY: Final = 12 * 1024 * 1024
MOST_FRAMES: Final = 500
_LENGTH: Final = 4


def join_frames(frames: Sequence[bytes]) -> bytes:
    """The frames behind one another, each behind its length (4 bytes, big end first)."""
    return b"".join(len(frame).to_bytes(_LENGTH, "big") + frame for frame in frames)


def split_frames(body: bytes) -> list[bytes]:
    """The frames of a body. Raises Unreadable where it is not exactly a row of frames within the limits."""
    if len(body) > LARGEST_BODY:
        raise _unreadable()
    frames: list[bytes] = []
    at = 0
    while at < len(body):
        length = int.from_bytes(body[at : at + _LENGTH], "big")
        end = at + _LENGTH + length
        if at + _LENGTH > len(body) or end > len(body) or not 0 < length <= LARGEST_FRAME or len(frames) == MOST_FRAMES:
            raise _unreadable()
        frames.append(body[at + _LENGTH : end])
        at = end
    return frames


def portion_of(frames: Sequence[bytes], most: int = MOST_FRAMES, largest: int = LARGEST_BODY // 2) -> int:
    """How many of these frames go into one body: one at least."""
    size = 0
    for number, frame in enumerate(frames[:most]):
        size += len(frame) + _LENGTH
        if size > largest and number:
            return number
    return min(len(frames), most)


def _unreadable() -> Unreadable:
    return Unreadable("The body is not a row of envelopes.", code="frames")
