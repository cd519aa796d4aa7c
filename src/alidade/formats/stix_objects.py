"""STIX objects: which type of ours each is, and which property each of its fields fills."""

from __future__ import annotations

from importlib.resources import files

import msgspec

from alidade.formats.json_source import JsonObject

_FALLBACK = "Note"


class ObjectRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one type of STIX object becomes."""

    thing: str
    choose: tuple[tuple[str, str, str], ...] = ()
    properties: dict[str, tuple[str, ...]] = {}
    refers: dict[str, str] = {}
    events: tuple[str, ...] = ()

    def thing_of(self, stix: JsonObject) -> str:
        """The type that this object becomes, by the first rule that fits."""
        for field, wanted, thing in self.choose:
            value = stix.get(field)
            known = value if isinstance(value, list) else [value]
            if value is not None and (wanted == "*" or wanted in known):
                return thing
        return self.thing


class StixRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `data/stix_objects.json` says."""

    title: str
    version: str
    source: str
    verified: bool
    note: str
    objects: dict[str, ObjectRule]
    common: dict[str, tuple[str, ...]]
    relations: dict[str, str]

    def rule(self, kind: str) -> ObjectRule | None:
        """The rule of a type; None where it is not listed and becomes a Note."""
        return self.objects.get(kind)

    def names(self, rule: ObjectRule, field: str) -> tuple[str, ...]:
        """The properties that a field may fill, the best first."""
        return rule.properties.get(field) or self.common.get(field, ())


FALLBACK = ObjectRule(thing=_FALLBACK)


def load_stix_rules() -> StixRules:
    """The rules that come with Alidade."""
    raw = files("alidade.formats").joinpath("data", "stix_objects.json").read_bytes()
    return msgspec.json.decode(raw, type=StixRules)
