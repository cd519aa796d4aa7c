"""MISP types: which type of thing each attribute type and each object template is."""

from __future__ import annotations

from importlib.resources import files

import msgspec


class AttributeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one attribute type becomes; `parts` as the parts of its value stand, an empty property for a note."""

    thing: str
    parts: tuple[tuple[str, ...], ...]


class TemplateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one object template becomes, and the properties that its relations fill."""

    thing: str
    relations: dict[str, tuple[str, ...]] = {}


class MispRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `data/misp_types.json` says."""

    title: str
    version: str
    source: str
    verified: bool
    note: str
    attributes: dict[str, AttributeRule]
    services: dict[str, str]
    objects: dict[str, TemplateRule]
    relationships: dict[str, str]


FALLBACK_ATTRIBUTE = AttributeRule(thing="Note", parts=(("description",),))
FALLBACK_TEMPLATE = TemplateRule(thing="Note")


def load_misp_rules() -> MispRules:
    """The rules that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "misp_types.json").read_bytes()
    return msgspec.json.decode(raw, type=MispRules)
