"""Steps: their bytes, their signature, and what is refused as a step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import rfc8785
from procedure_play import ANNA, BERT, MONDAY, THREAD

from alidade.ledger.head import Ed25519Signer
from alidade.model.errors import Invalid
from alidade.procedures import (
    AttachmentRef,
    SignedStep,
    Step,
    decode_step,
    moment_of,
    moment_text,
    sign_step,
    step_bytes,
    step_id,
    verify_step,
)

STEP = Step(
    thread=THREAD,
    author=ANNA,
    number=2,
    seen={BERT: 3},
    code="answer",
    at="2026-03-02T09:00:00.25Z",
    officer="7",
    values={"what": "Größe 1 ☂", "many": ("a", "b"), "urgent": False, "count": 12},
    attachments=(AttachmentRef(sha256="0" * 64, size=7, name="a.pdf", media="application/pdf"),),
)


def test_the_bytes_are_those_of_rfc_8785_and_say_the_step_again() -> None:
    content = step_bytes(STEP)
    assert content == rfc8785.dumps(msgspec.to_builtins(STEP))
    assert decode_step(content) == STEP
    assert len(step_id(STEP)) == 64


def test_what_is_not_exactly_a_step_is_refused() -> None:
    content = step_bytes(STEP)
    for broken, why in (
        (content[:-1], "cannot be read"),
        (content.replace(b'"number":2', b'"number":0'), "number"),
        (content.replace(b'"number":2', b'"number": 2'), "canonical"),
        (content.replace(b'"v":1', b'"v":2'), "version 2"),
        (content.replace(b'"note":""', b'"note":"","other":1'), "unknown field"),
        (content.replace(b"2026-03-02", b"2026-02-31"), "moment"),
        (content.replace(b".25Z", b"+01:00"), "regex"),
        (content.replace(b'"count":12', b'"count":1.5'), "values"),
    ):
        with pytest.raises(Invalid, match=why):
            decode_step(broken)


def test_a_signature_holds_for_one_step_one_key_and_this_use_only() -> None:
    signer = Ed25519Signer(key_id="anna-1", private_key=bytes(range(32)))
    public = signer.public_key
    signed = sign_step(STEP, signer)
    assert signed.key_id == signer.key_id
    assert verify_step(signed, public)
    other = msgspec.structs.replace(STEP, note="changed")
    assert not verify_step(SignedStep(step=other, key_id=signed.key_id, signature=signed.signature), public)
    assert not verify_step(signed, bytes(32))
    assert not verify_step(signed, b"no key")
    bare = SignedStep(step=STEP, key_id=signer.key_id, signature=signer.sign(step_bytes(STEP)))
    assert not verify_step(bare, public)


def test_moments_are_in_utc() -> None:
    assert moment_of("2026-03-02T09:00:00Z") == MONDAY
    assert moment_text(MONDAY.astimezone(timezone(timedelta(hours=2)))) == "2026-03-02T09:00:00Z"
    assert moment_of(moment_text(datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC))).microsecond == 5
    for wrong in ("2026-03-02", "2026-02-31T00:00:00Z", "2026-03-02T09:00:00+01:00", "soon"):
        with pytest.raises(Invalid, match="moment"):
            moment_of(wrong)
