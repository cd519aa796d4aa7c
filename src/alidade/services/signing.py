"""Signing: the key with which this node signs in the name of an authority that it hosts."""

from __future__ import annotations

from alidade.model.errors import NotAllowed
from alidade.model.ids import AuthorityId
from alidade.services.node import Node
from alidade.store.keystore import SigningKey


def signing_key(node: Node, owner: AuthorityId) -> SigningKey:
    """The authority's signing key. Raises NotAllowed where this node does not host the authority."""
    key = node.store.keys.signing_key(str(owner))
    if key is None:
        raise NotAllowed(
            f"This node holds no key of {owner}, so it cannot give in its name.",
            remedy="Work at the node that hosts the authority.",
            code="no_key",
        )
    return key
