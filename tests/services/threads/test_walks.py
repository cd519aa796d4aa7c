"""Every procedure of the catalogue, walked between authorities of one node, step by step, as officers would."""

from __future__ import annotations

import pytest
from personas import DE, NL, Office, draft, words
from thread_cases import ANSWERS, definition

from alidade.model.ids import AuthorityId
from alidade.procedures import Definition, Value, load_catalogue
from alidade.procedures.dry_run import Move, covering_walks, sample_values
from alidade.services.threads.drafts import approve_draft
from alidade.services.threads.inbox import inbox
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder, ThreadView

CODES = load_catalogue().codes()


class Walk:
    """Two authorities that go through a procedure, the opener at NL."""

    def __init__(self, office: Office, of: Definition) -> None:
        self.office = office
        self.definition = of
        own = of.opening.by[0]
        self.holders = {role.code: NL if role.code == own else DE for role in of.roles}
        owner = self.holders.get("owner", DE)
        given = office.give(draft("1", name="Otto Kunz"), by=owner)
        self.record = given.records["1"]
        hidden = office.give(
            draft("2", name="Elsa Brandt"), by=DE, handling=office.handling(DE, communities=(), case=None)
        )
        self.hidden = hidden.records["2"]
        self.hit = office.ask(NL, "Elsa Brandt").without_content[0].reference
        self.thread = ""
        self.facts: dict[str, Value] = {}

    def values(self, code: str, given: dict[str, Value]) -> dict[str, Value]:
        """The answers of the walk, with references that exist here."""
        form = self.definition.form_of_step(code)
        if form is None:
            return {}
        real: dict[str, Value] = {}
        for field in form.fields:
            if field.code in ANSWERS:
                real[field.code] = ANSWERS[field.code]
            elif field.type == "record" and (field.required or field.code in given):
                record = self.hidden if self.definition.code == "hit_follow_up" else self.record
                real[field.code] = (record,) if field.many else record
            elif field.type == "check_hit":
                real[field.code] = self.hit
            elif field.code in given and field.type not in ("authority", "contribution"):
                real[field.code] = given[field.code]
        return sample_values(form, words(), real, facts=self.facts)

    def take(self, move: Move) -> None:
        """One move of a walk, approved by a second officer where the procedure asks for it."""
        values = self.values(move.code, dict(move.values))
        order = StepOrder(code=move.code, values=values, reason=move.reason or "", note=move.note)
        who = self.holders[move.role]
        officer = self.office.officer(who)
        self.office.clock.move(hours=1)
        if move.code == "received":
            return  # the node has written it itself
        if move.code == "open":
            others = {AuthorityId(a): role for role, a in self.holders.items() if a != who}
            made = Opening(
                procedure=self.definition.code,
                parties=others,
                title="Walk",
                order=order,
                handling=self.office.handling(who, communities=()),
            )
            sent = open_thread(self.office.node, officer, made)
        else:
            sent = take_step(self.office.node, officer, self.thread, order)
        if sent.state == "waiting_for_approval":
            sent = approve_draft(self.office.node, self.office.officer(who, "liaison_officer"), sent.draft)
        self.thread = sent.thread
        self.facts.update(values)

    def seen_by(self, who: str) -> ThreadView:
        """The thread as a party reads it."""
        return read_thread(self.office.node, self.office.officer(who), self.thread)


def _longest(code: str) -> list[tuple[Move, ...]]:
    """One walk to each last step: those that end in the same step differ only before it."""
    by_end: dict[str, tuple[Move, ...]] = {}
    for walk in covering_walks(definition(code), words()):
        by_end.setdefault(walk[-1].code, walk)
    return list(by_end.values())


@pytest.mark.parametrize("code", CODES)
def test_every_step_of_the_procedure_can_be_taken_here(office: Office, code: str) -> None:
    of = definition(code)
    first = Walk(office, of)
    for number, moves in enumerate(_longest(code)):
        walk = first if number == 0 else _again(first)
        for move in moves:
            walk.take(move)
        ours, theirs = walk.seen_by(NL), walk.seen_by(DE)
        assert ours.state == theirs.state, moves[-1].code
        assert [(step.id, step.code) for step in ours.steps] == [(step.id, step.code) for step in theirs.steps][
            : len(ours.steps)
        ]
        assert {step.standing for step in theirs.steps} == {"effective"}, moves[-1].code
        assert any(step.code == moves[-1].code for step in theirs.steps)
        assert ours.final == of.state(ours.state).final


def _again(walk: Walk) -> Walk:
    other = object.__new__(Walk)
    other.__dict__.update(walk.__dict__, thread="", facts={})
    return other


@pytest.mark.parametrize("code", CODES)
def test_after_the_opening_the_thread_lies_where_it_is_to_be_acted_on(office: Office, code: str) -> None:
    walk = Walk(office, definition(code))
    walk.take(covering_walks(walk.definition, words())[0][0])
    turn = walk.seen_by(NL).turn
    for who in (NL, DE):
        lines = inbox(office.node, office.officer(who), "all").lines
        assert (walk.thread in {line.reference for line in lines}) or who not in turn
        for line in lines:
            assert line.title == "Walk"
