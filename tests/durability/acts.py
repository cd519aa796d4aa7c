"""What the officers of the durability tests do: small contributions, checks, corrections, with receipts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from alidade.model.directory import Authority, Officer
from alidade.model.draft import Claim, Draft
from alidade.model.errors import NotAllowed
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.ports import Randomness
from alidade.model.viewer import Actor
from alidade.services.acting import act_as
from alidade.services.authorities import found_node, party
from alidade.services.check import check
from alidade.services.contribute import Giving, contribute
from alidade.services.correcting import erase_question, erase_record, withdraw
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.services.officers import add_officer
from alidade.store.database import SQLITE
from alidade.vocabulary import Vocabulary, load_vocabulary

OWNER = AuthorityId("xx-durable")
LIST = "watch-list"

Kind = Literal["contribution", "check", "withdrawal", "erasure", "refusal"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller holds in hands once an act is acknowledged, or refused.

    `gone`: a record or check that was erased. Of a refusal, the reference is how many there have been.
    """

    kind: Kind
    reference: str
    gone: str = ""


@cache
def words() -> Vocabulary:
    """The vocabulary, read once."""
    return load_vocabulary()


class Dice:
    """Randomness that comes out the same for the same seed. Good for tests alone."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def token_bytes(self, count: int) -> bytes:
        """`count` bytes."""
        return self._random.randbytes(count)


def open_node(folder: Path, *, engine: str = SQLITE, randomness: Randomness | None = None) -> Node:
    """The node of this folder."""
    return Node.open(folder, vocabulary=words(), engine=engine, randomness=randomness)


def begin(node: Node) -> None:
    """Enter the one authority and its case officer."""
    found_node(
        node,
        Authority(
            party=party(node, OWNER, "police", "NL"),
            name="Durable",
            contact="desk",
            invented=True,
        ),
        Officer(id=OfficerId(f"{OWNER}/admin"), authority=OWNER, role="administrator"),
    )
    admin = act_as(node, OfficerId(f"{OWNER}/admin"), purpose="18.2.a")
    add_officer(
        node,
        admin,
        Officer(id=OfficerId(f"{OWNER}/case"), authority=OWNER, role="case_officer", cases=("c1",)),
    )


def case_officer(node: Node) -> Actor:
    """The officer who does everything here."""
    return act_as(
        node,
        OfficerId(f"{OWNER}/case"),
        purpose="18.2.a",
        case="c1",
        legal_ground="criminal_investigation",
        justification="durability",
    )


def _name(number: int) -> str:
    """One of 125 names without a word in common, so that checks meet something, but not everything."""
    return "".join("bdkmt"[number // 5**place % 5] + "aeiou"[number // 5**place % 5] for place in range(3)).title()


def give(node: Node, actor: Actor, number: int, *, things: int = 1, version: int | None = None) -> Receipt:
    """Give a few things; as a version of a list where `version` says so, which supersedes earlier claims."""
    drafts = [
        Draft(
            key=f"k{thing}" if version is not None else f"{number}-{thing}",
            thing="Company",
            claims=(
                Claim(property="name", value=_name(number + thing)),
                Claim(property="registrationNumber", value=f"NL-{number:06d}-{thing}"),
                Claim(property="notes", value=f"given as number {number}"),
            ),
        )
        for thing in range(things)
    ]
    handling = Handling(owner=OWNER, communities=("all",), content="non_personal")
    giving = Giving(
        title=f"number {number}",
        drafts=drafts,
        handlings={"all": handling},
        source_list=LIST if version is not None else "",
    )
    outcome = contribute(node, actor, giving)
    assert outcome.contribution is not None
    return Receipt("contribution", outcome.contribution)


def ask(node: Node, actor: Actor, number: int) -> Receipt:
    """Check one number."""
    answer = check(node, actor, Question(text=_name(number), kind="name"))
    return Receipt("check", answer.check)


def one_after_the_other(node: Node, count: int) -> Iterator[Receipt]:
    """`count` acts of every kind that changes the store, each yielded when its service call has returned."""
    actor = case_officer(node)
    administrator = act_as(node, OfficerId(f"{OWNER}/admin"), purpose="18.2.a")
    checks: list[str] = []
    for number in range(count):
        turn = number % 10
        if turn in (0, 4):
            yield give(node, actor, number, things=2)
        elif turn in (2, 6):
            yield give(node, actor, number, things=3, version=number)
        elif turn == 5:
            try:
                withdraw(node, administrator, "0" * 32, "wrong")
            except NotAllowed:
                yield Receipt("refusal", str(number // 10 + 1))
        elif turn == 7:
            given = give(node, actor, number)
            yield given
            withdraw(node, actor, given.reference, "wrong")
            yield Receipt("withdrawal", given.reference)
        elif turn == 8:
            erased = erase_question(node, actor, checks[-1], "court_order")
            yield Receipt("erasure", erased.erasure, gone=checks.pop())
        elif turn == 9:
            outcome = contribute(
                node,
                actor,
                Giving(
                    title="to be erased",
                    drafts=[Draft(key="e", thing="Company", claims=(Claim(property="name", value="Erased Freight"),))],
                    handlings={"own": Handling(owner=OWNER, content="non_personal")},
                ),
            )
            assert outcome.contribution is not None
            yield Receipt("contribution", outcome.contribution)
            erased = erase_record(node, actor, outcome.records["e"], "court_order")
            yield Receipt("erasure", erased.erasure, gone=outcome.records["e"])
        else:
            made = ask(node, actor, number)
            checks.append(made.reference)
            yield made
