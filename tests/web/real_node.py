"""A node that holds no invented data, so that its officers must secure their accounts; for the tests of sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.cache import cache
from django.core.management import call_command
from personas import Dice, words

from alidade.model.directory import Authority, Officer
from alidade.model.ids import OfficerId
from alidade.services import serving
from alidade.services.authorities import first_administrator, found_node, party
from alidade.services.node import Node

ADMIN: Final = OfficerId("nl-politie/admin")
OFFICER: Final = OfficerId("nl-politie/j.devries")


@contextmanager
def real_node(folder: Path) -> Iterator[Node]:
    """The Dutch police with an administrator and a case officer, served to the pages of this thread."""
    node = Node.open(folder, randomness=Dice("sign-in"), vocabulary=words())
    authority = Authority(
        party=party(node, "nl-politie", "police", "NL"), name="Politie", contact="desk@politie.example"
    )
    officer = Officer(id=OFFICER, authority=authority.id, role="case_officer")
    found_node(node, authority, first_administrator(authority), [officer])
    serving.serve(node)
    cache.clear()
    try:
        yield node
    finally:
        serving.serve(None)
        node.close()
        call_command("flush", database="default", interactive=False, verbosity=0)
        cache.clear()
