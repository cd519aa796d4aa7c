"""Once: a program that lost the answer to what it kept asks again under the same key, and nothing is kept twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from alidade.model.errors import Conflict
from alidade.model.viewer import Actor
from alidade.services.node import Node
from alidade.store import requests
from alidade.store.requests import CarriedOut

__all__ = ["keep_once"]


def keep_once(node: Node, by: Actor, key: str | None, asked: bytes, keep: Callable[[], str]) -> str:
    """The reference of what `keep` keeps; under a key that was used within a day, of what was kept the first time.

    The key is set down before and the reference after, so that nothing is ever kept twice; what `keep` refuses frees
    the key. Raises Conflict where something else was asked under this key (`key_used`), and where it is not known
    whether the first request came to its end (`key_in_use`).
    """
    if key is None:
        return keep()
    secret = f"{by.officer}\n{key}".encode()
    digest = hashlib.sha256(secret).hexdigest()
    content = hashlib.sha256(secret + b"\n" + asked).hexdigest()
    with node.store.transaction() as tx:
        done = requests.carried_out(tx, digest)
        if done is None:
            requests.keep_request(tx, digest, CarriedOut(content=content, reference=""))
    if done is not None:
        return _before(done, content)
    try:
        reference = keep()
    except BaseException:
        with node.store.transaction() as tx:
            requests.forget_request(tx, digest)
        raise
    with node.store.transaction() as tx:
        requests.finish_request(tx, digest, reference)
    return reference


def _before(done: CarriedOut, content: str) -> str:
    if done.content != content:
        raise Conflict(
            "Something else was sent under this key.", remedy="Take a new key for each request.", code="key_used"
        )
    if not done.reference:
        raise Conflict(
            "A request with this key was begun; whether it came to its end is not known.",
            remedy="Look whether it was kept, then take a new key.",
            code="key_in_use",
        )
    return done.reference
