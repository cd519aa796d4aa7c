"""Observer: everything that a viewer can obtain from one database, byte for byte, and the work behind it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from asked import question_reads
from charts import chart_reads
from django.db import connections
from dossier_reads import dossier_reads
from entities import entity_reads
from pieces import piece_reads
from sights import sight_reads
from worlds import Family, Part, public_id

from alidade.model.errors import AlidadeError
from alidade.model.handling import Handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.services import (
    answers,
    correcting,
    day,
    explaining,
    feedback,
    jump,
    notices,
    records,
    releasing,
    reviews,
    standing,
    verdicts,
)
from alidade.services import check as checking
from alidade.services.finding import Question
from alidade.services.node import Node
from alidade.services.picture import judging
from alidade.services.picture.judgements import judgement_desk
from alidade.services.picture.pairs import compare_records, suggestions_for
from alidade.services.picture.suggesting import suggestions
from alidade.store import models
from alidade.store.database import Transaction
from alidade.store.engines.row_guard import RowGuard
from alidade.store.guard import Guard, ViewNames

# What a read returns for the library's own use, to put things in order. No face shows it; the faces themselves are
# observed through `Laboratory.extra`.
INTERNAL_FIELDS = frozenset({("SeenStatement", "number"), ("SeenJudgement", "statements_to")})
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_FEWEST_DIGITS = 7  # a random id of 32 hex digits has fewer different ones once in ten million

OWN = "nl-politie"
Read = tuple[str, Callable[[Node, Actor], object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work of the guarded part of one read: steps of SQLite's machine (none on a server), statements, rows."""

    steps: int = 0
    statements: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one read gave: its text after renaming, and its work."""

    read: str
    text: str
    work: Work


class Meter:
    """Counts the work inside `reading`."""

    def __init__(self, monkeypatch: Any) -> None:
        self._steps = self._statements = self._rows = 0
        self._open = False
        rows = Transaction.rows
        meter = self
        for kind in (Guard, RowGuard):
            monkeypatch.setattr(kind, "watching", self._counting(kind.watching))

        def counted_rows(tx: Transaction, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
            found = rows(tx, sql, parameters)
            if meter._open:
                meter._statements += 1
                meter._rows += len(found)
            return found

        monkeypatch.setattr(Transaction, "rows", counted_rows)

    def _counting(self, watching: Any) -> Any:
        """The same guard with the meter open; the server has no steps to count."""

        @contextmanager
        def counted(guard: Any, *allowed: ViewNames) -> Iterator[None]:
            connection = connections[guard._alias].connection
            steps = getattr(connection, "set_progress_handler", lambda *_: None)
            with watching(guard, *allowed):
                self._open = True
                steps(self._step, 1)
                try:
                    yield
                finally:
                    steps(None, 1)
                    self._open = False

        return counted

    def _step(self) -> int:
        self._steps += 1
        return 0

    def take(self) -> Work:
        """The work since the last call."""
        work = Work(steps=self._steps, statements=self._statements, rows=self._rows)
        self._steps = self._statements = self._rows = 0
        return work


class Renamer:
    """Gives ids made by chance during the reads names by first appearance, and looks at how they look."""

    def __init__(self, given: frozenset[str]) -> None:
        self._given = given
        self._names: dict[str, str] = {}

    def rename(self, text: str) -> str:
        return _ID.sub(self._name, text)

    def _name(self, match: re.Match[str]) -> str:
        found = match[0]
        if found in self._given:
            return found
        if len(set(found)) < _FEWEST_DIGITS:
            return f"<not random: {found}>"
        return self._names.setdefault(found, f"<id {len(self._names) + 1}>")

    @property
    def made(self) -> frozenset[str]:
        """The ids that were renamed."""
        return frozenset(self._names)


def render(value: object) -> str:
    """Everything a face could show of a result, as text."""
    return msgspec.json.encode(_plain(value)).decode()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        shown = [field.name for field in dataclasses.fields(value) if (name, field.name) not in INTERNAL_FIELDS]
        return {"": name, **{field: _plain(getattr(value, field)) for field in shown}}
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return value


def observe(node: Node, actor: Actor, reads: Sequence[Read], meter: Meter, renamer: Renamer) -> list[Seen]:
    """Do every read and note what came of it; a refusal is a result like any other."""
    found: list[Seen] = []
    for name, read in reads:
        meter.take()
        try:
            text = render(read(node, actor))
        except AlidadeError as error:
            text = render([type(error).__name__, error.code, error.exit_code, error.message, error.remedy, str(error)])
        found.append(Seen(read=name, text=renamer.rename(text), work=meter.take()))
    return found


def reads_of(family: Family) -> list[Read]:
    """Every read of the library, with what is visible, what is hidden in one of the databases, and what is absent."""
    reads: list[Read] = []
    add = reads.append
    for number, question in enumerate(family.questions):
        add((f"check {number}: {question}", _check(question)))
    add(("hits to rule on", verdicts.hits_to_rule_on))
    add(("rule on the first hit", _rule_on_first))
    add(("check again", _check(family.questions[0])))
    add(("notices", notices.notices))
    add(("overview", lambda node, actor: records.overview(node, actor, newest=family.newest)))
    for prefix in family.prefixes:
        add((f"suggest {prefix}", _suggest(prefix)))
    add(("export", records.export))
    seen, unseen = _records(family)
    own = {line.record for side in (family.visible, *family.sides) for line in side.lines if line.owner == OWN}
    for label in [*seen, *unseen[:2]]:
        add((f"show {label}", _show(public_id(label))))
    add(("show absent", _show(public_id("absent"))))
    add(("show nonsense", _show("nonsense")))
    # An owner manages what his authority gave whether or not the officer may read it: so another's are tried.
    probe = [label for labels in (seen, unseen) for label in [label for label in labels if label not in own][:1]]
    for label in [*probe, "absent"]:
        acts = list(_acts(label, public_id(label), public_id(seen[-1])))
        reads += [acts[number] for number in family.acts]
    if family.seed % 3 == 1:
        reads += [*_judging(seen, unseen), *piece_reads(family)]
        reads += sight_reads(seen, unseen)
    if family.seed % 3 == 2:
        reads += chart_reads(seen, unseen, [each.text for each in family.questions])
        reads += question_reads(seen, unseen)
        reads += dossier_reads(seen, unseen)
    add(("hits to rule on at last", verdicts.hits_to_rule_on))
    if family.seed % 3 == 0:  # they ask every question several times, and the worlds are many
        reads += entity_reads(seen, unseen)
        reads += _standing(family)
        add(("answer read again", _answer_again(family.questions[0])))
        for label in [*probe, "absent"]:
            add((f"jump {label}", _jump(public_id(label))))
    return reads


def _judging(seen: Sequence[str], unseen: Sequence[str]) -> list[Read]:
    """What might be the same, pairs side by side, and what was ruled."""
    first = public_id(seen[0]) if seen else public_id("absent")
    reads: list[Read] = [("judgements at the desk", judgement_desk)]
    for order in ("doubt", "certainty"):
        reads.append((f"suggestions by {order}", lambda node, actor, by=order: suggestions(node, actor, order=by)))
    for label in [*seen[:2], *unseen[:1], "absent"]:
        other = public_id(label)
        reads.append((f"suggestions for {label}", lambda node, actor, one=other: suggestions_for(node, actor, one)))
        reads.append((f"pair with {label}", lambda node, actor, one=other: compare_records(node, actor, first, one)))
    return reads


def owner_reads_of(family: Family) -> list[Read]:
    """What an officer learns of his own authority's contributions and of his day.

    An owner manages what his authority gave whether or not it may be read: these agree where the sides do in that.
    """
    own = list(dict.fromkeys(line.gift for line in family.visible.lines if line.owner == OWN))
    reads: list[Read] = [("my day", day.my_day), ("feedback", feedback.feedback)]
    for gift in [*own[:1], "absent"]:
        reads.append((f"feedback on {gift}", _feedback_on(public_id(gift))))
    return [*reads, ("reviews", reviews.reviews_due), ("my day again", day.my_day)]


def _standing(family: Family) -> Iterator[Read]:
    """Standing checks of which nothing was told yet: asked by the node, then by the officer's own look."""
    until = "2026-12-31"
    for number, question in enumerate(family.questions[:1]):
        yield f"keep standing {number}", _keep_standing(question, until)
    yield "forget what was told", _forget_told
    yield "look at standing", standing.look_at_standing
    yield "look at standing again", lambda node, actor: standing.look_at_standing(node, actor, unseen_only=False)
    yield "forget what was told again", _forget_told
    yield "run standing", lambda node, actor: standing.run_due(node, every=timedelta(0))
    yield "look at what the node met", standing.look_at_standing
    yield "standing checks", standing.standing_checks


def _keep_standing(question: Question, until: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: standing.keep_standing_check(node, actor, question, until)


def _forget_told(node: Node, actor: Actor) -> object:
    with node.store.transaction() as tx:
        models.StandingTold.objects.using(tx.alias).all().delete()


def _answer_again(question: Question) -> Callable[[Node, Actor], object]:
    def again(node: Node, actor: Actor) -> object:
        found = answers.answer_again(node, actor, checking.check(node, actor, question).check)
        return dataclasses.replace(found, commitment="", ledger_head="")  # the one is salted, the other the node's own

    return again


def _jump(reference: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: jump.jump(node, actor, reference, {})


def _feedback_on(contribution: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: feedback.feedback_on(node, actor, contribution)


def given_ids(part: Part) -> frozenset[str]:
    """The public ids of what stands in a part."""
    labels = {text for line in part.lines for text in (line.label, line.record, line.gift)}
    labels |= {each.label for each in (*part.rulings, *part.pieces)}
    # Of whom a question asks is part of its wording; charts and dossiers leave out whom their reader does not see.
    labels |= {each.about for each in part.pieces if each.kind == "question"}
    named = frozenset(public_id(label) for label in labels)
    return named | {line.value for line in part.lines if line.property in ("subject", "object")}


def _records(family: Family) -> tuple[list[str], list[str]]:
    seen = list(dict.fromkeys(line.record for line in family.visible.lines))
    unseen = list(dict.fromkeys(line.record for side in family.sides for line in side.lines))
    return seen, [label for label in unseen if label not in seen]


def _check(question: Question) -> Callable[[Node, Actor], object]:
    return lambda node, actor: checking.check(node, actor, question)


def _suggest(prefix: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: records.suggest_words(node, actor, prefix)


def _show(record: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: records.show_record(node, actor, record)


def _rule_on_first(node: Node, actor: Actor) -> object:
    waiting = verdicts.hits_to_rule_on(node, actor)
    if not waiting:
        return None
    return verdicts.rule_on_hit(node, actor, waiting[0].reference, "unsure", "unsure_too_little")


def _acts(label: str, record: str, other: str) -> Iterator[Read]:
    """Acts on a record that is another's, hidden or absent: they are refused, or they change nothing."""
    mine = Handling(owner=AuthorityId("nl-politie"), communities=("all",), subject_category="suspect_or_convicted")
    yield f"why not {label}", lambda node, actor: explaining.why_not(node, actor, record, "court")
    yield (
        f"why not pass on {label}",
        lambda node, actor: explaining.why_not(node, actor, record, "forward", recipient=AuthorityId("ve-cicpc")),
    )
    yield (
        f"who may {label}",
        lambda node, actor: explaining.who_may(node, actor, record, "read", purpose="18.2.a"),
    )
    yield (
        f"judge {label}",
        lambda node, actor: bool(judging.judge(node, actor, record, other, "same", "r", mine)),
    )
    yield (
        f"rule on {label}",
        lambda node, actor: verdicts.rule_on_hit(node, actor, record, "same", "same_context"),
    )
    yield f"take back {label}", lambda node, actor: judging.take_back_judgement(node, actor, record)
    yield f"withdraw {label}", lambda node, actor: correcting.withdraw(node, actor, record, "wrong")
    yield f"categorise {label}", lambda node, actor: correcting.categorise(node, actor, record, "witness")
    yield (
        f"release {label}",
        lambda node, actor: bool(releasing.release(node, actor, record, AuthorityId("de-bka"), "court", ("18.2.a",))),
    )
