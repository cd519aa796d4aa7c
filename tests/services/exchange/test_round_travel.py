"""Rounds between nodes: sent, taken, answered, amended; wrong files and strangers leave the round as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from federation import DE, FR, NL, Place, settle

from alidade.model.directory import Officer
from alidade.model.errors import AlidadeError, Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.model.viewer import Actor
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.acting import act_as, log
from alidade.services.officers import add_officer
from alidade.services.programme import pieces, travel_threads, travelling
from alidade.services.programme.reminding import remind_due
from alidade.services.programme.rounds import answer_round, change_round, close_round, hold_round, read_round, rounds
from alidade.services.programme.travel_answers import take_answer
from alidade.services.programme.travel_telling import remind_asked, tell_closed
from alidade.services.programme.travel_view import arrived, thread_of, travel
from alidade.services.programme.travelling import send_answer, send_round, take_round
from alidade.services.threads.attachments import check_arrivals
from alidade.services.threads.drafts import approve_draft
from alidade.services.threads.inbox import inbox
from alidade.services.threads.managing import DeskRules, settle_desk_rules
from alidade.services.threads.opening import open_thread
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder
from alidade.store import directory
from alidade.store.reading import reading

Pair = tuple[Place, Place]
QUESTIONS = tuple(Question(key=key, measure=key, text={"en": f"What of {key}?"}) for key in ("1a", "1b"))


def policy(place: Place) -> Actor:
    """The policy officer of a node, made where there is none yet."""
    officer = OfficerId(f"{place.own}/policy")
    try:
        return act_as(place.node, officer, purpose="18.2.a")
    except NotFound:
        new = Officer(id=officer, authority=place.own, role="policy_officer")
        add_officer(place.node, place.admin(), new)
        return act_as(place.node, officer, purpose="18.2.a")


def asked(*authorities: AuthorityId, **more: Any) -> Round:
    fields: dict[str, Any] = {
        "title": {"en": "Follow-up of Lisbon", "fr": "Suivi de Lisbonne"},
        "questions": QUESTIONS,
        "asked": authorities,
        "opens": dt.date(2026, 6, 1),
        "cut_off": dt.date(2026, 7, 1),
    }
    return Round(**(fields | more))


def carry(places: tuple[Place, ...]) -> None:
    """What is on its way arrives, and files are looked at."""
    settle(places)
    for each in places:
        check_arrivals(each.node)


def held(one: Place, places: tuple[Place, ...], **more: Any) -> str:
    """A round that was sent and has arrived; its reference where it is held."""
    reference = hold_round(one.node, policy(one), asked(DE, **more))
    send_round(one.node, policy(one), reference)
    carry(places)
    return reference


def taken(other: Place) -> str:
    """The round that has come last, taken; its reference there."""
    return take_round(other.node, policy(other), arrived(other.node, policy(other))[0].thread)


def reply(reference: str, kind: str = "done", **more: Any) -> Answer:
    parts = more.pop("parts", (Part(question="1a", kind=kind, text={"en": "A law of May."}),))
    return Answer(round=reference, state="DEU", parts=parts, **({"submitted": True, "publish": True} | more))


def thread_to(one: Place, reference: str, party: AuthorityId = DE) -> str:
    journeys = travel(one.node, policy(one), reference).journeys
    return next(each.thread for each in journeys if each.authority == party)


def test_a_round_goes_to_another_node_and_its_answer_comes_back(pair: Pair) -> None:
    one, other = pair
    reference = hold_round(one.node, policy(one), asked(DE))
    assert [each.stage for each in travel(one.node, policy(one), reference).journeys] == ["to_send"]
    (sent,) = send_round(one.node, policy(one), reference)
    assert (sent.state, travel(one.node, policy(one), reference).journeys[0].stage) == ("sent", "sent")
    carry(pair)
    journey = travel(one.node, policy(one), reference).journeys[0]
    assert (journey.stage, journey.due_on, journey.overdue) == ("received", dt.date(2026, 7, 1), False)

    (came,) = arrived(other.node, policy(other))
    assert (came.title, came.questions, came.due_on, came.round) == ("Follow-up of Lisbon", 2, dt.date(2026, 7, 1), "")
    there = taken(other)
    local = read_round(other.node, policy(other), there).kept
    assert (local.authority, local.body.questions, local.body.cut_off) == (NL, QUESTIONS, dt.date(2026, 7, 1))
    assert (local.body.asked, local.body.states) == ((DE,), ("DEU",))
    with pytest.raises(Conflict):
        take_round(other.node, policy(other), came.thread)

    assert remind_due(other.node) == 0  # it is held elsewhere
    joint = (Part(question="1a", kind="done", joint_with=("FRA",)), Part(question="1b", kind="planned"))
    answer_round(other.node, policy(other), reply(there, parts=joint))
    send_answer(other.node, policy(other), there)
    carry(pair)
    assert travel(one.node, policy(one), reference).journeys[0].stage == "answered"
    take_answer(one.node, policy(one), sent.thread)

    seen = read_round(one.node, policy(one), reference)
    assert {key: cell.kind for key, cell in seen.cells.items()} == {
        ("DEU", "1a"): "done", ("DEU", "1b"): "planned", ("FRA", "1a"): "done", ("FRA", "1b"): None,
    }  # fmt: skip
    assert [(each.authority, each.answer.state, each.answer.publish) for each in seen.answers] == [(DE, "DEU", True)]
    assert seen.own_answer is None
    assert travel(one.node, policy(one), reference).journeys[0].stage == "taken"


def test_the_thread_tells_people_what_happened(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair)
    there = taken(other)
    answer_round(other.node, policy(other), reply(there, publish=False))
    send_answer(other.node, policy(other), there)
    carry(pair)
    view = read_thread(one.node, one.office.officer(NL), thread_to(one, reference))
    assert [step.code for step in view.steps] == ["open", "received", "acknowledge", "answer"]
    assert {value.field: value.value for value in view.steps[-1].values} == {"publish": False, "answered": 1}
    assert (view.case, [clock.met for clock in view.clocks]) == (reference, [True])


def test_what_may_not_be_published_is_for_the_holder_alone(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair)
    there = taken(other)
    answer_round(other.node, policy(other), reply(there, publish=False))
    send_answer(other.node, policy(other), there)
    carry(pair)
    take_answer(one.node, policy(one), thread_to(one, reference))
    kept = _answer_piece(one, reference)
    assert (kept.handling.communities, kept.handling.released_to, kept.handling.owner) == ((), (), NL)

    answer_round(other.node, policy(other), reply(there), version=1)
    send_answer(other.node, policy(other), there)
    carry(pair)
    take_answer(one.node, policy(one), thread_to(one, reference))
    assert _answer_piece(one, reference).handling.communities == ("all",)


def _answer_piece(one: Place, reference: str) -> Any:
    actor = policy(one)
    with one.node.store.transaction() as tx:
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            (kept,) = [each for each in pieces.every(view, "answer", Answer) if each.body.round == reference]
        log(tx, actor, "programme_read", objects=[kept.reference])
    return kept


def test_an_amendment_after_the_cut_off_keeps_history_and_reason(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair, cut_off=dt.date(2026, 6, 20))
    there = taken(other)
    answer_round(other.node, policy(other), reply(there, "planned"))
    send_answer(other.node, policy(other), there)
    carry(pair)
    thread = thread_to(one, reference)
    take_answer(one.node, policy(one), thread)
    with pytest.raises(Conflict):
        take_answer(one.node, policy(one), thread)
    with pytest.raises(Conflict):
        send_answer(other.node, policy(other), there)
    one.office.clock.move(days=5)
    for kind, why in (("partly", "the bill was split"), ("done", "the law was passed")):
        version = travel_version(other, there)
        answer_round(other.node, policy(other), reply(there, kind, amended_because=why), version=version)
        send_answer(other.node, policy(other), there)
    carry(pair)
    assert travel(one.node, policy(one), reference).journeys[0].new_answer
    take_answer(one.node, policy(one), thread)

    assert read_round(one.node, policy(one), reference).cells["DEU", "1a"].kind == "done"
    journey = travel(one.node, policy(one), reference).journeys[0]
    assert [each.because for each in journey.versions] == ["", "the bill was split", "the law was passed"]


def travel_version(place: Place, reference: str) -> int:
    own = read_round(place.node, policy(place), reference).own_answer
    assert own is not None
    return own.version


def test_nothing_is_taken_once_the_round_is_closed(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair)
    there = taken(other)
    close_round(one.node, policy(one), reference, 1)
    one.office.clock.move(days=1)
    answer_round(other.node, policy(other), reply(there))
    send_answer(other.node, policy(other), there)
    carry(pair)
    with pytest.raises(Invalid, match="closed"):
        take_answer(one.node, policy(one), thread_to(one, reference))
    assert read_round(one.node, policy(one), reference).answers == []


def test_only_those_on_other_nodes_are_sent_to_and_each_once(three: tuple[Place, Place, Place]) -> None:
    one, _, french = three
    reference = hold_round(one.node, policy(one), asked(NL, DE))
    assert [each.authority for each in travel(one.node, policy(one), reference).journeys] == [DE]
    assert len(send_round(one.node, policy(one), reference)) == 1
    with pytest.raises(Conflict):
        send_round(one.node, policy(one), reference)
    change_round(one.node, policy(one), reference, asked(NL, DE, FR), 1)
    assert travel(one.node, policy(one), reference).to_send == 1
    (sent,) = send_round(one.node, policy(one), reference)
    carry(three)
    (came,) = arrived(french.node, policy(french))
    assert came.thread == sent.thread
    view = read_thread(french.node, french.office.officer(FR), came.thread)
    assert {party.authority for party in view.parties} == {NL, FR}
    take_round(french.node, policy(french), came.thread)
    assert DE not in str(rounds(french.node, policy(french)))


def test_an_answer_waits_while_its_file_is_on_its_way(pair: Pair) -> None:
    one, other = pair
    reference = hold_round(one.node, policy(one), asked(DE))
    send_round(one.node, policy(one), reference)
    settle(pair)
    thread = arrived(other.node, policy(other))[0].thread
    with pytest.raises(Conflict, match="not arrived"):
        take_round(other.node, policy(other), thread)
    check_arrivals(other.node)
    assert take_round(other.node, policy(other), thread)


Spoil = Callable[[bytes], bytes]


def _replaced(old: bytes, new: bytes) -> Spoil:
    def spoil(content: bytes) -> bytes:
        assert old in content
        return content.replace(old, new)

    return spoil


HOSTILE: dict[str, tuple[Spoil, str]] = {
    "unknown kind": (_replaced(b'"kind":"done"', b'"kind":"dOnE"'), "Row 1 of the list parts, field kind"),
    "other question": (_replaced(b'"question":"1a"', b'"question":"9z"'), "Row 1 of the list parts, field question"),
    "unknown field": (_replaced(b'"contact":', b'"state":"FRA","contact":'), "lacks fields"),
    "wrong type": (
        _replaced(b'"text":{"en":"A law of May."}', b'"text":["secret"]'),
        "Row 1 of the list parts, field text",
    ),
    "no State": (
        _replaced(b'"joint_with":["FRA"]', b'"joint_with":["France"]'),
        "Row 1 of the list parts, field joint_with",
    ),
    "own State": (_replaced(b'"joint_with":["FRA"]', b'"joint_with":["DEU"]'), "joint answer"),
    "other version": (_replaced(b'"version":1', b'"version":2'), "version that this node does not know"),
    "other format": (_replaced(b"alidade-answer", b"alidade-letter"), "field format"),
    "steering": (_replaced(b"A law of May.", "A\u202elaw".encode()), "Row 1 of the list parts, field text"),
    "too long": (_replaced(b"A law of May.", b"word " * 201), "201 words"),
    "deep": (lambda content: content[:-1] + b',"x":' + b"[" * 5000 + b"]" * 5000 + b"}", ""),
    "twice": (_replaced(b'"parts":[', b'"parts":[{"question":"1a","kind":"none"},'), "answered twice"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_refused_and_changes_nothing(
    pair: Pair, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other node signs and sends what its own program would never write."""
    one, other = pair
    reference = held(one, pair)
    there = taken(other)
    parts = (Part(question="1a", kind="done", text={"en": "A law of May."}, joint_with=("FRA",)),)
    answer_round(other.node, policy(other), reply(there, parts=parts, contact="desk"))
    spoil, said = HOSTILE[name]
    spoiled(monkeypatch, spoil)
    send_answer(other.node, policy(other), there)
    monkeypatch.undo()
    carry(pair)
    thread = thread_to(one, reference)
    with pytest.raises(AlidadeError) as refused:
        take_answer(one.node, policy(one), thread)
    assert said in refused.value.message
    assert "secret" not in refused.value.message
    assert "dOnE" not in refused.value.message
    assert read_round(one.node, policy(one), reference).answers == []
    assert travel(one.node, policy(one), reference).journeys[0].stage == "answered"

    answer_round(other.node, policy(other), reply(there, "planned"), version=1)
    send_answer(other.node, policy(other), there)
    carry(pair)
    take_answer(one.node, policy(one), thread)
    assert read_round(one.node, policy(one), reference).cells["DEU", "1a"].kind == "planned"


def spoiled(monkeypatch: pytest.MonkeyPatch, spoil: Spoil) -> None:
    """What is put into a file of a step is spoiled on its way in."""
    true = travel_threads.put_file
    monkeypatch.setattr(travelling, "put_file", lambda tx, actor, content, name: true(tx, actor, spoil(content), name))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_replaced(b'"key":"1a"', b'"key":"1 a<script>"'), "Row 1 of the list questions, field key"),
        (_replaced(b'"key":"1b"', b'"key":"1a"'), "stands there twice"),
        (_replaced(b'"cut_off":"2026-07-01"', b'"cut_off":"2026-05-01"'), "closes before it opens"),
        (_replaced(b'"version":1', b'"version":7'), "version"),
        (lambda content: content[:200], ""),
    ],
)
def test_hostile_questions_are_refused_and_leave_nothing(
    pair: Pair, spoil: Spoil, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    spoiled(monkeypatch, spoil)
    held(one, pair)
    monkeypatch.undo()
    with pytest.raises(AlidadeError) as refused:
        taken(other)
    assert said in refused.value.message
    assert "script" not in refused.value.message
    assert rounds(other.node, policy(other)) == []
    assert arrived(other.node, policy(other))[0].round == ""


def test_an_authority_that_was_not_asked_gives_no_answer(pair: Pair) -> None:
    """Somebody opens the procedure by hand to an authority that the round does not ask."""
    one, other = pair
    reference = hold_round(one.node, policy(one), asked(NL))
    stranger = hold_round(one.node, policy(one), asked(DE))
    send_round(one.node, policy(one), stranger)
    carry(pair)
    there = taken(other)
    answer_round(other.node, policy(other), reply(there))
    send_answer(other.node, policy(other), there)
    carry(pair)
    change_round(one.node, policy(one), stranger, asked(NL), 1)
    by_hand = Opening(
        procedure="questionnaire_round",
        parties={DE: "asked"},
        title="By hand",
        order=StepOrder(code="open", values={"answer_until": "2026-07-01T12:00:00Z", "questions": 1}),
        handling=one.office.handling(NL, communities=()),
        case=reference,
    )
    thread = open_thread(one.node, one.office.officer(NL), by_hand).thread
    carry(pair)
    with pytest.raises(Conflict, match="one file"):
        take_round(other.node, policy(other), thread)
    order = StepOrder(code="answer", values={"publish": True, "answered": 0})
    take_step(other.node, other.office.officer(DE), thread, order)
    carry(pair)
    with pytest.raises(Invalid, match="not among those asked"):
        take_answer(one.node, policy(one), thread)
    first = next(each for each in _threads(one) if each != thread)
    with pytest.raises(Invalid, match="not among those asked"):
        take_answer(one.node, policy(one), first)
    assert read_round(one.node, policy(one), reference).answers == []


def _threads(one: Place) -> list[str]:
    lines = inbox(one.node, one.office.officer(NL), "all").lines
    return [line.reference for line in lines]


def test_questions_wait_for_a_second_officer_where_the_unit_has_ruled_so(pair: Pair) -> None:
    one, _ = pair
    settle_desk_rules(one.node, one.admin(), DeskRules(approval=("questionnaire_round",)))
    reference = hold_round(one.node, policy(one), asked(DE))
    (sent,) = send_round(one.node, policy(one), reference)
    assert sent.state == "waiting_for_approval"
    assert travel(one.node, policy(one), reference).journeys[0].stage == "to_approve"
    with pytest.raises(Conflict):
        send_round(one.node, policy(one), reference)
    approve_draft(one.node, one.office.officer(NL), sent.draft)
    carry(pair)
    assert travel(one.node, policy(one), reference).journeys[0].stage == "received"


def test_who_has_no_part_in_it_finds_nothing(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair)
    thread = thread_to(one, reference)
    with pytest.raises(NotAllowed):
        send_round(one.node, one.office.officer(NL), reference)
    with pytest.raises(NotFound):
        take_round(one.node, policy(one), thread)
    with pytest.raises(NotFound):
        take_answer(other.node, policy(other), thread)
    with pytest.raises(NotFound):
        send_answer(one.node, policy(one), reference)
    with pytest.raises(NotFound):
        send_round(other.node, policy(other), taken(other))
    assert thread_of(one.node, policy(one), thread)[1] == reference
    came, _ = thread_of(other.node, policy(other), thread)
    assert came is not None
    with pytest.raises(NotFound):
        thread_of(other.node, policy(other), "0" * 32)


def test_an_authority_without_a_node_that_is_known_stops_the_sending(pair: Pair) -> None:
    one, _ = pair
    with pytest.raises(AlidadeError):
        hold_round(one.node, policy(one), asked(AuthorityId("xx-nobody")))


def test_a_late_answer_is_overdue_until_it_comes(pair: Pair) -> None:
    one, other = pair
    reference = held(one, pair, cut_off=dt.date(2026, 6, 20))
    one.office.clock.move(days=5)
    assert travel(one.node, policy(one), reference).journeys[0].overdue
    there = taken(other)
    answer_round(other.node, policy(other), reply(there))
    assert travel(other.node, policy(other), there).ours is not None
    send_answer(other.node, policy(other), there)
    carry(pair)
    journey = travel(one.node, policy(one), reference).journeys[0]
    assert (journey.overdue, journey.new_answer) == (False, True)
    take_answer(one.node, policy(one), thread_to(one, reference))


def test_those_who_have_not_answered_are_reminded_and_all_are_told_of_the_end(
    three: tuple[Place, Place, Place],
) -> None:
    one, german, french = three
    reference = hold_round(one.node, policy(one), asked(DE, FR))
    send_round(one.node, policy(one), reference)
    carry(three)
    there = taken(german)
    answer_round(german.node, policy(german), reply(there))
    send_answer(german.node, policy(german), there)
    carry(three)
    assert travel(one.node, policy(one), reference).to_remind == 1
    assert remind_asked(one.node, policy(one), reference) == 1
    with pytest.raises(Conflict, match="still open"):
        tell_closed(one.node, policy(one), reference)
    close_round(one.node, policy(one), reference, 1)
    assert travel(one.node, policy(one), reference).to_end == 2
    assert tell_closed(one.node, policy(one), reference) == 2
    with pytest.raises(Conflict):
        tell_closed(one.node, policy(one), reference)
    with pytest.raises(Conflict):
        remind_asked(one.node, policy(one), reference)
    carry(three)
    assert [each.state for each in arrived(german.node, policy(german))] == ["Closed"]
    (late,) = arrived(french.node, policy(french))
    assert (late.state, late.open) == ("Withdrawn", False)
    steps = read_thread(french.node, french.office.officer(FR), late.thread).steps
    assert [step.code for step in steps] == ["open", "received", "remind", "withdraw"]
    with pytest.raises(Conflict):
        take_round(french.node, policy(french), late.thread)
    answer_round(german.node, policy(german), reply(there, "planned"), version=1)
    with pytest.raises(Conflict):
        send_answer(german.node, policy(german), there)
