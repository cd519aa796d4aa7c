"""What speaks against a suggestion: another lasting number of a vessel, nothing but a nickname in common."""

from __future__ import annotations

import pytest

from alidade.matching.suggest_evidence import against
from alidade.matching.suggest_rows import Joinable
from alidade.matching.suggest_weights import SUGGESTING


def _vessel(*keys: tuple[str, str]) -> Joinable:
    return Joinable(record="r", thing="Vessel", owner="nl", values={"name": ["Aurora Brava"]}, keys=keys)


def _person(name: str, alias: str, **said: str) -> Joinable:
    values = {"name": [name], "alias": [alias], **{key: [text] for key, text in said.items()}}
    return Joinable(record="r", thing="Person", owner="nl", values=values)


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        (_vessel(("imo", "2000001")), _vessel(("imo", "2000001")), ()),
        (_vessel(("imo", "2000001")), _vessel(("imo", "2000013")), ("imo",)),
        (_vessel(("imo", "2000001")), _vessel(("mmsi", "244000001")), ()),
        (_vessel(("imo", "1"), ("mmsi", "2")), _vessel(("imo", "3"), ("mmsi", "4")), ("imo", "mmsi")),
        (_person("Antonios Dragoumas", "El Zurdo"), _person("Henrik Ekluman", "El Zurdo"), ("nickname",)),
        (_person("Antonios Dragoumas", "El Zurdo"), _person("DRAGOUMAS, Antonis", "El Zurdo"), ()),
        (_person("Ana Olmedo", "Lobo"), _person("Ana Garrido", "Lobo", previousName="Ana Olmedo"), ()),
        (_person("Antonios Dragoumas", "El Zurdo"), _person("Henrik Ekluman", "Lobo"), ()),
    ],
)
def test_what_speaks_against(one: Joinable, other: Joinable, kinds: tuple[str, ...]) -> None:
    expected = sum(SUGGESTING.against[kind] for kind in kinds)
    assert against([one, other], [0], [1]) == [pytest.approx(expected)]
    assert against([one, other], [1], [0]) == [pytest.approx(expected)]
