"""The decision function against an independent reading of the same prose, written in Cedar (oracle.cedar)."""

# mypy: disable-error-code="arg-type, attr-defined, no-untyped-call"

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cedarpy
import pytest

from alidade.model.handling import Handling
from alidade.model.viewer import Party
from alidade.policy import ACTIONS, Joined, Release, Terms, agreements, decision, permitted, rules

COUNT = 20_000
CHUNK = 2_000
RANKS = {"PUBLIC": 0, "BPL": 1, "RESTRICTED": 2, "SECRET": 4}
# A joined thing is asked part by part: the prose says that every part must permit.
Question = tuple[str, str, str, dict[str, Any]]


def moment(value: datetime | str) -> dict[str, Any]:
    text = value if isinstance(value, str) else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"__extn": {"fn": "datetime", "arg": text}}


def known_day(text: str | None) -> bool:
    return text is None or text.startswith("20")


class Oracle:
    """Asks Cedar in batches."""

    def __init__(self, parties: dict[str, Party]) -> None:
        self.policies = cedarpy.PolicySet.from_str((Path(__file__).parent / "oracle.cedar").read_text("utf-8"))
        self.parties = parties

    def answers(self, cases: Sequence[Any]) -> list[bool]:
        return [answer for start in range(0, len(cases), CHUNK) for answer in self._chunk(cases[start : start + CHUNK])]

    def _chunk(self, cases: Sequence[Any]) -> list[bool]:
        parts = [(case, part) for case in cases for part in self._parts(case.terms)]
        flows = self._flows(parts)
        lifted = self._lifted(parts, flows)
        entities: list[Any] = []
        questions: list[Question] = []
        for number, (case, part) in enumerate(parts):
            viewer, terms = f"v{number}", f"t{number}"
            entities += [self._viewer(viewer, case.viewer), self._terms(terms, part)]
            questions.append((viewer, case.action, terms, self._context(case, part, flows, lifted[number])))
        allowed = iter(self._ask("Viewer", "Terms", questions, entities))
        return [all([next(allowed) for _ in self._parts(case.terms)]) for case in cases]

    @staticmethod
    def _parts(terms: Terms | Joined) -> list[Terms]:
        return sorted(terms.parts, key=lambda part: part.id) if isinstance(terms, Joined) else [terms]

    def _ask(self, who: str, what: str, questions: Iterable[Question], entities: list[Any]) -> list[bool]:
        requests = [
            {
                "principal": f'{who}::"{principal}"',
                "action": f'Action::"{action}"',
                "resource": f'{what}::"{resource}"',
                "context": context,
            }
            for principal, action, resource, context in questions
        ]
        results = cedarpy.is_authorized_batch(requests, self.policies, cedarpy.Entities.from_json_str(_json(entities)))
        for result in results:
            assert not result.diagnostics.errors
        return [result.allowed for result in results]

    # First question: what may flow

    def _flows(self, parts: list[tuple[Any, Terms]]) -> dict[tuple[Any, ...], bool]:
        keys = {key for case, part in parts for key in self._flow_keys(case, part)}
        entities: dict[str, Any] = {}
        questions: list[Question] = []
        for key in (order := sorted(keys, key=repr)):
            kind, giver, receiver, content, areas, now = key
            for party in (giver, receiver):
                entities[_party_id(party)] = {
                    "uid": {"type": "Party", "id": _party_id(party)},
                    "attrs": {"state": party.state, "sides": [party.id, party.state, *party.areas]},
                    "parents": [],
                }
            context = {"need": content, "crime_areas": list(areas), "now": moment(now)}
            questions.append((_party_id(receiver), kind, _party_id(giver), context))
        answers = self._ask("Party", "Party", questions, list(entities.values()))
        return dict(zip(order, answers, strict=True))

    def _flow_keys(self, case: Any, part: Terms) -> Iterator[tuple[Any, ...]]:
        handling = part.handling
        if handling is None or handling.owner not in self.parties:
            return
        # Agreements change at midnight only; so few questions are asked.
        day = case.now.astimezone(UTC).replace(hour=13, minute=0)
        told = (handling.content, handling.crime_areas, day)
        owner = self.parties[handling.owner]
        yield ("flow", owner, case.viewer.party, *told)
        if case.recipient is not None:
            yield ("flow", owner, case.recipient, *told)
            yield ("onward", owner, case.recipient, *told)

    # Second question: which releases lift

    def _lifted(self, parts: list[tuple[Any, Terms]], flows: dict[tuple[Any, ...], bool]) -> list[bool]:
        entities: list[Any] = []
        questions: list[Question] = []
        numbers: list[int] = []
        for number, (case, part) in enumerate(parts):
            for release in case.releases if part.handling is not None else ():
                place = f"{len(questions)}"
                entities += [self._viewer(place, case.viewer), self._release(place, release)]
                questions.append((place, "lift", place, self._context(case, part, flows, False)))
                numbers.append(number)
        answers = self._ask("Viewer", "Release", questions, entities)
        lifting = {number for number, answer in zip(numbers, answers, strict=True) if answer}
        return [number in lifting for number in range(len(parts))]

    @staticmethod
    def _release(place: str, release: Release) -> dict[str, Any]:
        attrs: dict[str, Any] = {
            "handling": release.handling,
            "owner": release.owner,
            "grantee": release.grantee,
            "deed": release.action,
            "purposes": list(release.purposes),
            "verified": release.verified,
            "version": release.version,
            "readable": known_day(release.until),
        }
        if release.until is not None and known_day(release.until):
            attrs["until"] = moment(release.until)
        return {"uid": {"type": "Release", "id": place}, "attrs": attrs, "parents": []}

    # Third question: the decision

    def _context(self, case: Any, part: Terms, flows: dict[tuple[Any, ...], bool], released: bool) -> dict[str, Any]:
        keys = list(self._flow_keys(case, part))
        to_viewer, to_recipient, onward = ([flows[key] for key in keys] + [False, False, False])[:3]
        handling = part.handling
        owner = None if handling is None else self.parties.get(handling.owner)
        context = {
            "now": moment(case.now),
            "deed": case.action,
            "handling": part.id,
            "owner": "" if handling is None else handling.owner,
            "released": released,
            "flows_to_viewer": to_viewer,
            "flows_to_recipient": to_recipient,
            "onward_to_recipient": onward,
            "viewer_abroad": _abroad(owner, case.viewer.party),
        }
        if case.recipient is not None:
            context["recipient"] = case.recipient.id
            context["recipient_listed"] = case.recipient in self.parties.values()
            context["abroad"] = _abroad(owner, case.recipient)
        return context

    @staticmethod
    def _viewer(place: str, viewer: Any) -> dict[str, Any]:
        attrs: dict[str, Any] = {
            "authority": viewer.party.id,
            "purpose": viewer.purpose,
            "communities": list(viewer.communities),
            "cases": list(viewer.cases),
        }
        if viewer.clearance in RANKS:
            attrs["rank"] = RANKS[viewer.clearance]
        return {"uid": {"type": "Viewer", "id": place}, "attrs": attrs, "parents": []}

    @staticmethod
    def _terms(place: str, terms: Terms) -> dict[str, Any]:
        handling = terms.handling or Handling(owner="")
        attrs: dict[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value
            for name in handling.__struct_fields__
            if (value := getattr(handling, name)) is not None and name != "expires_on"
        }
        attrs["verified"] = terms.verified
        attrs["readable"] = terms.handling is not None and known_day(handling.expires_on)
        if handling.expires_on is not None and known_day(handling.expires_on):
            attrs["expires_on"] = moment(handling.expires_on)
        if handling.classification in RANKS:
            attrs["rank"] = RANKS[handling.classification]
        return {"uid": {"type": "Terms", "id": place}, "attrs": attrs, "parents": []}


def _json(entities: list[Any]) -> str:
    return json.dumps(entities)


def _party_id(party: Party) -> str:
    return f"{party.id}/{party.state}"


def _abroad(owner: Party | None, other: Party) -> bool:
    if owner is None:
        return True
    return owner.state != other.state and not any(area in other.areas for area in owner.areas)


@pytest.fixture(scope="module")
def cases(scene: Any) -> list[Any]:
    return scene.cases(COUNT, seed=20_260_616)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def verdicts(scene: Any, cases: list[Any]) -> list[bool]:
    return Oracle(scene.parties).answers(cases)


def asked(scene: Any, case: Any) -> bool:
    return permitted(
        case.action,
        case.viewer,
        case.terms,
        case.now,
        scene.world,
        recipient=case.recipient,
        releases=case.releases,
    )


def first_difference(scene: Any, cases: list[Any], verdicts: list[bool]) -> int | None:
    pairs = enumerate(zip(cases, verdicts, strict=True))
    return next((n for n, (case, verdict) in pairs if asked(scene, case) != verdict), None)


def test_agrees_with_cedar_on_every_case(scene: Any, cases: list[Any], verdicts: list[bool]) -> None:
    wrong = [case for case, verdict in zip(cases, verdicts, strict=True) if asked(scene, case) != verdict]
    assert wrong == []


def test_cases_are_worth_asking(cases: list[Any], verdicts: list[bool]) -> None:
    assert 0.40 < sum(verdicts) / len(verdicts) < 0.60
    each = Counter((case.action, verdict) for case, verdict in zip(cases, verdicts, strict=True))
    assert all(each[action, verdict] > 300 for action in ACTIONS for verdict in (True, False))


# The test of the test: a policy with a fault must be found out by the oracle.

# Dropping these changes no answer, because another rule of the same table refuses whenever they do.
EQUIVALENT = {
    ("others", "correct", "EXPIRED"),  # NOT_OWNER refuses all others anyhow
    ("others", "third_country", "RECIPIENT_AGREEMENT"),  # ONWARD_TRANSFER asks for more
    ("others", "third_country", "RECIPIENT_STRATEGIC"),
    ("others", "third_country", "VIEWER_ABROAD"),  # NO_THIRD_COUNTRY refuses in every country
}
NAMES = {id(rule): name for name, rule in vars(rules).items() if isinstance(rule, rules.Rule)}
CELLS = [
    (table, action, NAMES[id(rule)])
    for table, of in (("others", rules.FOR_OTHERS), ("owner", rules.FOR_OWNER))
    for action, listed in of.items()
    for rule in listed
]


@pytest.mark.parametrize(("table", "action", "name"), [cell for cell in CELLS if cell not in EQUIVALENT])
def test_dropping_any_rule_is_noticed(
    table: str,
    action: str,
    name: str,
    scene: Any,
    cases: list[Any],
    verdicts: list[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attribute = "FOR_OTHERS" if table == "others" else "FOR_OWNER"
    tables = dict(getattr(rules, attribute))
    tables[action] = tuple(rule for rule in tables[action] if NAMES[id(rule)] != name)
    monkeypatch.setattr(rules, attribute, MappingProxyType(tables))
    assert first_difference(scene, cases, verdicts) is not None


def _first_part_only(patch: pytest.MonkeyPatch) -> None:
    whole = decision.holds
    first = lambda terms: min(terms.parts, key=lambda part: part.id) if isinstance(terms, Joined) else terms  # noqa: E731
    patch.setattr(decision, "holds", lambda ask, terms, releases: whole(ask, first(terms), releases))


def _any_part(patch: pytest.MonkeyPatch) -> None:
    whole = decision.holds
    parts = lambda terms: terms.parts if isinstance(terms, Joined) else (terms,)  # noqa: E731
    patch.setattr(
        decision,
        "holds",
        lambda ask, terms, releases: any(whole(ask, part, releases) for part in parts(terms)),
    )


def _another_day(days: int) -> Callable[[pytest.MonkeyPatch], None]:
    day_of = decision.day_of
    return lambda patch: patch.setattr(decision, "day_of", lambda now: day_of(now) + timedelta(days=days))


def _local_day(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decision, "day_of", lambda now: now.date())


def _strength(value: int) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(agreements.Agreements, "strength", lambda *_, **__: value)


def _one_direction(patch: pytest.MonkeyPatch) -> None:
    strength = agreements.Agreements.strength
    turned = lambda self, giver, receiver, *rest, **more: strength(  # noqa: E731
        self, receiver, dataclasses.replace(giver, state="", areas=()), *rest, **more
    )
    patch.setattr(agreements.Agreements, "strength", turned)


def _always_released(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decision, "is_released", lambda releases, *_: bool(releases))


def _never_released(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(decision, "is_released", lambda *_: False)


def _release_trusts(**pretended: Any) -> Callable[[pytest.MonkeyPatch], None]:
    real = decision.is_released
    return lambda patch: patch.setattr(
        decision,
        "is_released",
        lambda releases, *rest: real([dataclasses.replace(each, **pretended) for each in releases], *rest),
    )


def _release_of_anybody(patch: pytest.MonkeyPatch) -> None:
    real = decision.is_released
    patch.setattr(
        decision,
        "is_released",
        lambda releases, action, viewer, handling, reading, day: real(
            [dataclasses.replace(each, owner=reading.owner) for each in releases],
            action,
            viewer,
            handling,
            reading,
            day,
        ),
    )


def _release_of_anything(patch: pytest.MonkeyPatch) -> None:
    real = decision.is_released
    patch.setattr(
        decision,
        "is_released",
        lambda releases, action, *rest: real(
            [dataclasses.replace(each, action=action) for each in releases], action, *rest
        ),
    )


def _lifts_everything(patch: pytest.MonkeyPatch) -> None:
    for attribute in ("FOR_OTHERS", "FOR_OWNER"):
        soft = {
            action: tuple(dataclasses.replace(rule, liftable=True) for rule in listed)
            for action, listed in getattr(rules, attribute).items()
        }
        patch.setattr(rules, attribute, MappingProxyType(soft))


def _believes_the_name(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "true_action", lambda ask, it: ask.action)


def _owner_is_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "FOR_OTHERS", rules.FOR_OWNER)


def _search_for_anything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "HIT_SEARCHES", frozenset({"direct", "hit_only", "none"}))


def _search_direct_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "HIT_SEARCHES", frozenset({"direct"}))


def _trusts_signatures(patch: pytest.MonkeyPatch) -> None:
    real = decision._refusals
    patch.setattr(
        decision,
        "_refusals",
        lambda ask, terms, releases: (
            rule for rule in real(ask, terms, releases) if rule is not rules.UNVERIFIED_SIGNATURE
        ),
    )


MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "join looks at its first part only": _first_part_only,
    "join is satisfied with one part": _any_part,
    "days end one day late": _another_day(-1),
    "days end one day early": _another_day(1),
    "days are local": _local_day,
    "agreements are ignored": _strength(3),
    "nothing is ever agreed": _strength(0),
    "agreements are read backwards": _one_direction,
    "any release lifts": _always_released,
    "no release lifts": _never_released,
    "unsigned releases lift": _release_trusts(verified=True),
    "ended releases lift": _release_trusts(until=None),
    "releases of unknown version lift": _release_trusts(version=1),
    "releases of one handling lift another": _release_trusts(handling="h1"),
    "releases of non-owners lift": _release_of_anybody,
    "a release for one thing lifts all": _release_of_anything,
    "a release lifts hard rules": _lifts_everything,
    "forwarding abroad is only forwarding": _believes_the_name,
    "all are owners": _owner_is_everybody,
    "search opens to every purpose": _search_for_anything,
    "no hit on operational analysis": _search_direct_only,
    "signatures are taken on trust": _trusts_signatures,
}


@pytest.mark.parametrize("fault", list(MUTANTS))
def test_seeded_fault_is_noticed(
    fault: str, scene: Any, cases: list[Any], verdicts: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[fault](monkeypatch)
    assert first_difference(scene, cases, verdicts) is not None
