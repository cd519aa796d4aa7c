"""What the use cases of map, timeline and matrix need: for each the act that a role must list, and a call of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alidade.model.viewer import Actor
from alidade.services.picture.mapping import draw_map
from alidade.services.picture.matrix import draw_matrix
from alidade.services.picture.sight_export import export_sight
from alidade.services.picture.sights import Ask
from alidade.services.picture.timeline import draw_timeline

ASK = Ask()

SIGHT_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    draw_map: ("picture_read", lambda s, a: draw_map(s.office.node, a, ASK)),
    draw_timeline: ("picture_read", lambda s, a: draw_timeline(s.office.node, a, ASK)),
    draw_matrix: ("picture_read", lambda s, a: draw_matrix(s.office.node, a, ASK)),
    export_sight: ("export", lambda s, a: export_sight(s.office.node, a, "timeline", ASK, "csv")),
}
