"""Entering: that an officer has signed in stands in the ledger, as everything else that he does (LED Art. 29(2)(e))."""

from __future__ import annotations

from alidade.ledger.entry import Entry
from alidade.model.errors import NotFound
from alidade.model.ids import OfficerId
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.rights import epoch


def note_sign_in(node: Node, officer: OfficerId, way: str) -> None:
    """Leave the entry of a sign-in; `way` is how: password, passkey, code, recovery code.

    An account whose officer is not in the directory leaves none: it can open nothing.
    """
    with node.store.transaction() as tx:
        try:
            person = directory.officer(tx, officer)
        except NotFound:
            return
        tx.log(
            Entry(
                act="sign_in",
                at=tx.now,
                authority=person.authority,
                officer=officer,
                details=(("way", way),),
                epoch=epoch(tx),
                decision="allowed" if person.active else "refused",
            )
        )
