"""Canonical bytes equal those of an independent implementation of RFC 8785."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from alidade.model.canonical import canonical_bytes, sha256_hex

# Names of fields are ours and plain; what people write is in the values, in any script.
_NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_0123456789", min_size=1, max_size=12)
_TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
_ATOMS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), _TEXT)
_VALUES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=4)),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.dictionaries(_NAMES, _VALUES, max_size=6))
def test_equal_to_rfc_8785(value: dict[str, Any]) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


def test_the_order_in_which_fields_were_written_does_not_count() -> None:
    assert canonical_bytes({"b": 1, "a": {"d": "ü", "c": None}}) == canonical_bytes(
        {"a": {"c": None, "d": "ü"}, "b": 1}
    )
    assert canonical_bytes({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_hash_in_hex() -> None:
    assert sha256_hex(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert len(sha256_hex(b"")) == 64
