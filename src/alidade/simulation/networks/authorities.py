"""Authorities: the invented police, customs and other services of a rehearsal, of different States and functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.directory import Authority, Officer
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Party
from alidade.simulation.networks.chance import Chance
from alidade.simulation.scenario import AuthoritySeed, Community
from alidade.vocabulary import Agreement, Vocabulary

_UNION: Final = ("EU", "EEA", "Schengen")
_UNION_STATES: Final = frozenset(
    ["NL", "BE", "DE", "FR", "ES", "PT", "IT", "IE", "SE", "LT", "PL", "RO", "BG", "GR", "HR", "LU"]
)
#: The body of the agency. Not "EU": an agreement with that code would bind every Member State.
BODY: Final = "RH-EU"
#: State, function: in this order authorities take part; more than there are here begin again with another region.
_CAST: Final = (
    ("NL", "police"), ("BE", "customs"), ("ES", "gendarmerie"), ("DE", "police"), ("FR", "customs"),
    ("PT", "police"), ("IT", "police"), (BODY, "agency"), ("GR", "coast_guard"), ("BG", "border_guard"),
    ("RO", "police"), ("PL", "border_guard"), ("GB", "police"), ("RS", "police"), ("AL", "police"),
    ("SE", "police"), ("HR", "police"), ("LT", "customs"), ("IE", "police"), ("FR", "fiu"),
    ("NL", "fiu"), ("UA", "border_guard"), ("TR", "police"), ("MA", "gendarmerie"), ("EC", "police"),
    ("CO", "police"), ("BR", "police"), ("ES", "customs"), ("DE", "customs"), ("IT", "fiu"),
)  # fmt: skip
_STATES_WITH_SCRIPT: Final = {"GR": "Grek", "BG": "Cyrl", "RS": "Cyrl", "UA": "Cyrl", "MA": "Arab"}
#: What each function learns of more, or less, than others; 1 where nothing is said.
KNOWS: Final[Mapping[str, Mapping[str, float]]] = {
    "customs": {"Vessel": 1.5, "Container": 1.6, "Company": 1.3, "Phone": 0.5, "Person": 0.8},
    "coast_guard": {"Vessel": 1.8, "Container": 1.2, "Phone": 0.6, "BankAccount": 0.2},
    "border_guard": {"Vehicle": 1.6, "Person": 1.1, "BankAccount": 0.2, "Company": 0.5},
    "fiu": {"BankAccount": 2.0, "Company": 1.6, "Phone": 0.2, "Vehicle": 0.2, "Vessel": 0.4, "Person": 0.8},
    "agency": {"Person": 1.1, "Phone": 1.1},
}
PROJECTS: Final = ("AP-SALT", "AP-DELTA", "AP-COBALT", "TF-HARBOUR", "TF-MIRROR")
TODAY: Final = "2026-11-20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who takes part, in which communities, under which agreements."""

    seeds: tuple[AuthoritySeed, ...]
    communities: tuple[Community, ...]
    agreements: tuple[Agreement, ...]
    scripts: tuple[str, ...]

    @property
    def ids(self) -> tuple[AuthorityId, ...]:
        """The authorities by number."""
        return tuple(seed.authority.id for seed in self.seeds)


def cast_of(count: int, seed: int, vocabulary: Vocabulary) -> Cast:
    """So many invented authorities, with officers, projects and the agreements between their States."""
    chance = Chance(seed, "cast")
    members: dict[str, list[AuthorityId]] = {project: [] for project in PROJECTS}
    seeds: list[AuthoritySeed] = []
    for place in range(count):
        state, function = _CAST[place % len(_CAST)]
        region = place // len(_CAST)
        name = AuthorityId(
            f"{state.removeprefix('RH-').lower()}-{function.replace('_', '-')}" + (f"-{region + 1}" if region else "")
        )
        projects = [project for project in PROJECTS if chance.happens(0.9 if function == "agency" else 0.45)]
        for project in projects:
            members[project].append(name)
        seeds.append(_authority(name, state, function, region, tuple(projects), vocabulary))
    communities = tuple(
        Community(code=project, label=f"Rehearsal project {project[3:].title()} (invented)", members=tuple(of))
        for project, of in members.items()
    )
    states = list(dict.fromkeys(seed.authority.party.state for seed in seeds))
    return Cast(
        seeds=tuple(seeds),
        communities=communities,
        agreements=tuple(_agreements(states)),
        scripts=tuple(_STATES_WITH_SCRIPT.get(seed.authority.party.state, "Latn") for seed in seeds),
    )


def _authority(
    name: AuthorityId, state: str, function: str, region: int, projects: tuple[str, ...], vocabulary: Vocabulary
) -> AuthoritySeed:
    label = vocabulary.label("authority_functions", function, "en")
    where = state + (f", region {region + 1}" if region else "")
    authority = Authority(
        party=Party(
            id=name,
            function=function,
            state=state,
            areas=() if state not in _UNION_STATES else _UNION[:2] if state == "IE" else _UNION,
        ),
        name=f"Rehearsal {label}, {where} (invented)",
        contact=f"duty@{name}.example",
        communities=("all", *projects),
        last_confirmed="2026-10-01",
        invented=True,
    )
    officers = (
        _officer(name, "analyst", "analyst", "RESTRICTED", (f"RH-{name}",)),
        _officer(name, "street", "front_line_officer", "BPL", ()),
        _officer(name, "privacy", "data_protection_officer", "CONFIDENTIAL", ()),
    )
    return AuthoritySeed(authority=authority, officers=officers)


def _officer(name: AuthorityId, who: str, role: str, clearance: str, cases: Sequence[str]) -> Officer:
    return Officer(id=OfficerId(f"{name}/{who}"), authority=name, role=role, clearance=clearance, cases=tuple(cases))


def flow_between(one: str, other: str) -> str | None:
    """What may flow between two States of a rehearsal: everything, no personal content, or nothing."""
    pair = frozenset((one, other))
    outside = sorted(state for state in pair if state not in _UNION_STATES and state != BODY)
    if one == other or not outside:
        return "personal"
    if len(outside) == 1:
        return "non_personal" if outside[0] in ("TR", "MA") and BODY not in pair else "personal"
    if outside == ["MA", "TR"]:
        return None
    return "strategic" if "MA" in pair or "TR" in pair else "personal"


def _agreements(states: Sequence[str]) -> list[Agreement]:
    """One invented agreement for each pair of States, as `flow_between` has it."""
    found: list[Agreement] = []
    for place, one in enumerate(states):
        for other in states[place + 1 :]:
            flow = flow_between(one, other)
            if flow is not None:
                entry = {
                    "code": f"rh-{one.lower()}-{other.lower()}",
                    "label": dict.fromkeys(("en", "fr", "es", "pt"), f"Rehearsal {one} – {other} (invented)"),
                    "source": "Invented for rehearsal",
                    "valid_from": "2020-01-01",
                    "verified": False,
                    "party_a": one,
                    "party_b": other,
                    "instrument": "Invented agreement for rehearsal",
                    "flow": flow,
                    "status": "in_force",
                    "onward_transfer": False,
                }
                found.append(msgspec.convert(entry, Agreement))
    return found
