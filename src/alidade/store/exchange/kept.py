"""Kept exchange: all that the protocol remembers of one authority, as `alidade.exchange.ports.ExchangeStore` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alidade.store.exchange.erasures import Erasures
from alidade.store.exchange.incoming import Incoming
from alidade.store.exchange.logs import Logs
from alidade.store.exchange.peers import Peers

if TYPE_CHECKING:
    from alidade.exchange.ports import ExchangeStore


class KeptExchange(Peers, Incoming, Erasures, Logs):
    """The exchange of one authority, within one transaction of the store; what it does is committed with that."""


if TYPE_CHECKING:

    def _fits(kept: KeptExchange) -> ExchangeStore:
        return kept
