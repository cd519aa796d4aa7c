"""The desk: lists by what expires first, who has what, what the clocks bring about, and what is told outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from personas import DE, FR, NL, Office, draft
from thread_cases import answer, answers, definition, opening, request

from alidade.model.errors import Invalid, NotAllowed, NotFound
from alidade.model.ids import OfficerId
from alidade.services.deputies import name_deputy
from alidade.services.directory_entries import EntryChanges, edit_entry
from alidade.services.officers import end_access
from alidade.services.threads.acknowledging import demands
from alidade.services.threads.assigning import (
    assign_thread,
    colleagues_for,
    duty_desk,
    hand_over_threads,
    load,
    take_thread,
)
from alidade.services.threads.figures import deadlines_kept, thread_statistics
from alidade.services.threads.inbox import awaited, counts, inbox
from alidade.services.threads.managing import DeskRules, desk_rules, settle_desk_rules
from alidade.services.threads.notifying import MailFolder, Notice, send_notices
from alidade.services.threads.noting import add_note
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.searching import search_threads
from alidade.services.threads.stepping import take_step
from alidade.services.threads.ticking import tick
from alidade.services.threads.view import StepOrder


class Post:
    """Keeps what it was given; fails as long as it is told to."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []
        self.broken = False

    def send(self, notice: Notice) -> None:
        """Keep it."""
        if self.broken:
            raise OSError("no line")
        self.sent.append(notice)


def _urgent(office: Office, **more: str) -> str:
    return request(office, urgent=True, urgency_grounds=("public_security",), urgency_reasons="Soon.", **more)


def test_what_expires_first_stands_first(office: Office) -> None:
    slow = request(office)
    office.clock.move(hours=1)
    urgent = _urgent(office)
    office.clock.move(hours=1)
    slower = request(office)
    lines = inbox(office.node, office.officer(DE), "all").lines
    assert [line.reference for line in lines] == [urgent, slow, slower]
    assert lines[0].urgent
    assert lines[0].left is not None
    assert lines[0].left.total_seconds() == 7 * 3600
    assert [line.reference for line in inbox(office.node, office.officer(DE), "urgent").lines] == [urgent]
    owed = awaited(office.node, office.officer(NL))
    assert [each.thread for each in owed] == [urgent, slow, slower]
    assert {each.authority for each in owed} == {DE}
    assert awaited(office.node, office.officer(FR)) == ()


def test_pages_of_a_list_hold_every_thread_once(office: Office) -> None:
    made = {request(office) for _ in range(5)}
    found: list[str] = []
    after = ""
    while True:
        page = inbox(office.node, office.officer(DE), "all", after=after, size=2)
        found.extend(line.reference for line in page.lines)
        after = page.next
        if not after:
            break
    assert len(found) == 5
    assert set(found) == made
    for wrong in ("x", "2026-01-01", "2026-01-01T00:00:00/1"):
        with pytest.raises(Invalid):
            inbox(office.node, office.officer(DE), "all", after=wrong)


def test_what_is_closed_is_listed_from_the_newest(office: Office) -> None:
    made = [request(office) for _ in range(3)]
    for thread in made:
        take_step(office.node, office.officer(NL), thread, StepOrder(code="cancel", reason="no_longer_needed"))
    found: list[str] = []
    after = ""
    for _ in made:
        page = inbox(office.node, office.officer(DE), "closed", after=after, size=1)
        found.extend(line.reference for line in page.lines)
        after = page.next
    assert found == list(reversed(made))
    assert after == ""


def test_what_nobody_has_lies_at_the_duty_desk_until_somebody_takes_it(office: Office) -> None:
    edit_entry(
        office.node,
        office.officer(DE, "administrator"),
        EntryChanges(contact="desk", duty_line="+49 30 1", hours="Mon-Fri 08:00-10:00 Europe/Berlin"),
    )
    thread = request(office)
    desk = duty_desk(office.node, office.officer(DE))
    assert [line.reference for line in desk.lines] == [thread]
    assert not desk.open_now  # eleven o'clock in Berlin
    office.clock.move(hours=22)
    assert duty_desk(office.node, office.officer(DE)).open_now
    take_thread(office.node, office.officer(DE), thread)
    assert duty_desk(office.node, office.officer(DE)).lines == ()
    assert [line.reference for line in inbox(office.node, office.officer(DE), "mine").lines] == [thread]
    assert inbox(office.node, office.officer(DE, "analyst"), "mine").lines == ()


def test_a_thread_is_assigned_to_who_may_read_it(office: Office) -> None:
    thread = request(office)
    chief = office.officer(DE, "liaison_officer")
    assert f"{DE}/data_protection_officer" not in colleagues_for(office.node, chief)
    with pytest.raises(NotFound):
        assign_thread(office.node, chief, thread, OfficerId(f"{NL}/analyst"))
    with pytest.raises(NotAllowed):
        assign_thread(office.node, chief, thread, OfficerId(f"{DE}/administrator"))
    with pytest.raises(NotFound):
        assign_thread(office.node, office.officer(FR), thread, OfficerId(f"{FR}/analyst"))
    assign_thread(office.node, chief, thread, OfficerId(f"{DE}/analyst"))
    assert counts(office.node, office.officer(DE, "analyst")).mine == 1
    assert [(each.officer, each.open) for each in load(office.node, chief)] == [(f"{DE}/analyst", 1)]
    assign_thread(office.node, chief, thread, None)
    assert [line.reference for line in duty_desk(office.node, chief).lines] == [thread]
    how = [each.how for each in read_thread(office.node, chief, thread).assignments]
    assert how == ["duty_desk", "assigned", "let_go"]
    assert all(not each.by for each in read_thread(office.node, office.officer(NL), thread).assignments[1:])


def test_who_leaves_hands_over_and_a_deputy_sees_it_meanwhile(office: Office) -> None:
    thread = request(office)
    take_thread(office.node, office.officer(DE), thread)
    deputy = office.officer(DE, "analyst")
    assert counts(office.node, deputy).mine == 0
    name_deputy(office.node, office.officer(DE), OfficerId(f"{DE}/analyst"), "2026-07-01")
    assert counts(office.node, deputy).mine == 1
    taker = OfficerId(f"{DE}/liaison_officer")
    assert hand_over_threads(office.node, office.officer(DE), taker) == (1, 0)
    assert counts(office.node, office.officer(DE, "liaison_officer")).mine == 1
    with pytest.raises(NotFound):
        hand_over_threads(office.node, office.officer(DE), OfficerId(f"{NL}/analyst"))


def test_a_note_stays_with_its_own_authority(office: Office) -> None:
    thread = request(office)
    add_note(office.node, office.officer(DE), thread, "Ask the prosecutor first.")
    assert [note.text for note in read_thread(office.node, office.officer(DE, "analyst"), thread).notes] == [
        "Ask the prosecutor first."
    ]
    assert "prosecutor" not in repr(read_thread(office.node, office.officer(NL), thread))
    assert b"prosecutor" not in office.files()


def test_receipts_say_who_has_it_and_who_has_read_it(office: Office) -> None:
    thread = request(office)
    office.clock.move(hours=2)

    def receipts() -> tuple[str, str]:
        view = read_thread(office.node, office.officer(NL), thread)
        (party,) = (each for each in view.parties if each.authority == DE)
        return party.received_at, party.read_at

    assert receipts() == ("2026-06-16T09:00:00Z", "")
    read_thread(office.node, office.officer(DE, "data_protection_officer"), thread)
    assert receipts()[1] == ""  # who supervises does not read it for the authority
    read_thread(office.node, office.officer(DE), thread)
    assert receipts() == ("2026-06-16T09:00:00Z", "2026-06-16T11:00:00Z")
    steps = len(read_thread(office.node, office.officer(NL), thread).steps)
    read_thread(office.node, office.officer(DE, "analyst"), thread)
    assert len(read_thread(office.node, office.officer(NL), thread).steps) == steps


def test_what_is_new_is_marked_until_it_was_read(office: Office) -> None:
    thread = request(office)
    read_thread(office.node, office.officer(NL), thread)
    answer(office, thread)
    (line,) = inbox(office.node, office.officer(NL), "mine").lines
    assert line.unread == 1
    assert [step.code for step in read_thread(office.node, office.officer(NL), thread).steps if step.new] == ["answer"]
    (line,) = inbox(office.node, office.officer(NL), "mine").lines
    assert line.unread == 0


def test_a_clock_stands_still_while_a_question_is_open(office: Office) -> None:
    thread = _urgent(office)
    office.clock.move(hours=2)
    ask = StepOrder(code="ask_clarification", values={"question": "Which lorry?"})
    take_step(office.node, office.officer(DE), thread, ask)
    (clock,) = read_thread(office.node, office.officer(DE), thread).clocks
    assert clock.phase == "suspended"
    office.clock.move(hours=30)
    assert tick(office.node).overdue == 0
    clarified = StepOrder(code="clarify", values={"clarification": "The red one."})
    take_step(office.node, office.officer(NL), thread, clarified)
    (clock,) = read_thread(office.node, office.officer(DE), thread).clocks
    assert clock.phase == "running"
    assert clock.left is not None
    assert clock.left.total_seconds() == 6 * 3600
    (line,) = inbox(office.node, office.officer(DE), "all").lines
    assert line.left is not None
    assert line.left.total_seconds() == 6 * 3600


def test_warnings_and_overdue_work_are_told_once_and_without_content(office: Office) -> None:
    rules = DeskRules(desk_address="desk@de-bka.example", addresses={f"{DE}/case_officer": "case@de-bka.example"})
    settle_desk_rules(office.node, office.officer(DE, "administrator"), rules)
    post = Post()
    thread = _urgent(office, title="Lorry of Jan Vermeulen")
    assert send_notices(office.node, post) == 1
    (first,) = post.sent
    assert (first.address, first.urgent) == ("desk@de-bka.example", True)
    assert "Vermeulen" not in first.words
    assert thread not in first.words
    assert send_notices(office.node, post) == 0
    take_thread(office.node, office.officer(DE), thread)
    office.clock.move(hours=7.9)
    assert tick(office.node).warned == 1
    assert tick(office.node).warned == 0
    post.broken = True
    assert send_notices(office.node, post) == 0
    post.broken = False
    assert send_notices(office.node, post) == 1
    assert post.sent[-1].address == "case@de-bka.example"
    office.clock.move(hours=1)
    assert tick(office.node, post).overdue == 1
    assert counts(office.node, office.officer(DE)).overdue == 1
    (owed,) = awaited(office.node, office.officer(NL))
    assert owed.overdue


def test_a_mail_says_that_something_waits_and_nothing_else(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    MailFolder(folder, "alidade@node.example", lambda: "1").send(Notice(address="desk@de.example", urgent=False))
    (message,) = folder.glob("*")
    assert message.name == "1.eml"
    assert message.read_text().splitlines()[-1] == "Something waits for you in Alidade."


def test_threads_are_found_by_case_title_and_party_among_ones_own(office: Office) -> None:
    first = request(office, title="Lorry of Jan Vermeulen", case="AMS-12/2026")
    second = request(office, to=FR, title="Container", case="AMS-13")
    mine = office.officer(NL)

    def found(text: str, **more: str) -> set[str]:
        return {line.reference for line in search_threads(office.node, mine, text, **more)}

    assert found("vermeulen") == {first}
    assert found("ams-1") == {first, second}
    assert found("", authority=FR) == {second}
    assert found(first) == {first}
    assert {line.reference for line in search_threads(office.node, office.officer(DE), "ams-1")} == {first}
    with pytest.raises(Invalid):
        search_threads(office.node, mine, "a")
    assert "vermeulen" not in repr(office.entries(NL)).casefold()


def test_small_figures_are_not_said(office: Office) -> None:
    for _ in range(3):
        answer(office, request(office))
    answer(office, request(office, by=FR))
    chief = office.officer(DE, "liaison_officer")
    found = thread_statistics(office.node, chief, "information_request", "2026-06-01", "2026-06-30")
    assert found.threads == 4
    received = {each.split: each.count for each in found.figures if each.measure == "received"}
    by_state = {dict(split).get("state_of:requester"): count for split, count in received.items() if split}
    assert by_state == {"NL": 3, "FR": None}
    assert received[()] is None  # from the sum and the rest, the small figure could be worked out
    with pytest.raises(Invalid):
        thread_statistics(office.node, chief, "information_request", "2026-06-30", "2026-06-01")
    (kept,) = deadlines_kept(office.node, chief, "2026-06-01", "2026-06-30")
    assert (kept.started, kept.met, kept.kept) == (4, 4, 1.0)
    assert deadlines_kept(office.node, office.officer(NL), "2026-06-01", "2026-06-30") == ()


def test_who_was_asked_to_erase_is_listed_until_he_says_so(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen"), by=NL).records["1"]
    asked = opening(office, "correction_and_erasure", records=(record,))
    sent = open_thread(office.node, office.officer(NL), asked)
    (demand,) = demands(office.node, office.officer(NL))
    assert (demand.thread, demand.authority, demand.state) == (sent.thread, DE, "waiting")
    assert demands(office.node, office.officer(DE)) == ()
    view = read_thread(office.node, office.officer(DE), sent.thread)
    assert "done" in {each.code for each in view.allowed}
    values = answers(definition("correction_and_erasure"), "done", asked.order.values)
    take_step(office.node, office.officer(DE), sent.thread, StepOrder(code="done", values=values))
    (demand,) = demands(office.node, office.officer(NL))
    assert demand.state == "acknowledged"
    assert demand.answered_at


def test_who_leaves_is_on_no_duty_desk_and_is_told_nowhere(office: Office) -> None:
    admin, gone = office.officer(NL, "administrator"), f"{NL}/analyst"
    other = f"{NL}/case_officer"
    addresses = {gone: "gone@nl.example", other: "other@nl.example"}
    settle_desk_rules(office.node, admin, DeskRules(duty_officers=(gone, other), addresses=addresses))
    end_access(office.node, admin, OfficerId(gone))

    rules = desk_rules(office.node, admin)
    assert (rules.duty_officers, rules.addresses) == ((other,), {other: "other@nl.example"})
