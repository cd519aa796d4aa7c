"""Sign-in of programs: the token of each request, and the officer for whom it acts."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from alidade.model.viewer import Actor
from alidade.services import serving
from alidade.services.node import Node
from alidade.services.tokens import actor_of_token, spend


class Token(HttpBearer):
    """A token made with `alidade token make`, sent as `Authorization: Bearer TOKEN`."""

    openapi_description = (
        "A token made by an officer with `alidade token make`: bound to the officer's authority, to a purpose, a legal"
        " ground, a case and a justification, to the acts it lists, and to a day."
    )

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The officer for whom the program acts; every request counts towards the allowance of the token."""
        node = serving.node()
        actor = actor_of_token(node, token)
        spend(node, actor, "requests")
        return actor


def at_work(request: HttpRequest) -> tuple[Node, Actor]:
    """The node, and the officer whose token came with the request."""
    actor = getattr(request, "auth", None)
    if not isinstance(actor, Actor):
        raise AssertionError
    return serving.node(), actor
