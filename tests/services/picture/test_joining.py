"""Joining: own rulings win, doubt wins among others, and where the search starts makes no difference."""

from __future__ import annotations

import random

import pytest

from alidade.services.picture.joining import Joined, joined
from alidade.store.reading import SeenJudgement

OWN, OTHER, THIRD = "nl", "de", "fr"


class Rulings:
    """Rulings in the order in which they are written down."""

    def __init__(self, *said: str) -> None:
        self.made = [self._made(number, text) for number, text in enumerate(said)]

    @staticmethod
    def _made(number: int, text: str) -> SeenJudgement:
        authority, left, sign, right = text.split()
        accepted = not authority.endswith("-")
        return SeenJudgement(
            judgement=f"{number:04d}",
            left=left,
            right=right,
            ruling={"=": "same", "#": "not_the_same", "?": "unsure"}[sign],
            reason="r",
            authority=authority.rstrip("-"),
            ruled_at=f"2026-01-01 00:{number:02d}:00",
            accepted=accepted,
        )

    def joined(self, *start: str, authority: str = OWN) -> Joined:
        return joined(start, self.made, authority)


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ((), (("a",),)),
        (("nl a = b", "de b = c"), (("a", "b", "c"),)),
        (("de- a = b",), (("a",),)),  # not accepted
        (("de a = b", "nl a # b"), (("a",), ("b",))),  # the own ruling wins
        (("de a = b", "nl a ? b"), (("a",), ("b",))),  # the own doubt wins too
        (("nl a = b", "de a # b"), (("a", "b"),)),  # another's "not the same" does not part what the own joins
        (("de a = b", "fr a # b"), (("a",), ("b",))),  # among others doubt wins
        (("de a = b", "fr- a # b"), (("a", "b"),)),  # unless his rulings are not accepted
        (("nl a # b", "nl a = b"), (("a", "b"),)),  # the newest of one authority counts
        (("de a = b", "de b = c", "nl a # c"), (("a", "b"), ("c",))),  # the later link is passed over
        (("nl b = c", "de a = b", "nl a # c"), (("a",), ("b", "c"))),  # the own "same" first
        (("nl a = b", "nl b = c", "nl a # c"), (("a", "b"), ("c",))),
        (("nl a = b", "nl b = c", "de a # c"), (("a", "b", "c"),)),
        (("de a = b", "fr c = d", "de b = c", "nl a # d"), (("a", "b"), ("c", "d"))),
        (("de a = b", "de b = c", "fr a # c", "fr a = b"), (("a", "b"), ("c",))),
    ],
)
def test_the_rule(said: tuple[str, ...], groups: tuple[tuple[str, ...], ...]) -> None:
    assert Rulings(*said).joined("a").groups == groups


def test_my_same_does_not_force_yours() -> None:
    rulings = Rulings("nl a = b", "de a # b")
    assert rulings.joined("a", authority=OWN).of("b") == ("a", "b")
    assert rulings.joined("a", authority=OTHER).of("b") == ("b",)
    assert rulings.joined("a", authority=THIRD).of("b") == ("b",)


def test_contradictions_are_told_with_the_chain_that_leads_to_them() -> None:
    found = Rulings("nl a = b", "de b = c", "nl a # c").joined("a")
    assert [(each.joined, len(each.chain)) for each in found.contradictions] == [(False, 2)]
    assert [each.judgement for each in found.contradictions[0].chain] == ["0000", "0001"]
    assert [each.judgement for each in found.passed_over] == ["0001"]
    told = Rulings("nl a = b", "de a # b").joined("a").contradictions
    assert [(each.joined, each.apart.authority) for each in told] == [(True, OTHER)]
    assert Rulings("nl a = b", "nl b # c").joined("a").contradictions == ()


def test_where_it_starts_and_in_which_order_rulings_come_makes_no_difference() -> None:
    chance = random.Random(5)
    names = [f"r{number:02d}" for number in range(12)]
    for _ in range(300):
        said = [
            f"{chance.choice(('nl', 'de', 'fr'))} {left} {chance.choice('===#?')} {right}"
            for left, right in (chance.sample(names, 2) for _ in range(chance.randint(1, 14)))
        ]
        rulings = Rulings(*said)
        whole = rulings.joined(*names)
        shuffled = list(rulings.made)
        chance.shuffle(shuffled)
        assert joined(names, shuffled, OWN).groups == whole.groups
        for record in names:
            alone = rulings.joined(record)
            assert alone.of(record) == whole.of(record)
            for each in rulings.made:
                newest_own = [
                    one
                    for one in rulings.made
                    if one.authority == OWN and {one.left, one.right} == {each.left, each.right}
                ]
                if newest_own and newest_own[-1].ruling == "not_the_same":
                    assert each.right not in whole.of(each.left)


def test_a_hundred_thousand_records_are_joined() -> None:
    made = [
        SeenJudgement(
            judgement=f"{number:06d}", left=f"{number:06d}", right=f"{number + 1:06d}", ruling="same", reason="",
            authority=OTHER, ruled_at="2026-01-01",
        )
        for number in range(100_000)
        if number % 5 != 4
    ]  # fmt: skip
    found = joined((f"{number:06d}" for number in range(100_000)), made, OWN)
    assert len(found.groups) == 20_000
    assert found.of("000002") == tuple(f"{number:06d}" for number in range(5))
