"""Accounts: a locked-out officer is let in anew by whoever has the folder of the node; the ledger says so."""

from __future__ import annotations

from alidade.ledger.entry import Entry
from alidade.model.directory import Officer
from alidade.model.errors import NotAllowed
from alidade.model.ids import OfficerId
from alidade.services.node import Node
from alidade.store import directory
from alidade.store.rights import epoch


def note_account_opened(node: Node, officer: OfficerId) -> Officer:
    """Enter in the ledger that an account is opened anew at the machine, before its password is made.

    Needs no right but the folder of the node, which holds all keys; so the entry names the officer and no actor but
    the machine. Raises NotFound for an unknown officer, NotAllowed for one whose access has ended.
    """
    with node.store.transaction() as tx:
        person = directory.officer(tx, officer)
        if not person.active:
            raise NotAllowed(
                "The access of this officer has ended.",
                remedy="An administrator of the authority can take the officer up again.",
                code="access_ended",
            )
        tx.log(
            Entry(
                act="officer_manage",
                at=tx.now,
                authority=person.authority,
                officer=person.id,
                objects=(person.id,),
                details=(("change", "account opened at the machine"),),
                epoch=epoch(tx),
                decision="allowed",
            )
        )
    return person
