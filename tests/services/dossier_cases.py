"""A small network for the tests of dossiers, and what their use cases need of a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chart_cases import Scene, scene
from personas import NL, Office, draft

from alidade.model.viewer import Actor
from alidade.services.picture.dossier_keeping import (
    bring_back_dossier,
    compare_versions,
    dossier_versions,
    restore_dossier,
    share_dossier,
    withdraw_dossier,
)
from alidade.services.picture.dossier_state import Dossier, Gap, LifeEvent, Member
from alidade.services.picture.dossiers import (
    add_member,
    list_dossiers,
    make_dossier,
    open_dossier,
    remove_member,
    revise_dossier,
    rule_on_member,
)
from alidade.services.picture.mappings_compared import compare_mappings, rounds_of
from alidade.services.picture.measures import measure_dossier
from alidade.services.picture.nominations import (
    close_matching,
    hold_matching,
    list_matchings,
    nominate,
    take_back_nomination,
)
from alidade.services.picture.products import issue_product, list_products, read_product, withdraw_product

NONE = "0" * 32


def network(found: Scene, *names: str, **more: Any) -> Dossier:
    """A dossier of these members."""
    fields: dict[str, Any] = {
        "names": ("Harbour ring", "The Fruiterers"),
        "rounds": ("2026",),
        "crime_areas": ("drug_trafficking",),
        "countries": ("NL", "ES"),
        "gaps": (Gap(question="Who pays the crew?", who="de-bka"),),
        "life": (LifeEvent(kind="active", day="2025-03"),),
        "members": tuple(Member(record=found[name]) for name in names),
    }
    return Dossier(**(fields | more))


def people(office: Office, by: str, *names: str, **handling: Any) -> list[str]:
    """Records of persons known by name and date of birth, and by a phone of their own."""
    outcome = office.give(
        *(
            draft(name, name=name, birthDate=f"1980-01-{at:02d}", phone=f"+31 20 555 {sum(map(ord, name)):04d}")
            for at, name in enumerate(names, start=1)
        ),
        by=by,
        handling=office.handling(by, **handling),
    )
    return [str(each) for each in outcome.records.values()]


def _own(s: Any) -> Any:
    return s.office.handling(NL)


DOSSIER_CASES: dict[Callable[..., object], tuple[str, Callable[[Any, Actor], object]]] = {
    list_dossiers: ("picture_read", lambda s, a: list_dossiers(s.office.node, a)),
    open_dossier: ("picture_read", lambda s, a: open_dossier(s.office.node, a, NONE)),
    rounds_of: ("picture_read", lambda s, a: rounds_of(s.office.node, a)),
    compare_mappings: ("picture_read", lambda s, a: compare_mappings(s.office.node, a, "2024", "2026")),
    list_products: ("picture_read", lambda s, a: list_products(s.office.node, a)),
    read_product: ("picture_read", lambda s, a: read_product(s.office.node, a, NONE)),
    measure_dossier: ("network_measure", lambda s, a: measure_dossier(s.office.node, a, NONE)),
    make_dossier: ("dossier_manage", lambda s, a: make_dossier(s.office.node, a, Dossier(names=("Ring",)))),
    revise_dossier: (
        "dossier_manage",
        lambda s, a: revise_dossier(s.office.node, a, NONE, Dossier(names=("Ring",)), version=1),
    ),
    add_member: ("dossier_manage", lambda s, a: add_member(s.office.node, a, NONE, Member(record=s.record))),
    remove_member: ("dossier_manage", lambda s, a: remove_member(s.office.node, a, NONE, s.record)),
    rule_on_member: ("dossier_manage", lambda s, a: rule_on_member(s.office.node, a, NONE, s.record, "confirmed")),
    dossier_versions: ("dossier_manage", lambda s, a: dossier_versions(s.office.node, a, NONE)),
    compare_versions: ("dossier_manage", lambda s, a: compare_versions(s.office.node, a, NONE, 1, 2)),
    restore_dossier: ("dossier_manage", lambda s, a: restore_dossier(s.office.node, a, NONE, 1, newest=2)),
    share_dossier: ("dossier_manage", lambda s, a: share_dossier(s.office.node, a, NONE, _own(s))),
    withdraw_dossier: ("dossier_manage", lambda s, a: withdraw_dossier(s.office.node, a, NONE)),
    bring_back_dossier: ("dossier_manage", lambda s, a: bring_back_dossier(s.office.node, a, NONE)),
    issue_product: (
        "dossier_manage",
        lambda s, a: issue_product(
            s.office.node, a, NONE, title="Paper", above="Above.", below="", handling=_own(s), version=1
        ),
    ),
    withdraw_product: ("dossier_manage", lambda s, a: withdraw_product(s.office.node, a, NONE)),
    hold_matching: ("dossier_manage", lambda s, a: hold_matching(s.office.node, a, "2026", "2030-01-01", _own(s))),
    close_matching: ("dossier_manage", lambda s, a: close_matching(s.office.node, a, NONE)),
    list_matchings: ("dossier_manage", lambda s, a: list_matchings(s.office.node, a)),
    nominate: ("dossier_manage", lambda s, a: nominate(s.office.node, a, NONE, "the desk")),
    take_back_nomination: ("dossier_manage", lambda s, a: take_back_nomination(s.office.node, a, NONE)),
}

__all__ = ["DOSSIER_CASES", "NONE", "network", "people", "scene"]
