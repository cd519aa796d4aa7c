"""Round travel: whether a round has anything to do with other nodes."""

from __future__ import annotations

from django import template

from alidade.programme.rounds import Round
from alidade.services.programme.pieces import Kept
from alidade.services.programme.travel_view import travels
from alidade.web.place import Desk

register = template.Library()


@register.filter("travels_from")
def travels_from(kept: Kept[Round], desk: Desk) -> bool:
    """Whether it came from another node, or asks an authority that works on one."""
    return travels(desk.node, kept)
