"""Earlier checks: what ten thousand kept questions without a hit cost when somebody contributes.

Why: officers leave questions behind for months, and contributing must not become slower by them. A contribution itself
compares nothing; the node asks again in the background, by portions of 200 in a transaction. Targets: a contribution
of a hundred records within 500 ms; a pass after it within 10 s, and no transaction above 1 s, because others who write
wait for it. Half of the questions are invented names, half phone numbers; four officers keep 2,500 each, in 25 cases.
Ten of the records contributed last are asked for.
"""

from __future__ import annotations

import time
from random import Random

from alidade.model.directory import Officer
from alidade.model.draft import Claim, Draft
from alidade.model.handling import Handling
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services import earlier_checks
from alidade.services.acting import act_as
from alidade.services.check import ask
from alidade.services.contribute import Giving, contribute
from alidade.services.earlier_checks import EarlierRun, ask_earlier_again
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.services.officers import add_officer
from benchmarks import lists, places, staging
from benchmarks.figures import Figure, Options, Result, at_most, plain
from benchmarks.timing import Sample, milliseconds

_PORTION = 50
_SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo",
    "zu", "dra", "kle", "sto", "bri", "gan", "mar", "tel", "vor",
)  # fmt: skip


def measure(options: Options) -> Result:
    """Keep the questions, contribute before and after, and time each pass."""
    size, register = (1_000, 2_000) if options.quick else (10_000, 20_000)
    with places.passing() as folder:
        node = Node.open(folder / "node")
        try:
            staging.begin(node)
            lists.write_table(folder / "table.csv", register)
            lists.import_table(node, folder / "table.csv")
            without = Sample()
            for turn in range(3):
                with without.once():
                    _give(node, f"without-{turn}", [])
            random = Random(size)
            asked = _keep(node, [_name(random) if place % 2 else f"+4479{place:08}" for place in range(size)])
            figures = _measured(node, asked)
        finally:
            node.close()
    wall, cpu = milliseconds(without.of(0.5))
    first = plain("contribution of 100 records, no question kept", wall, "ms", cpu=cpu)
    return Result(figures=(plain("questions kept", len(asked), ""), first, *figures))


def _measured(node: Node, asked: list[str]) -> list[Figure]:
    ask_earlier_again(node)
    quiet, quiet_run, _ = _pass(node)
    given = Sample()
    for turn in range(3):
        with given.once():
            _give(node, f"with-{turn}", [])
    ask_earlier_again(node)
    _give(node, "asked for", asked[:10])
    news, run, longest = _pass(node)
    if run.met < 10 or quiet_run.in_full:
        raise AssertionError("what was asked for was not met, or the quiet pass asked in full")
    wall, cpu = milliseconds(given.of(0.5))
    pass_wall, pass_cpu = news.of(0.5)
    return [
        at_most("contribution of 100 records, all kept", wall, "ms", 500, cpu=cpu),
        plain("pass when nothing was given", quiet.of(0.5)[0], "s", cpu=quiet.of(0.5)[1]),
        at_most("pass after a contribution of 100 records", pass_wall, "s", 10, cpu=pass_cpu),
        plain("of it, for each question", pass_wall / run.asked * 1e6, "us", cpu=pass_cpu / run.asked * 1e6),
        plain("questions asked in full", run.in_full, ""),
        plain("records met and told of", run.met, ""),
        at_most("longest transaction of it", longest, "ms", 1_000),
    ]


def _pass(node: Node) -> tuple[Sample, EarlierRun, float]:
    """A pass with its time, and its longest portion in milliseconds."""
    longest = 0.0
    portion = earlier_checks._ask_portion

    def timed(*arguments: object) -> None:
        nonlocal longest
        began = time.perf_counter()
        portion(*arguments)  # type: ignore[arg-type]
        longest = max(longest, time.perf_counter() - began)

    earlier_checks._ask_portion = timed  # type: ignore[assignment]
    sample = Sample()
    try:
        with sample.once():
            run = ask_earlier_again(node)
    finally:
        earlier_checks._ask_portion = portion
    return sample, run, longest * 1_000


def _keep(node: Node, asked: list[str]) -> list[str]:
    """Those that are kept: a few invented names are like one that is there."""
    admin = act_as(node, OfficerId(f"{staging.VIEWER}/admin"), purpose="18.2.a")
    officers = [OfficerId(f"{staging.VIEWER}/officer-{number}") for number in range(4)]
    for officer in officers:
        person = Officer(id=officer, authority=staging.VIEWER, role="case_officer", clearance="RESTRICTED")
        add_officer(node, admin, person)
    actors = [_actor(node, officer, f"case-{case}") for officer in officers for case in range(25)]
    kept: list[str] = []
    for start in range(0, len(asked), _PORTION):
        actor = actors[start // _PORTION % len(actors)]
        with node.store.transaction() as tx:
            for text in asked[start : start + _PORTION]:
                if ask(node, tx, actor, Question(text=text), language="en", again=True).again_until is not None:
                    kept.append(text)
    return kept


def _actor(node: Node, officer: OfficerId, case: str) -> Actor:
    return act_as(
        node, officer, purpose="18.2.a", case=case, legal_ground="criminal_investigation", justification="benchmark"
    )


def _give(node: Node, title: str, asked: list[str]) -> None:
    random = Random(title)
    drafts = []
    for number in range(100):
        text = asked[number] if number < len(asked) else _name(random)
        phone = text if text.startswith("+") else f"+3161{random.randrange(10**7):07}"
        claims = (Claim(property="name", value=_name(random) if text.startswith("+") else text),)
        drafts.append(Draft(key=f"{number}", thing="Person", claims=(*claims, Claim(property="phone", value=phone))))
    handling = Handling(owner=staging.VIEWER, communities=("all",), subject_category="suspect_or_convicted")
    giving = Giving(title=title, drafts=tuple(drafts), handlings={"own": handling}, source_list=title)
    contribute(node, staging.actor(node), giving)


def _name(random: Random) -> str:
    """A first and a last name that nobody has."""
    words = ["".join(random.choice(_SYLLABLES) for _ in range(random.randint(2, 4))) for _ in range(2)]
    return " ".join(word.capitalize() for word in words)
