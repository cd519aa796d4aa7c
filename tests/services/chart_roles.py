"""What the use cases of charts need: for each the act that a role must list, and a call of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alidade.model.viewer import Actor
from alidade.services.picture.chart import draw, named
from alidade.services.picture.chart_state import ChartState
from alidade.services.picture.chart_walks import find_things, openings, shortest_ways
from alidade.services.picture.charts import (
    bring_back_chart,
    chart_versions,
    keep_chart,
    list_charts,
    open_chart,
    restore_chart,
    share_chart,
    withdraw_chart,
)
from alidade.services.picture.exporting import export_chart, export_picture

NONE = "0" * 32


def _state(scene: Any) -> ChartState:
    return ChartState(starts=named([scene.record]))


CHART_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    draw: ("picture_read", lambda s, a: draw(s.office.node, a, _state(s))),
    find_things: ("picture_read", lambda s, a: find_things(s.office.node, a, "Jan Vermeulen")),
    openings: ("picture_read", lambda s, a: openings(s.office.node, a, s.record)),
    shortest_ways: ("picture_read", lambda s, a: shortest_ways(s.office.node, a, s.record, s.waiting)),
    list_charts: ("picture_read", lambda s, a: list_charts(s.office.node, a)),
    open_chart: ("picture_read", lambda s, a: open_chart(s.office.node, a, NONE)),
    keep_chart: ("piece_keep", lambda s, a: keep_chart(s.office.node, a, _state(s), "Ring")),
    chart_versions: ("piece_keep", lambda s, a: chart_versions(s.office.node, a, NONE)),
    restore_chart: ("piece_keep", lambda s, a: restore_chart(s.office.node, a, NONE, 1, newest=1)),
    share_chart: ("piece_keep", lambda s, a: share_chart(s.office.node, a, NONE, s.office.handling())),
    withdraw_chart: ("piece_keep", lambda s, a: withdraw_chart(s.office.node, a, NONE)),
    bring_back_chart: ("piece_keep", lambda s, a: bring_back_chart(s.office.node, a, NONE)),
    export_chart: ("export", lambda s, a: export_chart(s.office.node, a, _state(s), "csv")),
    export_picture: ("export", lambda s, a: export_picture(s.office.node, a, _state(s))),
}
