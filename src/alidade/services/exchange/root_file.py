"""Root file: the offline root key of an authority, made once, taken away by the operator, never kept on the node."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from alidade.exchange.manifest import fingerprint
from alidade.model.errors import Conflict, Unreadable
from alidade.model.ports import Randomness

_OWN: Final = 0o600
_LARGEST: Final = 4_096
_HEX32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class _RootFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["alidade-root/1"] = "alidade-root/1"
    authority: str
    private: _HEX32
    public: _HEX32
    note: str = "Keep this file offline, in two places. Who has it can replace every key of the authority."


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A root key in memory (Ed25519); it signs manifests and nothing else."""

    authority: str
    public: bytes
    private: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """The root is known by its fingerprint."""
        return "root"

    @property
    def fingerprint(self) -> str:
        """What two people compare by voice."""
        return fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)


def make_root(authority: str, randomness: Randomness) -> Root:
    """A new root key, in memory only."""
    private = randomness.token_bytes(32)
    public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return Root(authority=authority, public=public, private=private)


def write_root(root: Root, path: Path) -> None:
    """Write a root key to a new file for the operator alone. Raises Conflict where the file exists."""
    content = msgspec.json.encode(
        _RootFile(authority=root.authority, private=root.private.hex(), public=root.public.hex())
    )
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWN)
    except FileExistsError as error:
        raise Conflict(f"{path.name} exists already.", remedy="Name a new file.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(content, indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_root(path: Path, authority: str) -> Root:
    """The root key from its file. Raises Unreadable where it is none, or another authority's."""
    try:
        with path.open("rb") as file:
            read = msgspec.json.decode(file.read(_LARGEST), type=_RootFile)
        private = bytes.fromhex(read.private)
        public = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    except (msgspec.MsgspecError, ValueError) as error:
        raise Unreadable("The root file cannot be read as one.", remedy="Name the file that was taken away.") from error
    if read.authority != authority or public.hex() != read.public:
        raise Unreadable("The root file is another authority's, or was altered.")
    return Root(authority=authority, public=public, private=private)
