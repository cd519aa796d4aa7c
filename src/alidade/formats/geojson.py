"""GeoJSON of a map (RFC 7946): points and lines, each with its grade, its owners and its handling."""

from __future__ import annotations

from typing import Any

import msgspec

from alidade.formats.sight import Item, MapFile, grade
from alidade.model.handling import handling_bytes


def write_geojson(found: MapFile) -> bytes:
    """The map as a feature collection; what holds for the whole stands beside its features (section 6.1)."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
            "properties": _properties(point.item) | {"group": point.group, "exactness": point.exactness},
        }
        for point in found.points
    ]
    features += [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [line.start[::-1], line.stop[::-1]]},
            "properties": _properties(line.item)
            | {"group": "movement", "from": line.source, "to": line.target, "count": line.count},
        }
        for line in found.lines
    ]
    collection = {
        "type": "FeatureCollection",
        "title": found.head.title,
        "classification": found.head.heading,
        "terms": found.head.terms,
        "made_at": found.head.made_at,
        "features": features,
    }
    return msgspec.json.format(msgspec.json.encode(collection), indent=1)


def _properties(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "type": item.kind,
        "label": item.label or None,
        "from_date": item.begin or None,
        "until_date": item.end or None,
        "evaluation": grade(item.evaluation),
        "owners": item.owners,
        "handlings": [msgspec.json.decode(handling_bytes(each)) for each in item.handlings],
    }
