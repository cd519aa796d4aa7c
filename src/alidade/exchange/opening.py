"""Opening what is inside, and checking that each item is signed by the owner that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature

from alidade.exchange.content import KINDS, Content, Item, WithItems, decode, item_bytes, kind_of
from alidade.exchange.context import Desk
from alidade.exchange.envelope import Envelope, Slip, open_body
from alidade.exchange.layout import read_moment
from alidade.exchange.reasons import Refused
from alidade.model.ids import AuthorityId


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A content that was opened and whose owners' signatures hold."""

    content: Content
    blob: bytes
    sent_at: datetime


def open_content(desk: Desk, envelope: Envelope, slip: Slip) -> Opened:
    """Open the body; Refused when it is not what the slip says, or an owner did not sign what is said to be its."""
    content, blob = decode(open_body(envelope, slip))
    if kind_of(content) != slip.kind:
        raise Refused("wrong_kind_place")
    if isinstance(content, WithItems):
        for item in content.items:
            _check_owner(desk, slip, item)
    return Opened(content=content, blob=blob, sent_at=read_moment(content.sent_at, "sent_at"))


def _check_owner(desk: Desk, slip: Slip, item: Item) -> None:
    if KINDS[slip.kind].own and item.owner != slip.sender:
        raise Refused("not_owner")
    try:
        key = desk.book(AuthorityId(item.owner)).evidence_key(item.key_id)
    except Refused as refused:
        raise Refused("owner_distrusted" if refused.reason == "distrusted_key" else "owner_unknown") from None
    try:
        key.public.verify(item.signature, item_bytes(slip.kind, item))
    except InvalidSignature:
        raise Refused("owner_forged") from None
