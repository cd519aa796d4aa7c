"""Envelopes as files: names, order, and what a relay sees."""

from __future__ import annotations

import pytest
from exchange_cast import Scene

from alidade.exchange.folder import file_name, folder_of, is_unfinished, letters, recipient_of, unfinished_name
from alidade.exchange.reasons import Refused
from alidade.exchange.relay import view


def test_names_keep_the_order_and_tell_nothing_more_than_the_header(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raws = [nl.send(de, nl.step(f"s{n}"), thread="secret-thread") for n in range(3)]
    names = [file_name(raw, 9 + n) for n, raw in enumerate(raws)]
    found = letters([*reversed(names), "README", unfinished_name(names[0]), names[1] + "~", "x.alidade"])
    assert [each.name for each in found] == names
    assert [(each.order, each.sender) for each in found] == [(9, "nl"), (10, "nl"), (11, "nl")]
    assert found[0].message_id == view(raws[0]).message_id
    assert "secret" not in "".join(names)
    assert recipient_of(raws[0]) == "de"
    assert folder_of(recipient_of(raws[0])) == "to-de"


def test_half_written_files_are_told_apart(scene: Scene) -> None:
    name = file_name(scene["nl"].send(scene["de"], scene["nl"].step("s1")), 1)
    assert is_unfinished(unfinished_name(name))
    assert not is_unfinished(name)
    assert letters([unfinished_name(name)]) == ()


def test_a_relay_sees_the_header_and_nothing_else(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    raw = nl.send(de, nl.step("s1", b"VERY-SECRET-WORDS"), thread="secret-thread")
    seen = view(raw)
    assert (seen.version, seen.suite, seen.sender, seen.recipient, seen.bucket) == (1, 1, "nl", "de", 1024)
    assert (seen.signing_key, seen.sealing_key, seen.size) == ("nl-sign-1", "de-seal-1-1", len(raw))
    for word in (b"SECRET", b"secret", b"step", b"sequence", b"sent_at", b"2026"):
        assert word not in raw
    with pytest.raises(Refused):
        view(raw[:-1])


def test_letters_of_the_same_bucket_have_the_same_size(scene: Scene) -> None:
    nl, de = scene["nl"], scene["de"]
    short, long = nl.send(de, nl.step("s1", b"")), nl.send(de, nl.step("s2", b"x" * 200))
    assert len(short) == len(long)
