"""GraphML: a chart for programs that measure and draw graphs, each statement with its handling.

Source: GraphML 1.0 (graphml.graphdrawing.org, 2002); yEd, Gephi, NetworkX and igraph read it.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from alidade.formats.chart import ChartFile, handlings_text, said_text
from alidade.formats.xml_text import xml_text

SPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_KEYS: Final = (
    ("graph", "title", "string"), ("graph", "classification", "string"), ("graph", "terms", "string"),
    ("graph", "handlings", "string"), ("graph", "made_at", "string"),
    ("node", "label", "string"), ("node", "type", "string"), ("node", "x", "double"), ("node", "y", "double"),
    ("node", "statements", "string"),
    ("edge", "label", "string"), ("edge", "kind", "string"), ("edge", "evaluation", "string"),
    ("edge", "valid_from", "string"), ("edge", "valid_to", "string"), ("edge", "statements", "string"),
)  # fmt: skip


def write_graphml(chart: ChartFile) -> bytes:
    """The chart as GraphML; the handling of every statement is in it, so that nothing has to be refused."""
    root = etree.Element(f"{{{SPACE}}}graphml", nsmap={None: SPACE})
    for place, name, kind in _KEYS:
        key = etree.SubElement(root, f"{{{SPACE}}}key")
        key.set("id", f"{place}_{name}")
        key.set("for", place)
        key.set("attr.name", name)
        key.set("attr.type", kind)
    graph = etree.SubElement(root, f"{{{SPACE}}}graph", edgedefault="undirected")
    _fill(graph, "graph", title=chart.title, classification=chart.heading, terms="\n".join(chart.terms),
          handlings=handlings_text(chart), made_at=chart.made_at)  # fmt: skip
    for thing in chart.things:
        node = etree.SubElement(graph, f"{{{SPACE}}}node", id=thing.key)
        _fill(node, "node", label=thing.label, type=thing.thing, x=f"{thing.x:.1f}", y=f"{thing.y:.1f}",
              statements=said_text(thing.said))  # fmt: skip
    for tie in chart.ties:
        edge = etree.SubElement(
            graph, f"{{{SPACE}}}edge", id=tie.key, source=tie.source, target=tie.target,
            directed="true" if tie.directed else "false",
        )  # fmt: skip
        grade = tie.evaluation.code if tie.evaluation.given else ""
        _fill(edge, "edge", label=tie.label, kind=tie.kind, evaluation=grade, valid_from=tie.valid_from or "",
              valid_to=tie.valid_to or "", statements=said_text(tie.said))  # fmt: skip
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(element: etree._Element, place: str, **values: str) -> None:
    for name, value in values.items():
        if value:
            field = etree.SubElement(element, f"{{{SPACE}}}data", key=f"{place}_{name}")
            field.text = xml_text(value)
