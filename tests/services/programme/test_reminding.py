"""Reminders: once for each day of a round, to those who are silent, with word outside that says nothing."""

from __future__ import annotations

import pytest
from neighbours import asked, policy, reply
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, NotFound
from alidade.services.programme.reminding import Reminded, remind, remind_due, reminders, rounds_waiting
from alidade.services.programme.rounds import answer_round, close_round, hold_round
from alidade.services.threads.notifying import WORDS, Notice
from alidade.store.threads import desks


class Post:
    """Keeps what was to be sent; refuses as often as it is told."""

    def __init__(self, refusals: int = 0) -> None:
        self.sent: list[Notice] = []
        self.refusals = refusals

    def send(self, notice: Notice) -> None:
        """Take a notice."""
        if self.refusals:
            self.refusals -= 1
            raise OSError
        self.sent.append(notice)


@pytest.fixture
def round_(office: Office) -> str:
    """A round of the Dutch police that asks two authorities and closes on the first of July."""
    return hold_round(office.node, policy(office), asked())  # the clock stands at the sixteenth of June


def told(office: Office, round_: str) -> dict[str, list[int | None]]:
    found: list[Reminded] = reminders(office.node, policy(office), round_)
    return {each.authority: [one.days for one in each.told] for each in found}


def test_the_silent_are_told_once_for_each_day(office: Office, round_: str) -> None:
    assert remind_due(office.node) == 0  # fifteen days before
    office.clock.move(days=1)
    assert remind_due(office.node) == 2
    assert remind_due(office.node) == 0
    answer_round(office.node, policy(office, DE), reply(round_))
    office.clock.move(days=11)
    assert remind_due(office.node) == 1
    office.clock.move(days=3)
    assert (remind_due(office.node), remind_due(office.node)) == (1, 0)
    assert told(office, round_) == {DE: [14], FR: [14, 3, 0]}
    office.clock.move(days=1)
    assert remind_due(office.node) == 0


def test_of_days_that_went_by_the_last_alone_is_told(office: Office, round_: str) -> None:
    office.clock.move(days=13)
    assert remind_due(office.node) == 2
    assert told(office, round_) == {DE: [3], FR: [3]}


def test_a_closed_round_reminds_nobody(office: Office, round_: str) -> None:
    close_round(office.node, policy(office), round_, 1)
    office.clock.move(days=1)
    assert remind_due(office.node) == 0
    with pytest.raises(Conflict):
        remind(office.node, policy(office), round_)


def test_the_holder_reminds_with_one_press_and_sees_whom(office: Office, round_: str) -> None:
    answer_round(office.node, policy(office, DE), reply(round_))
    assert remind(office.node, policy(office), round_) == [FR]
    with pytest.raises(Conflict):
        remind(office.node, policy(office), round_)
    office.clock.move(days=1)
    assert remind(office.node, policy(office), round_) == [FR]
    found = reminders(office.node, policy(office), round_)
    assert [(each.authority, each.answered, len(each.told)) for each in found] == [(DE, True, 0), (FR, False, 2)]
    for act in (remind, reminders):
        with pytest.raises(NotFound):
            act(office.node, policy(office, FR), round_)


def test_a_draft_is_no_answer_and_a_joint_one_is(office: Office, round_: str) -> None:
    answer_round(office.node, policy(office, DE), reply(round_, submitted=False))
    assert remind(office.node, policy(office), round_) == [DE, FR]
    draft = reply(round_, kind="reported")
    import msgspec

    part = msgspec.structs.replace(draft.parts[0], joint_with=("FRA",))
    answer_round(office.node, policy(office, DE), msgspec.structs.replace(draft, parts=(part,)), version=1)
    office.clock.move(days=1)
    with pytest.raises(Conflict):
        remind(office.node, policy(office), round_)


def test_who_is_reminded_learns_it_on_his_day_and_nobody_else(office: Office, round_: str) -> None:
    assert rounds_waiting(office.node, policy(office, FR)).reminded == 0
    remind(office.node, policy(office), round_)
    found = rounds_waiting(office.node, policy(office, FR))
    assert (found.reminded, found.days_left, found.tasks) == (1, 15, 0)
    assert rounds_waiting(office.node, policy(office, NL)).reminded == 0
    answer_round(office.node, policy(office, FR), reply(round_, "FRA"))
    assert rounds_waiting(office.node, policy(office, FR)).reminded == 0


def test_word_goes_outside_without_content_and_once(office: Office, round_: str) -> None:
    with office.store.transaction() as tx:
        desks.set_desk_rule(tx, FR, {"desk_address": "desk@fr.example"})
    remind(office.node, policy(office), round_)
    post = Post(refusals=1)
    remind_due(office.node, post)
    assert post.sent == []
    remind_due(office.node, post)
    remind_due(office.node, post)
    assert [(each.address, each.words) for each in post.sent] == [("desk@fr.example", WORDS)]
    outside = {each.authority: each.told[0].outside for each in reminders(office.node, policy(office), round_)}
    assert outside == {DE: "nowhere", FR: "sent"}


def test_the_node_leaves_its_entry_for_the_holder(office: Office, round_: str) -> None:
    office.clock.move(days=1)
    remind_due(office.node)
    entries = [entry for entry in office.entries(NL) if ("what", "reminded") in entry.details]
    assert [(entry.officer, entry.objects) for entry in entries] == [("node", (round_,))] * 2
