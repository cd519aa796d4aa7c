"""The little world in which the policy is tried: its parties, its agreements, and cases drawn from it."""

# mypy: disable-error-code="arg-type, index, no-untyped-call"

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st

from alidade.model.handling import Handling
from alidade.model.viewer import Party, Viewer
from alidade.policy import ACTIONS, Agreement, Agreements, Joined, Release, Terms, World, join
from alidade.vocabulary import Label

TODAY = date(2026, 6, 16)
NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)
LABEL = Label(en="agreement", fr="accord", es="acuerdo", pt="acordo")
RANKS = {"PUBLIC": 0, "BPL": 1, "RESTRICTED": 2, "SECRET": 4}
PURPOSES = {"18.2.a": "direct", "18.2.b": "direct", "18.2.c": "hit_only", "18.2.d": "none"}

PARTIES = {
    party.id: party
    for party in (
        Party(id="nl-politie", function="police", state="NL", areas=("EU", "SCHENGEN")),
        Party(id="nl-douane", function="customs", state="NL", areas=("EU", "SCHENGEN")),
        Party(id="de-bka", function="police", state="DE", areas=("EU", "SCHENGEN")),
        Party(id="ie-garda", function="police", state="IE", areas=("EU",)),
        Party(id="europol", function="agency", state="EU", areas=()),
        Party(id="ch-fedpol", function="police", state="CH", areas=("SCHENGEN",)),
        Party(id="br-pf", function="police", state="BR", areas=()),
        Party(id="co-ponal", function="police", state="CO", areas=("CLASI",)),
        Party(id="ec-pn", function="police", state="EC", areas=("CLASI",)),
        Party(id="pa-pn", function="police", state="PA", areas=("CLASI",)),
    )
}


def agreement(code: str, a: str, b: str, flow: str, **more: Any) -> Agreement:
    fields = {
        "valid_from": date(2017, 5, 1),
        "status": "in_force",
        "onward_transfer": True,
        "verified": False,
        "source": "invented",
        "instrument": "invented",
    } | more
    return Agreement(code=code, label=LABEL, party_a=a, party_b=b, flow=flow, **fields)


AGREEMENTS = (
    agreement("eu", "EU", "EU", "personal"),
    agreement(
        "br",
        "EU",
        "BR",
        "personal",
        crime_areas=("arms_trafficking", "drug_trafficking"),
        valid_from=date(2025, 9, 29),
        valid_until=TODAY,
    ),
    agreement("co", "CO", "EU", "personal", onward_transfer=False, valid_from=date(2020, 1, 1)),
    agreement("ec", "EU", "EC", "strategic"),
    agreement(
        "ec-nl",
        "nl-politie",
        "EC",
        "personal",
        onward_transfer=False,
        crime_areas=("drug_trafficking",),
        valid_from=date(2026, 6, 15),
    ),
    agreement("schengen", "SCHENGEN", "SCHENGEN", "non_personal"),
    agreement("pa", "EU", "PA", "personal", status="signed", valid_from=None),
    agreement("pa-old", "EU", "PA", "personal", status="ended"),
    agreement("pa-talks", "CLASI", "PA", "personal", status="in_talks", valid_from=None),
)


@dataclass(frozen=True)
class Case:
    """One question to the policy."""

    action: Any
    viewer: Viewer
    terms: Terms | Joined
    now: datetime
    recipient: Party | None
    releases: tuple[Release, ...]


class Scene:
    """Shared set-up: a viewer and a handling that permit everything, and ways to change one thing."""

    now = NOON
    today = TODAY
    parties = PARTIES
    agreements = AGREEMENTS
    world = World(parties=PARTIES, agreements=Agreements.of(AGREEMENTS), ranks=RANKS, purposes=PURPOSES)
    agreement = staticmethod(agreement)

    def viewer(self, authority: str = "de-bka", **more: Any) -> Viewer:
        fields = {
            "clearance": "RESTRICTED",
            "purpose": "18.2.a",
            "communities": ("all", "ap-cola"),
            "cases": ("case-1",),
        } | more
        return Viewer(party=PARTIES[authority], **fields)

    def handling(self, **changes: Any) -> Handling:
        fields = {
            "owner": "nl-politie",
            "communities": ("ap-cola",),
            "subject_category": "suspect_or_convicted",
            "crime_areas": ("drug_trafficking",),
        } | changes
        return Handling(**fields)

    def terms(self, identity: str = "h1", *, verified: bool = True, **changes: Any) -> Terms:
        return Terms(id=identity, handling=self.handling(**changes), verified=verified)

    def release(self, action: str = "read", **changes: Any) -> Release:
        fields = {
            "handling": "h1",
            "owner": "nl-politie",
            "grantee": "de-bka",
            "purposes": ("18.2.a",),
            "until": None,
            "verified": True,
        } | changes
        return Release(action=action, **fields)

    # What Hypothesis draws: from pools made beforehand, because drawing field by field takes minutes

    def __init__(self) -> None:
        chance = random.Random(1)
        one = chance.choice
        some = lambda *values: tuple(sorted(chance.sample(values, chance.choice([0, 1, 1, 2]))))  # noqa: E731
        days = (None, None, "2026-06-15", "2026-06-16", "2026-06-17", "2027-01-01")
        handlings = [
            Handling(
                owner=one(["nl-politie", "nl-politie", *PARTIES]),
                codes=("H0", *some("H1", "H2", "H3")),
                restriction=one(["", "", "", "ask first"]),
                conditions=some("no_automated_match", "no_court", "no_onward", "no_third_country"),
                hit=one(["visible", "silent"]),
                classification=one(["PUBLIC", "BPL", "BPL", "BPL", "SECRET", "COSMIC"]),
                purposes=some(*PURPOSES) or ("18.2.a",),
                released_to=some(*PARTIES),
                excluded=one([(), (), some(*PARTIES)]),
                communities=one([("all",), some("ap-cola", "otf-1")]),
                case=one([None, None, None, "case-1", "case-2"]),
                content=one(["personal", "non_personal", "strategic"]),
                subject_category=one(["suspect_or_convicted", "victim", "victim", None]),
                crime_areas=one([("drug_trafficking",), some("drug_trafficking", "fraud")]),
                expires_on=one(days),
                version=one([1] * 19 + [2]),
            )
            for _ in range(600)
        ]
        self.handlings = st.sampled_from([self.handling(), *handlings])
        pool = [
            Terms(
                id=one(["h1", "h2", "h3"]),
                handling=one([handling] * 19 + [None]),
                verified=one([True] * 15 + [False]),
            )
            for handling in handlings * 2
        ]
        self.all_terms = st.sampled_from([self.terms(), *pool])
        several = st.lists(self.all_terms, min_size=1, max_size=3)
        self.joined = st.one_of(self.all_terms, several.map(lambda parts: join(*parts)))
        self.viewers = st.sampled_from(
            [
                Viewer(
                    party=one(list(PARTIES.values())),
                    clearance=one(["PUBLIC", "BPL", "RESTRICTED", "RESTRICTED", "SECRET", "COSMIC"]),
                    purpose=one([*PURPOSES, "18.2.a", "18.2.z"]),
                    communities=one([("all",), ("all", "ap-cola"), ("all", "ap-cola", "otf-1"), ()]),
                    cases=some("case-1", "case-2"),
                )
                for _ in range(300)
            ]
        )
        releases = [
            Release(
                handling=one(["h1", "h2", "h3"]),
                owner=one(["nl-politie", "nl-politie", "de-bka", "br-pf"]),
                grantee=one(list(PARTIES)),
                action=one(ACTIONS),
                purposes=one([("18.2.a",), tuple(PURPOSES), ()]),
                until=one([*days, "soon"]),
                verified=one([True, True, True, False]),
                version=one([1, 1, 1, 2]),
            )
            for _ in range(500)
        ]
        self.releases = st.lists(st.sampled_from(releases), max_size=4)
        midnight = datetime(2026, 6, 16, tzinfo=UTC)
        self.moments = st.integers(-36, 60).map(lambda hours: midnight + timedelta(hours=hours))
        self.actions = st.sampled_from(ACTIONS)
        stranger = Party(id="xx-new", function="police", state="NL", areas=("EU",))
        forged = Party(id="pa-pn", function="police", state="NL", areas=("EU",))
        self.recipients = st.sampled_from([None, stranger, forged, *PARTIES.values()])

    # What the oracle is asked: many cases fast, about half of them allowed

    def cases(self, count: int, seed: int) -> list[Case]:
        chance = random.Random(seed)
        return [self._case(chance) for _ in range(count)]

    def _case(self, chance: random.Random) -> Case:
        rare = lambda usual, *others: chance.choice(others) if chance.random() < 0.07 else usual  # noqa: E731
        action = chance.choice(ACTIONS)
        near = ["de-bka", "nl-douane", "ie-garda", "nl-politie"]
        owner = chance.choice([*near, *near, *near, *PARTIES])
        same = chance.random() < (0.6 if action == "correct" else 0.12)
        viewer = Viewer(
            party=PARTIES[owner if same else chance.choice([*near, *near, *near, *PARTIES])],
            clearance=rare("RESTRICTED", "PUBLIC", "BPL", "SECRET", "COSMIC"),
            purpose=rare("18.2.a", "18.2.b", "18.2.c", "18.2.d", "18.2.z"),
            communities=rare(("all", "ap-cola"), ("all",), (), ("otf-1",)),
            cases=rare(("case-1",), (), ("case-2",)),
        )
        far = ["br-pf", "br-pf", "br-pf", "co-ponal", "co-ponal", "ec-pn", "pa-pn", "ch-fedpol", "europol"]
        abroad = chance.random() < (0.6 if action == "third_country" else 0.15)
        passing = action in ("forward", "third_country")
        recipient = PARTIES[chance.choice(far if abroad else near)] if passing or chance.random() < 0.1 else None
        recipient = rare(recipient, None, Party(id="pa-pn", function="police", state="NL", areas=("EU",)))
        zone = timezone(timedelta(hours=chance.choice([0, 0, -5, 2])))
        now = (datetime(2026, 6, 14, tzinfo=UTC) + timedelta(minutes=chance.randrange(4 * 24 * 60))).astimezone(zone)
        first = self._terms(chance, "h1", owner)
        terms: Terms | Joined = first
        if chance.random() < 0.25:
            other = owner if chance.random() < 0.7 else chance.choice(list(PARTIES))
            terms = join(first, *(self._terms(chance, f"h{n}", other) for n in range(2, chance.choice([3, 4]))))
        grant = lambda: Release(  # noqa: E731
            handling=rare("h1", "h2"),
            owner=rare(owner, "ie-garda", "de-bka", viewer.authority),
            grantee=rare(viewer.authority, "ie-garda"),
            action=rare(action, *ACTIONS),
            purposes=rare((viewer.purpose,), (), ("18.2.b", "18.2.c")),
            until=rare(None, "2026-06-14", "2026-06-15", "2026-06-16", "2026-06-17", "soon"),
            verified=rare(True, False),
            version=rare(1, 2),
        )
        releases = tuple(grant() for _ in range(chance.choice([0, 0, 1, 2])))
        return Case(action, viewer, terms, now, recipient, releases)

    def _terms(self, chance: random.Random, identity: str, owner: str) -> Terms:
        rare = lambda usual, *others: chance.choice(others) if chance.random() < 0.05 else usual  # noqa: E731
        odd = lambda usual, *others: rare(usual, *others) if chance.random() < 0.25 else usual  # noqa: E731
        often = lambda usual, *others: chance.choice([usual, usual, *others])  # noqa: E731
        mixed = lambda *values: (often if chance.random() < 0.2 else rare)(*values)  # noqa: E731
        handling = Handling(
            owner=odd(owner, "zz-unlisted"),
            codes=mixed(("H0",), ("H0", "H1"), ("H0", "H2"), ("H0", "H3"), ("H0", "H1", "H2")) + odd((), ("H9",)),
            restriction=rare("", "", "", "ask first"),
            conditions=mixed(
                (),
                ("no_court",),
                ("no_onward",),
                ("no_third_country",),
                ("no_automated_match",),
            )
            + odd((), ("no_rain",)),
            hit=mixed("visible", "silent", "silent", odd("silent", "whisper")),
            classification=rare("BPL", "PUBLIC", "RESTRICTED", "SECRET", "COSMIC"),
            purposes=rare(("18.2.a", "18.2.b"), ("18.2.c",), ("18.2.d",), ("18.2.a", "18.2.z"), ("18.2.z",)),
            released_to=rare((), ("de-bka",), ("nl-douane", "br-pf")),
            excluded=mixed((), ("de-bka",), ("nl-douane", "ie-garda"), ("br-pf",), ("nl-politie",), ("co-ponal",)),
            communities=rare(("ap-cola",), ("all",), (), ("otf-1",)),
            case=rare(None, "case-1", "case-2"),
            content=rare("personal", "non_personal", "strategic", odd("strategic", "gossip")),
            subject_category=rare("suspect_or_convicted", None),
            crime_areas=rare(
                ("drug_trafficking",), (), ("fraud",), ("arms_trafficking",), ("drug_trafficking", "fraud")
            ),
            expires_on=rare(None, "2026-06-14", "2026-06-15", "2026-06-16", "2026-06-17", odd("2026-06-16", "someday")),
            version=1 if chance.random() < 0.99 else 2,
        )
        if handling.content != "personal":
            handling = msgspec.structs.replace(handling, subject_category=None)
        readable = chance.random() < 0.99
        return Terms(id=identity, handling=handling if readable else None, verified=chance.random() < 0.98)


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene()
