"""Leaving: what becomes of a step for the parties that work on other nodes. The seam to the exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol, cast

from alidade.model.ids import AuthorityId
from alidade.procedures import SignedStep
from alidade.services.node import Node
from alidade.store.database import Transaction
from alidade.store.threads.attachments import KeptAttachment
from alidade.store.threads.kept import KeptThread

POSTING: Final = "alidade.services.exchange.posting"


class PostStep(Protocol):
    """`post_step` of the exchange: puts a step into the outbox for one authority, in the transaction that is open."""

    def __call__(
        self,
        node: Node,
        tx: Transaction,
        *,
        thread: KeptThread,
        step: SignedStep,
        recipient: AuthorityId,
        attachments: Sequence[KeptAttachment],
    ) -> None:
        """Post it; nothing has left before the transaction commits."""
        ...


def is_hosted(node: Node, authority: AuthorityId) -> bool:
    """Whether an authority works on this node: whether its signing key is here."""
    return node.store.keys.signing_key(str(authority)) is not None


def post_to_remote(
    node: Node,
    tx: Transaction,
    thread: KeptThread,
    step: SignedStep,
    parties: Mapping[AuthorityId, str],
    attachments: Sequence[KeptAttachment] = (),
) -> int:
    """Give a step that was written here to every party on another node; to how many.

    Called once for each step, in the transaction in which it is kept.
    """
    away = [party for party in sorted(parties) if party != step.step.author and not is_hosted(node, party)]
    # Only now: the exchange imports threads to apply what arrives, and a node that is alone does without it.
    if away and find_spec(POSTING) is not None:
        post = cast(PostStep, import_module(POSTING).post_step)
        for party in away:
            post(node, tx, thread=thread, step=step, recipient=party, attachments=attachments)
    return len(away)
