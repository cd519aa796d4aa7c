"""By procedure: the threads of one procedure to which an authority of this node is a party."""

from __future__ import annotations

from collections.abc import Collection

from alidade.model.ids import AuthorityId
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.threads.kept import KeptThread, threads_with_numbers
from alidade.store.threads.party_view import as_party


def threads_of_procedure(
    tx: Transaction, authority: AuthorityId, procedure: str, role: str, classifications: Collection[str], most: int
) -> list[KeptThread]:
    """The threads in which this authority plays a role, within these classifications, the newest first."""
    with as_party(tx, authority):
        desks = models.ThreadParty.objects.using(tx.alias).filter(
            authority=authority,
            role=role,
            thread__procedure=procedure,
            classification__in=list(classifications),
        )
        numbers = list(desks.order_by("-thread_id").values_list("thread_id", flat=True)[:most])
    found = threads_with_numbers(tx, numbers)
    return [found[number] for number in numbers]
