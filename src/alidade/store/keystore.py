"""Key store: the private keys of a node, apart from the data, so that destroying a key destroys what it sealed.

Kept in a file of its own that no backup of the data contains. Every key lies wrapped (AES-256-GCM) under the
key-encryption key, a file that only the node's user may read. Field keys come in blocks made ahead of need, so that
sealing costs no extra wait for the disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from alidade.model.errors import Damaged
from alidade.model.ids import new_id
from alidade.model.ports import Randomness

BLOCK = 64
_NONCE = 12

_TABLES = """
create table if not exists field_key (id text primary key, wrapped blob not null) without rowid;
create table if not exists signing_key (
    id text primary key, holder text not null, wrapped blob not null, public blob not null, number integer not null
) without rowid;
create table if not exists remembered_head (origin text primary key, content blob not null) without rowid;
create table if not exists belongs (id integer primary key check (id = 1), database text not null);
create table if not exists erasure (id text primary key, content blob not null) without rowid;
create table if not exists exchange_key (
    id text primary key, holder text not null, kind text not null, wrapped blob not null, public blob not null,
    made_at text not null, ends text not null
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of an authority or of the node's ledger (Ed25519, RFC 8032)."""

    key_id: str
    holder: str
    private: Ed25519PrivateKey
    public: bytes

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeKey:
    """What may be known of a key for exchange: `kind` is a suite for opening messages, or "tls".

    `made_at` and `ends` are moments (ISO 8601, UTC). After `ends` nobody seals for it any more.
    """

    key_id: str
    holder: str
    kind: str
    public: bytes
    made_at: str
    ends: str


class KeyStore:
    """The keys of one node."""

    def __init__(self, folder: Path, *, randomness: Randomness) -> None:
        """Open the key store in `folder`, making it on first use. Raises Damaged where a key file is unusable."""
        self._randomness = randomness
        self._wrapping = AESGCM(_wrapping_key(folder / "node.key", randomness))
        path = folder / "keys.db"
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        for pragma in ("pragma journal_mode=WAL", "pragma synchronous=FULL", "pragma secure_delete=ON"):
            self._connection.execute(pragma)
        if self._connection.execute("pragma synchronous").fetchone()[0] != 2:
            raise Damaged("The key store does not write durably.", remedy="Check the file system and start again.")
        self._connection.executescript(_TABLES)
        self._fresh: list[tuple[str, bytes]] = []

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._connection.execute("begin immediate")
        try:
            yield
            self._connection.execute("commit")
        except BaseException:
            if self._connection.in_transaction:  # some errors have rolled back already
                self._connection.execute("rollback")
            raise

    # -- field keys ---------------------------------------------------------------------------------------------

    def new_field_keys(self, count: int) -> list[tuple[str, AESGCM]]:
        """`count` new keys with their ids; each is durable before it is handed out."""
        while len(self._fresh) < count:
            self._make_block(max(BLOCK, count - len(self._fresh)))
        taken, self._fresh = self._fresh[:count], self._fresh[count:]
        return [(key_id, AESGCM(key)) for key_id, key in taken]

    def _make_block(self, count: int) -> None:
        block = [(new_id(self._randomness), self._randomness.token_bytes(32)) for _ in range(count)]
        with self._writing():
            self._connection.executemany(
                "insert into field_key (id, wrapped) values (?, ?)",
                [(key_id, self._wrap(key, key_id)) for key_id, key in block],
            )
        self._fresh.extend(block)

    def named_field_keys(self, key_ids: Iterable[str]) -> dict[str, AESGCM]:
        """The keys of these names, those that do not exist yet made and durable."""
        keys: dict[str, AESGCM] = {}
        with self._writing():
            for key_id in key_ids:
                row = self._connection.execute("select wrapped from field_key where id = ?", (key_id,)).fetchone()
                if row is None:
                    key = self._randomness.token_bytes(32)
                    self._connection.execute(
                        "insert into field_key (id, wrapped) values (?, ?)", (key_id, self._wrap(key, key_id))
                    )
                else:
                    key = self._unwrap(row[0], key_id)
                keys[key_id] = AESGCM(key)
        return keys

    def field_key(self, key_id: str) -> AESGCM | None:
        """The key, or None once it has been destroyed."""
        row = self._connection.execute("select wrapped from field_key where id = ?", (key_id,)).fetchone()
        return None if row is None else AESGCM(self._unwrap(row[0], key_id))

    def destroy_field_keys(self, key_ids: Iterable[str]) -> None:
        """Destroy keys for good: whatever they sealed, here or in any backup, can no longer be read."""
        with self._writing():
            self._connection.executemany("delete from field_key where id = ?", [(key_id,) for key_id in key_ids])
        self._connection.execute("pragma wal_checkpoint(truncate)")

    def note_erasure(self, erasure: str, content: bytes, key_ids: Iterable[str]) -> None:
        """Keep an act of erasing and destroy its keys, as one: what a restored backup knows nothing of is kept here."""
        with self._writing():
            self._connection.execute(
                "insert into erasure (id, content) values (?, ?) on conflict (id) do nothing", (erasure, content)
            )
            self._connection.executemany("delete from field_key where id = ?", [(key_id,) for key_id in key_ids])
        self._connection.execute("pragma wal_checkpoint(truncate)")

    def erasures(self) -> dict[str, bytes]:
        """Every act of erasing that was carried out with these keys, by its id."""
        rows = self._connection.execute("select id, content from erasure order by id")
        return {str(erasure): bytes(content) for erasure, content in rows}

    # -- which database the keys belong to --------------------------------------------------------------------------

    def database(self) -> str | None:
        """The name of the database that these keys belong to, or None before there was one."""
        row = self._connection.execute("select database from belongs where id = 1").fetchone()
        return None if row is None else str(row[0])

    def belong_to(self, database: str | None) -> None:
        """Keep the name of the database; None where the keys wait for another one."""
        with self._writing():
            self._connection.execute("delete from belongs")
            if database is not None:
                self._connection.execute("insert into belongs (id, database) values (1, ?)", (database,))

    # -- sealing ------------------------------------------------------------------------------------------------

    def seal(self, content: bytes, key: AESGCM, bound_to: str) -> bytes:
        """AES-256-GCM of `content`, bound to the place where it belongs, so that it cannot be moved."""
        nonce = self._randomness.token_bytes(_NONCE)
        return nonce + key.encrypt(nonce, content, bound_to.encode())

    def unseal(self, sealed: bytes, key_id: str, bound_to: str) -> bytes | None:
        """What was sealed; None where its key has been destroyed. Raises Damaged where it was altered or moved."""
        key = self.field_key(key_id)
        if key is None:
            return None
        try:
            return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())
        except InvalidTag as error:
            raise Damaged("A sealed value was altered or moved.", remedy="Verify the ledger.") from error

    # -- signing keys -------------------------------------------------------------------------------------------

    def make_signing_key(self, holder: str) -> SigningKey:
        """A new signing key for an authority, or for the ledger of the node."""
        seed = self._randomness.token_bytes(32)
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        key_id = new_id(self._randomness)
        number = self._connection.execute(
            "select coalesce(max(number), 0) + 1 from signing_key where holder = ?", (holder,)
        ).fetchone()[0]
        self._connection.execute(
            "insert into signing_key (id, holder, wrapped, public, number) values (?, ?, ?, ?, ?)",
            (key_id, holder, self._wrap(seed, key_id), public, number),
        )
        return SigningKey(key_id, holder, private, public)

    def signing_key(self, holder: str) -> SigningKey | None:
        """The holder's newest key, or None where this node holds none for it."""
        row = self._connection.execute(
            "select id, wrapped, public from signing_key where holder = ? order by number desc limit 1",
            (holder,),
        ).fetchone()
        if row is None:
            return None
        private = Ed25519PrivateKey.from_private_bytes(self._unwrap(row[1], row[0]))
        return SigningKey(row[0], holder, private, row[2])

    def signing_key_named(self, holder: str, key_id: str) -> SigningKey | None:
        """One key of the holder, also one that was replaced; None where it is not here."""
        row = self._connection.execute(
            "select id, wrapped, public from signing_key where holder = ? and id = ?", (holder, key_id)
        ).fetchone()
        if row is None:
            return None
        return SigningKey(row[0], holder, Ed25519PrivateKey.from_private_bytes(self._unwrap(row[1], row[0])), row[2])

    def public_keys(self, holder: str) -> dict[str, bytes]:
        """Every public key the holder has had, by key id, oldest first."""
        rows = self._connection.execute(
            "select id, public from signing_key where holder = ? order by number", (holder,)
        )
        return {str(key_id): bytes(public) for key_id, public in rows}

    # -- keys for exchange: those that open messages, and those of connections -----------------------------------

    def keep_exchange_key(self, key: ExchangeKey, private: bytes) -> None:
        """Keep a new private key; durable when this returns."""
        self._connection.execute(
            "insert into exchange_key (id, holder, kind, wrapped, public, made_at, ends) values (?, ?, ?, ?, ?, ?, ?)",
            (key.key_id, key.holder, key.kind, self._wrap(private, key.key_id), key.public, key.made_at, key.ends),
        )

    def exchange_keys(self, holder: str, kind: str | None = None) -> list[ExchangeKey]:
        """The keys of a holder that were not destroyed, oldest first; of one kind where it is named."""
        rows = self._connection.execute(
            "select id, holder, kind, public, made_at, ends from exchange_key where holder = ? order by made_at, id",
            (holder,),
        )
        found = [
            ExchangeKey(key_id=row[0], holder=row[1], kind=row[2], public=bytes(row[3]), made_at=row[4], ends=row[5])
            for row in rows
        ]
        return [key for key in found if kind in (None, key.kind)]

    def exchange_private(self, key_id: str) -> bytes | None:
        """The private bytes of a key for exchange; None once it was destroyed, or where it is not ours."""
        row = self._connection.execute("select wrapped from exchange_key where id = ?", (key_id,)).fetchone()
        return None if row is None else self._unwrap(row[0], key_id)

    def destroy_exchange_keys(self, key_ids: Iterable[str]) -> None:
        """Destroy keys for good: what was sealed for them and recorded on the way can no longer be read."""
        with self._writing():
            self._connection.executemany("delete from exchange_key where id = ?", [(key_id,) for key_id in key_ids])
        self._connection.execute("pragma wal_checkpoint(truncate)")

    # -- the ledger's last head, kept apart from the data ------------------------------------------------------------

    def remember_head(self, origin: str, content: bytes) -> None:
        """Keep the newest head apart from the data, so that a ledger cut back with its heads is found."""
        self._connection.execute(
            "insert into remembered_head (origin, content) values (?, ?)"
            " on conflict (origin) do update set content = excluded.content"
            # Another process may have committed and remembered in between: what is remembered never shrinks.
            " where json_extract(cast(excluded.content as text), '$.size')"
            " >= json_extract(cast(content as text), '$.size')",
            (origin, content),
        )

    def forget_head(self, origin: str) -> None:
        """Forget the head, where an older ledger is taken up knowingly: after a backup was restored."""
        self._connection.execute("delete from remembered_head where origin = ?", (origin,))

    def remembered_head(self, origin: str) -> bytes | None:
        """The head kept last, or None."""
        row = self._connection.execute("select content from remembered_head where origin = ?", (origin,)).fetchone()
        return None if row is None else bytes(row[0])

    def _wrap(self, key: bytes, key_id: str) -> bytes:
        nonce = self._randomness.token_bytes(_NONCE)
        return nonce + self._wrapping.encrypt(nonce, key, key_id.encode())

    def _unwrap(self, wrapped: bytes, key_id: str) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], key_id.encode())
        except InvalidTag as error:
            raise Damaged(
                "A key cannot be opened: the key-encryption key is not the one it was wrapped with.",
                remedy="Put back the node.key file that belongs to this keys.db.",
                code="key_unusable",
            ) from error


def record_key_id(record: str) -> str:
    """The id of the field key under which a record's values lie in backups."""
    return f"record/{record}"


def _wrapping_key(path: Path, randomness: Randomness) -> bytes:
    """The key-encryption key from its file, made on first use; refused where others may read it."""
    if not path.exists():
        partial = path.with_name(path.name + ".partial")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(randomness.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)  # whole or not at all, should the power go now
    if path.stat().st_mode & 0o077:
        raise Damaged(
            f"The key file {path.name} can be read by others.",
            remedy="Run: chmod 600 on it, and think about who may have copied it.",
            code="key_exposed",
        )
    key = path.read_bytes()
    if len(key) != 32:
        raise Damaged(f"The key file {path.name} is not 32 bytes long.", remedy="Put back the right file.")
    return key
