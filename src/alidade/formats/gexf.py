"""GEXF: a chart for Gephi, with places, times and the handling of each statement.

Source: GEXF 1.3 (gexf.net, 2022), parts graph, data, viz and dynamics.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from alidade.formats.chart import ChartFile, handlings_text, said_text
from alidade.formats.xml_text import xml_text

SPACE: Final = "http://gexf.net/1.3"
VIZ: Final = "http://gexf.net/1.3/viz"
_NODE: Final = ("type", "statements")
_EDGE: Final = ("evaluation", "valid_from", "valid_to", "statements")


def write_gexf(chart: ChartFile) -> bytes:
    """The chart as GEXF; the handling of every statement is in it, so that nothing has to be refused."""
    root = etree.Element(f"{{{SPACE}}}gexf", nsmap={None: SPACE, "viz": VIZ})
    root.set("version", "1.3")
    meta = etree.SubElement(root, f"{{{SPACE}}}meta", lastmodifieddate=chart.made_at[:10])
    etree.SubElement(meta, f"{{{SPACE}}}creator").text = "Alidade"
    etree.SubElement(meta, f"{{{SPACE}}}title").text = xml_text(chart.title)
    terms = "\n".join((chart.heading, *chart.terms, handlings_text(chart)))
    etree.SubElement(meta, f"{{{SPACE}}}description").text = xml_text(terms)
    graph = etree.SubElement(root, f"{{{SPACE}}}graph", defaultedgetype="undirected", mode="static")
    for place, names in (("node", _NODE), ("edge", _EDGE)):
        attributes = etree.SubElement(graph, f"{{{SPACE}}}attributes")
        attributes.set("class", place)
        for name in names:
            etree.SubElement(attributes, f"{{{SPACE}}}attribute", id=name, title=name, type="string")
    nodes = etree.SubElement(graph, f"{{{SPACE}}}nodes")
    for thing in chart.things:
        node = etree.SubElement(nodes, f"{{{SPACE}}}node", id=thing.key, label=xml_text(thing.label))
        _fill(node, type=thing.thing, statements=said_text(thing.said))
        # Gephi counts upwards, a screen downwards.
        etree.SubElement(node, f"{{{VIZ}}}position", x=f"{thing.x:.1f}", y=f"{-thing.y:.1f}", z="0.0")
    edges = etree.SubElement(graph, f"{{{SPACE}}}edges")
    for tie in chart.ties:
        edge = etree.SubElement(
            edges, f"{{{SPACE}}}edge", id=tie.key, source=tie.source, target=tie.target, label=xml_text(tie.label),
            kind=xml_text(tie.kind), type="directed" if tie.directed else "undirected",
        )  # fmt: skip
        _fill(edge, evaluation=tie.evaluation.code if tie.evaluation.given else "", valid_from=tie.valid_from or "",
              valid_to=tie.valid_to or "", statements=said_text(tie.said))  # fmt: skip
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(element: etree._Element, **values: str) -> None:
    fields = etree.SubElement(element, f"{{{SPACE}}}attvalues")
    for name, value in values.items():
        if value:
            field = etree.SubElement(fields, f"{{{SPACE}}}attvalue", value=xml_text(value))
            field.set("for", name)
