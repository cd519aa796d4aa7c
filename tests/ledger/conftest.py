"""Keys and moments that the tests of the ledger share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alidade.ledger.head import Ed25519Signer


@pytest.fixture(scope="session")
def noon() -> datetime:
    return datetime(2031, 5, 6, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="session")
def signer() -> Ed25519Signer:
    return Ed25519Signer(key_id="key-1", private_key=bytes(range(32)))


@pytest.fixture(scope="session")
def stranger() -> Ed25519Signer:
    return Ed25519Signer(key_id="key-9", private_key=bytes(range(32, 64)))


@pytest.fixture(scope="session")
def keys(signer: Ed25519Signer) -> dict[str, bytes]:
    return {signer.key_id: signer.public_key}
