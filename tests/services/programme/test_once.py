"""Once: under one key something is kept once, and what was refused or left half done is told apart."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office

from alidade.model.errors import Conflict, Invalid
from alidade.services.programme.once import keep_once

KEY = "7b0f2c1e-5d3a-4f6b"


def test_the_same_key_keeps_once_for_an_officer_and_a_day(office: Office) -> None:
    own, other = (office.officer(who, "policy_officer") for who in (NL, DE))
    kept: list[str] = []

    def keep() -> str:
        kept.append(f"{len(kept) + 1:032d}")
        return kept[-1]

    first = keep_once(office.node, own, KEY, b"paper", keep)
    assert keep_once(office.node, own, KEY, b"paper", keep) == first
    assert len(kept) == 1
    with pytest.raises(Conflict, match="Something else"):
        keep_once(office.node, own, KEY, b"another paper", keep)
    assert keep_once(office.node, other, KEY, b"paper", keep) != first, "the key is the officer's own"
    assert keep_once(office.node, own, None, b"paper", keep) != first
    office.clock.move(hours=25)
    assert keep_once(office.node, own, KEY, b"another paper", keep) == kept[-1]


def test_what_was_refused_frees_the_key_and_what_broke_off_does_not(office: Office) -> None:
    own = office.officer(NL, "policy_officer")

    def refuse() -> str:
        raise Invalid("The paper has no title.")

    with pytest.raises(Invalid):
        keep_once(office.node, own, KEY, b"paper", refuse)
    inside: list[str] = []

    def keep() -> str:
        with pytest.raises(Conflict) as busy:  # the same request comes again while the first is at work
            keep_once(office.node, own, KEY, b"paper", lambda: "f" * 32)
        inside.append(busy.value.code)
        return "a" * 32

    assert keep_once(office.node, own, KEY, b"paper", keep) == "a" * 32
    assert inside == ["key_in_use"]
