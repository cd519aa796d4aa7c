"""Canonical bytes: the one byte string that a value is hashed and signed as (RFC 8785, JSON with sorted keys)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


def canonical_bytes(value: Mapping[str, Any] | msgspec.Struct) -> bytes:
    """The canonical JSON bytes of a mapping of strings, whole numbers, booleans, lists and mappings.

    Equal to RFC 8785 for these types (fractions are refused there and never used here: figures travel as text).
    """
    return _encoder.encode(value)


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()
