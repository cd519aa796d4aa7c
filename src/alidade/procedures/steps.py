"""Steps: the signed acts of which a thread consists. Their canonical bytes are what an authority answers for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta, Struct

from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Invalid
from alidade.model.ids import AuthorityId
from alidade.model.ports import Signer

__all__ = [
    "VERSION",
    "AttachmentRef",
    "Opened",
    "SignedStep",
    "Step",
    "Value",
    "decode_step",
    "moment_of",
    "moment_text",
    "sign_step",
    "step_bytes",
    "step_id",
    "verify_step",
]

VERSION: Final = 1
_TAG: Final = b"alidade step v1\x00"
_MOMENT: Final = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$")

Whole = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
Value = str | bool | Whole | tuple[str, ...]
"""A value of a form: text (also dates, moments, decimal figures, codes, references), yes or no, whole number, or
several texts. Fractions travel as text, so that every machine writes the same bytes."""

Number = Annotated[int, Meta(ge=1, le=2**31)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class AttachmentRef(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that belongs to a step: known by its hash; the bytes travel apart."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    name: str
    media: str


class Opened(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the first step of a thread says beyond its form.

    `parties`: authority to role, the opener among them. `definition`: SHA-256 of the definition that the opener
    used, so that two nodes notice when the same version is not the same file. `handling`: id of the handling.
    """

    procedure: Key
    version: Number
    parties: Mapping[AuthorityId, str]
    title: str
    case: str | None = None
    handling: str | None = None
    definition: str = ""


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act of one authority in a thread.

    `number` counts the author's own steps from 1 without gap; `seen` says how many steps of each other author he
    had before him. `at` (ISO 8601, UTC) is shown and moves clocks, and never decides an order. `officer` and
    `approved_by` are references that mean something to the author only. `contributions` and `quotes` name
    contributions and records by id.
    """

    thread: str
    author: AuthorityId
    number: Number
    seen: Mapping[AuthorityId, Number]
    code: Key
    at: Annotated[str, Meta(pattern=_MOMENT.pattern)]
    officer: str
    approved_by: str | None = None
    values: Mapping[Key, Value] = {}
    reason: str | None = None
    note: str = ""
    language: str = "en"
    attachments: tuple[AttachmentRef, ...] = ()
    contributions: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    opened: Opened | None = None
    v: int = VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStep:
    """A step with the signature of its author's authority (Ed25519, RFC 8032)."""

    step: Step
    key_id: str
    signature: bytes


def step_bytes(step: Step) -> bytes:
    """The canonical bytes of a step (RFC 8785): what is stored, sent and, after a tag, signed."""
    return canonical_bytes(step)


def step_id(step: Step) -> str:
    """SHA-256 of the canonical bytes, 64 hex digits."""
    return sha256_hex(step_bytes(step))


def decode_step(content: bytes) -> Step:
    """The step that these bytes say. Raises Invalid where they are not exactly the canonical bytes of a step."""
    try:
        step = msgspec.json.decode(content, type=Step)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise _unreadable(str(error)) from error
    if step.v != VERSION:
        raise _unreadable(f"version {step.v} is not known")
    if step_bytes(step) != content:
        raise _unreadable("not in canonical form")
    moment_of(step.at)
    return step


def _unreadable(why: str) -> Invalid:
    return Invalid(
        f"The step cannot be read: {why}.", remedy="Ask its author to send it again.", code="step_unreadable"
    )


def sign_step(step: Step, signer: Signer) -> SignedStep:
    """The step with the signature of its author."""
    return SignedStep(step=step, key_id=signer.key_id, signature=signer.sign(_TAG + step_bytes(step)))


def verify_step(signed: SignedStep, public_key: bytes) -> bool:
    """Whether this key (32 bytes, Ed25519) signed exactly this step."""
    try:
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(signed.signature, _TAG + step_bytes(signed.step))
    except (InvalidSignature, ValueError):
        return False
    return True


def moment_of(text: str) -> datetime:
    """The moment that a step states, in UTC. Raises Invalid where it is none (a 31st of February)."""
    if _MOMENT.match(text):
        try:
            return datetime.fromisoformat(text.removesuffix("Z") + "+00:00")
        except ValueError:
            pass
    raise _unreadable("its moment does not exist or is not in UTC")


def moment_text(moment: datetime) -> str:
    """A moment as a step states it: ISO 8601, UTC, with Z. `moment` must know its time zone."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
