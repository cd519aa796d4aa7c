"""Exchange in the store: what the protocol remembers of one authority, kept by the ORM in the caller's transaction."""

from alidade.store.exchange.kept import KeptExchange

__all__ = ["KeptExchange"]
