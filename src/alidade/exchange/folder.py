"""Envelopes as files: for nodes that are joined by a shared folder, a one-way line, or a carried disk.

One file is one envelope, the same bytes as on the line. It is written under a name that readers pass over, forced
to disk, then renamed: a reader sees it whole or not at all. The reader deletes it after its own commit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from alidade.exchange.envelope import read_header
from alidade.exchange.relay import view
from alidade.model.ids import AuthorityId

SUFFIX: Final = ".alidade"
_UNFINISHED: Final = ".part"
_NAME: Final = re.compile(
    r"(?P<order>[0-9]{12})~(?P<sender>[a-z0-9][a-z0-9._-]{0,63})~(?P<message>[0-9a-f]{32})~(?P<digest>[0-9a-f]{16})"
    + re.escape(SUFFIX)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the name of a file says. It is a hint for order and housekeeping, never believed: the envelope decides."""

    name: str
    order: int
    sender: AuthorityId
    message_id: str


def folder_of(recipient: AuthorityId) -> str:
    """The folder, below the one that is shared, into which everything for this authority goes."""
    return f"to-{recipient}"


def file_name(raw: bytes, order: int) -> str:
    """The name of an envelope as a file; `order` counts up, so that a reader takes older ones first."""
    seen = view(raw)
    return f"{order % 10**12:012d}~{seen.sender}~{seen.message_id}~{seen.digest[:16]}{SUFFIX}"


def unfinished_name(name: str) -> str:
    """The name under which a file is written until it is whole."""
    return f".{name}{_UNFINISHED}"


def is_unfinished(name: str) -> bool:
    """Whether a file is still being written, or was left half written; delete those older than a day."""
    return name.startswith(".") and name.endswith(_UNFINISHED)


def letters(names: Iterable[str]) -> tuple[Letter, ...]:
    """The envelopes among the files of a folder, in the order in which to take them; other names are passed over."""
    found = (_NAME.fullmatch(name) for name in names)
    return tuple(
        Letter(
            name=match.group(),
            order=int(match["order"]),
            sender=AuthorityId(match["sender"]),
            message_id=match["message"],
        )
        for match in sorted((match for match in found if match), key=lambda match: match.group())
    )


def recipient_of(raw: bytes) -> AuthorityId:
    """To whom an envelope goes, for who sorts letters; Refused when it is none."""
    return AuthorityId(read_header(raw).recipient)
