"""The key store: where keys lie, destroyed ones are gone, and none is given out before it is durable."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alidade.model.errors import Damaged
from alidade.services.machine import SystemRandomness
from alidade.store.keystore import BLOCK, KeyStore, record_key_id


def _open(folder: Path) -> KeyStore:
    return KeyStore(folder, randomness=SystemRandomness())


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[KeyStore]:
    store = _open(tmp_path)
    yield store
    store.close()


def _on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.name.startswith("keys.db"))


def _wrapped(folder: Path, key_id: str) -> bytes:
    connection = sqlite3.connect(folder / "keys.db")
    try:
        row = connection.execute("select wrapped from field_key where id = ?", (key_id,)).fetchone()
    finally:
        connection.close()
    return bytes(row[0])


# -- files ---------------------------------------------------------------------------------------------------


def test_key_files_are_for_the_owner_alone(keys: KeyStore, tmp_path: Path) -> None:
    keys.new_field_keys(1)
    for name in ("node.key", "keys.db", "keys.db-wal", "keys.db-shm"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600, name
    assert len((tmp_path / "node.key").read_bytes()) == 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_wrapping_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    _open(tmp_path).close()
    (tmp_path / "node.key").chmod(mode)
    with pytest.raises(Damaged) as refused:
        _open(tmp_path)
    assert refused.value.code == "key_exposed"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_wrapping_key_of_another_length_is_refused(tmp_path: Path, size: int) -> None:
    _open(tmp_path).close()
    (tmp_path / "node.key").write_bytes(b"k" * size)
    with pytest.raises(Damaged):
        _open(tmp_path)


def test_the_wrong_wrapping_key_opens_nothing(tmp_path: Path) -> None:
    keys = _open(tmp_path)
    ((field_key, _),) = keys.new_field_keys(1)
    keys.make_signing_key("ledger")
    keys.close()
    (tmp_path / "node.key").write_bytes(b"w" * 32)
    keys = _open(tmp_path)
    try:
        for use in (lambda: keys.field_key(field_key), lambda: keys.signing_key("ledger")):
            with pytest.raises(Damaged) as refused:
                use()
            assert refused.value.code == "key_unusable"
    finally:
        keys.close()


def test_no_key_lies_in_the_clear(tmp_path: Path) -> None:
    class Known:
        def __init__(self) -> None:
            self.given: list[bytes] = []

        def token_bytes(self, count: int) -> bytes:
            self.given.append(SystemRandomness().token_bytes(count))
            return self.given[-1]

    known = Known()
    keys = KeyStore(tmp_path, randomness=known)
    keys.new_field_keys(3)
    keys.named_field_keys([record_key_id("r")])
    keys.make_signing_key("xx-authority")
    keys.close()
    secrets = [value for value in known.given if len(value) == 32 and value != (tmp_path / "node.key").read_bytes()]
    assert len(secrets) >= 5
    assert not [value for value in secrets if value in _on_disk(tmp_path)]


# -- field keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_keys_are_durable_before_they_are_handed_out(keys: KeyStore, tmp_path: Path, count: int) -> None:
    """Another process that opens the store at this moment, as after a crash, can read what they sealed."""
    handed = keys.new_field_keys(count)
    assert len({key_id for key_id, _ in handed}) == count
    sealed = {key_id: keys.seal(key_id.encode(), key, "place") for key_id, key in handed}
    other = _open(tmp_path)
    try:
        assert {key_id: other.unseal(sealed[key_id], key_id, "place") for key_id in sealed} == {
            key_id: key_id.encode() for key_id in sealed
        }
    finally:
        other.close()


def test_no_key_is_handed_out_twice(keys: KeyStore) -> None:
    ids = [key_id for _ in range(3) for key_id, _ in keys.new_field_keys(BLOCK - 1)]
    assert len(set(ids)) == len(ids)


def test_the_key_store_writes_durably(keys: KeyStore) -> None:
    connection = keys._connection
    assert connection.execute("pragma synchronous").fetchone() == (2,)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert connection.execute("pragma secure_delete").fetchone() == (1,)


def test_a_destroyed_key_is_gone_for_good(keys: KeyStore, tmp_path: Path) -> None:
    (gone, kept) = keys.new_field_keys(2)
    sealed = {key_id: keys.seal(b"value", key, "place") for key_id, key in (gone, kept)}
    wrapped = _wrapped(tmp_path, gone[0])
    assert wrapped in _on_disk(tmp_path)
    keys.destroy_field_keys([gone[0]])
    assert keys.field_key(gone[0]) is None
    assert keys.unseal(sealed[gone[0]], gone[0], "place") is None
    assert keys.unseal(sealed[kept[0]], kept[0], "place") == b"value"
    assert wrapped not in _on_disk(tmp_path)
    keys.destroy_field_keys([gone[0], "never there"])


def test_a_seal_is_bound_to_its_place_and_unaltered(keys: KeyStore) -> None:
    ((key_id, key),) = keys.new_field_keys(1)
    sealed = keys.seal(b"value", key, "ledger/7")
    assert keys.unseal(sealed, key_id, "ledger/7") == b"value"
    with pytest.raises(Damaged):
        keys.unseal(sealed, key_id, "ledger/8")
    for at in (0, 12, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(Damaged):
            keys.unseal(bytes(altered), key_id, "ledger/7")


def test_a_key_moved_to_another_name_opens_nothing(keys: KeyStore, tmp_path: Path) -> None:
    (one, other) = keys.new_field_keys(2)
    connection = sqlite3.connect(tmp_path / "keys.db")
    connection.execute("update field_key set wrapped = ? where id = ?", (_wrapped(tmp_path, one[0]), other[0]))
    connection.commit()
    connection.close()
    with pytest.raises(Damaged):
        keys.field_key(other[0])


def test_named_keys_are_made_once(keys: KeyStore, tmp_path: Path) -> None:
    names = [record_key_id("a"), record_key_id("b")]
    sealed = keys.seal(b"value", keys.named_field_keys(names)[names[0]], "place")
    other = _open(tmp_path)
    try:
        assert set(other.named_field_keys([*names, record_key_id("c")])) == {*names, record_key_id("c")}
        assert other.unseal(sealed, names[0], "place") == b"value"
    finally:
        other.close()


def test_a_damaged_key_leaves_the_key_store_usable(keys: KeyStore, tmp_path: Path) -> None:
    """No transaction stays open behind an error: it would lock out others, and lose what comes after."""
    name = record_key_id("a")
    keys.named_field_keys([name])
    connection = sqlite3.connect(tmp_path / "keys.db")
    connection.execute("update field_key set wrapped = ? where id = ?", (b"x" * 60, name))
    connection.commit()
    with pytest.raises(Damaged):
        keys.named_field_keys([name])
    connection.execute("pragma busy_timeout = 0")
    connection.execute("begin immediate")
    connection.execute("rollback")
    connection.close()
    assert len(keys.new_field_keys(BLOCK + 1)) == BLOCK + 1


# -- signing keys --------------------------------------------------------------------------------------------


def test_the_newest_signing_key_counts_and_every_public_key_stays(keys: KeyStore, tmp_path: Path) -> None:
    assert keys.signing_key("xx") is None
    first, second = keys.make_signing_key("xx"), keys.make_signing_key("xx")
    keys.make_signing_key("yy")
    other = _open(tmp_path)
    try:
        found = other.signing_key("xx")
        assert found is not None
        assert found.key_id == second.key_id
        Ed25519PublicKey.from_public_bytes(second.public).verify(found.sign(b"message"), b"message")
        assert other.public_keys("xx") == {first.key_id: first.public, second.key_id: second.public}
    finally:
        other.close()


def test_a_remembered_head_is_kept_for_each_log(keys: KeyStore, tmp_path: Path) -> None:
    assert keys.remembered_head("ledger") is None
    keys.remember_head("other", b'{"size":9}')
    for content in (b'{"size":1}', b'{"size":2}'):
        keys.remember_head("ledger", content)
        other = _open(tmp_path)
        assert other.remembered_head("ledger") == content
        other.close()
    assert keys.remembered_head("other") == b'{"size":9}'
