"""Steps: what is sent, what is refused, what waits for a second officer, and what crosses."""

from __future__ import annotations

import pytest
from personas import DE, FR, NL, START, VE, Office, changed, draft
from thread_cases import answer, opening, request, upload

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.ids import AuthorityId
from alidade.procedures import SignedStep, Step, decode_step, moment_text, sign_step, step_bytes, verify_step
from alidade.services.signing import signing_key
from alidade.services.threads.drafts import approve_draft, discard_draft, drafts_of, return_draft, save_draft
from alidade.services.threads.inbox import counts, inbox
from alidade.services.threads.managing import DeskRules, settle_desk_rules
from alidade.services.threads.opening import open_thread, preview_opening
from alidade.services.threads.reading import read_thread
from alidade.services.threads.running import run
from alidade.services.threads.stepping import preview_step, take_step
from alidade.services.threads.view import StepOrder
from alidade.services.threads.wording import StepRefused
from alidade.services.threads.writing import keep_step
from alidade.store import directory
from alidade.store.threads.kept import thread_with_reference
from alidade.store.threads.steps import steps_of


def test_a_step_is_signed_with_the_key_of_its_authority_and_names_no_officer(office: Office) -> None:
    thread = request(office)
    answer(office, thread)
    with office.store.transaction() as tx:
        kept = thread_with_reference(tx, thread)
        assert kept is not None
        for row in steps_of(tx, kept):
            assert row.content is not None
            step = decode_step(row.content)
            key = directory.public_keys(tx, step.author)[row.key_id]
            assert verify_step(SignedStep(step=step, key_id=row.key_id, signature=row.signature), key)
            assert b"officer@" not in row.content
            assert b"case_officer" not in row.content
            other = DE if step.author == NL else NL
            assert not verify_step(
                SignedStep(step=step, key_id=row.key_id, signature=row.signature),
                next(iter(directory.public_keys(tx, AuthorityId(other)).values())),
            )


def test_the_own_authority_reads_who_of_it_wrote_and_the_other_does_not(office: Office) -> None:
    thread = request(office)
    ours = read_thread(office.node, office.officer(NL), thread).steps[0]
    theirs = read_thread(office.node, office.officer(DE), thread).steps[0]
    assert (ours.officer, theirs.officer) == (f"{NL}/case_officer", "")


def test_absent_and_forbidden_look_alike(office: Office) -> None:
    thread = request(office)
    said = set()
    for reference in (thread, "f" * 32, "", "x' or 1=1"):
        for act in (
            lambda actor, ref: read_thread(office.node, actor, ref),
            lambda actor, ref: take_step(office.node, actor, ref, StepOrder(code="message", note="Hello")),
            lambda actor, ref: preview_step(office.node, actor, ref, StepOrder(code="message", note="Hello")),
        ):
            with pytest.raises(NotFound) as refused:
                act(office.officer(FR), reference)
            said.add(str(refused.value))
    assert len(said) == 1
    assert inbox(office.node, office.officer(FR), "all").lines == ()
    assert counts(office.node, office.officer(VE)).all == 0


def test_a_thread_above_the_clearance_is_absent(office: Office) -> None:
    higher = changed(office.handling(communities=()), classification="EU-RESTRICTED")
    if "EU-RESTRICTED" not in office.vocabulary.classifications:
        ranks = office.vocabulary.classifications
        higher = changed(higher, classification=max(ranks, key=lambda code: ranks[code].rank))
    with pytest.raises(StepRefused) as refused:
        open_thread(office.node, office.officer(NL), opening(office, handling=higher))
    assert refused.value.preview.recipients[0].withheld


def test_what_an_agreement_forbids_is_not_sent_and_the_preview_says_why(office: Office) -> None:
    preview = preview_opening(office.node, office.officer(NL), opening(office, to=VE))
    (found,) = preview.recipients
    assert not preview.ready
    assert found.withheld
    assert "ve-cicpc" in found.authority
    with pytest.raises(StepRefused):
        open_thread(office.node, office.officer(NL), opening(office, to=VE))
    assert inbox(office.node, office.officer(VE), "all").lines == ()


def test_every_fault_of_a_form_is_named_at_once_and_never_its_value(office: Office) -> None:
    wrong = opening(office)
    order = StepOrder(code="open", values={"asked": " ", "urgent": "perhaps", "offence": "jaywalking-secret"})
    preview = preview_opening(office.node, office.officer(NL), type(wrong)(**{**_fields(wrong), "order": order}))
    named = {problem.field for problem in preview.problems}
    assert {"asked", "urgent", "offence", "facts"} <= named
    assert "jaywalking-secret" not in repr(preview)


def _fields(one: object) -> dict[str, object]:
    return {name: getattr(one, name) for name in type(one).__slots__}  # type: ignore[attr-defined]


def test_what_the_state_does_not_allow_is_refused(office: Office) -> None:
    thread = request(office)
    with pytest.raises(Conflict):
        take_step(office.node, office.officer(NL), thread, StepOrder(code="answer", values={"answer": "mine"}))
    answer(office, thread)
    with pytest.raises(Conflict):
        answer(office, thread)


def test_steps_that_knew_nothing_of_each_other_cross_and_one_has_no_effect(office: Office) -> None:
    thread = request(office)
    steps: dict[str, SignedStep] = {}
    with office.store.transaction() as tx:
        kept = thread_with_reference(tx, thread)
        assert kept is not None
        running = run(tx, kept)
        for author, code, reason in ((NL, "cancel", "no_longer_needed"), (DE, "answer", None)):
            step = Step(
                thread=thread,
                author=AuthorityId(author),
                number=running.course.next_number(AuthorityId(author)),
                seen=dict(running.course.seen_by(AuthorityId(author))),
                code=code,
                at=moment_text(tx.now),
                officer="somebody",
                reason=reason or _reason(running, code),
                values={"answer": "Known."} if code == "answer" else {},
            )
            steps[author] = sign_step(step, signing_key(office.node, AuthorityId(author)))
        for author in (NL, DE):
            kept = thread_with_reference(tx, thread)
            assert kept is not None
            keep_step(office.node, tx, run(tx, kept), steps[author])
        assert step_bytes(steps[NL].step) != step_bytes(steps[DE].step)
    views = [read_thread(office.node, office.officer(who), thread) for who in (NL, DE)]
    standings = [{step.code: step.standing for step in view.steps} for view in views]
    assert standings[0]["cancel"] == standings[1]["cancel"]
    assert {standings[0]["cancel"], standings[0]["answer"]} == {"effective", "crossed"}
    crossed = next(step for step in views[0].steps if step.standing == "crossed")
    assert crossed.why
    assert views[0].state == views[1].state


def _reason(running: object, code: str) -> str | None:
    reasons = running.definition.reasons_of(code)  # type: ignore[attr-defined]
    return reasons[0].code if reasons else None


def test_the_same_number_is_taken_once(office: Office) -> None:
    thread = request(office)
    with office.store.transaction() as tx:
        kept = thread_with_reference(tx, thread)
        assert kept is not None
        row = steps_of(tx, kept)[0]
        assert row.content is not None
        again = SignedStep(step=decode_step(row.content), key_id=row.key_id, signature=row.signature)
        with pytest.raises(Conflict):
            keep_step(office.node, tx, run(tx, kept), again)


# -- a second officer ------------------------------------------------------------


def _rule(office: Office, *approval: str) -> None:
    settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(approval=approval))


def test_a_rule_of_the_authority_makes_a_step_wait_for_a_second_officer(office: Office) -> None:
    _rule(office, "information_request")
    writer, second = office.officer(NL), office.officer(NL, "liaison_officer")
    sent = open_thread(office.node, writer, opening(office))
    assert sent.state == "waiting_for_approval"
    assert inbox(office.node, office.officer(DE), "all").lines == ()
    assert counts(office.node, second).to_approve == 1
    with pytest.raises(NotAllowed):
        approve_draft(office.node, writer, sent.draft)
    for stranger in (office.officer(DE, "liaison_officer"), office.officer(FR)):
        with pytest.raises(NotFound):
            approve_draft(office.node, stranger, sent.draft)
    done = approve_draft(office.node, second, sent.draft)
    assert len(inbox(office.node, office.officer(DE), "all").lines) == 1
    step = read_thread(office.node, writer, done.thread).steps[0]
    assert (step.officer, step.approved_by) == (f"{NL}/case_officer", f"{NL}/liaison_officer")
    with pytest.raises(NotFound):
        approve_draft(office.node, second, sent.draft)


def test_a_draft_that_is_given_back_goes_to_its_writer_with_words(office: Office) -> None:
    _rule(office, "information_request:open")
    writer, second = office.officer(NL, "front_line_officer"), office.officer(NL)
    sent = open_thread(office.node, writer, opening(office))
    with pytest.raises(Invalid):
        return_draft(office.node, second, sent.draft, " ")
    return_draft(office.node, second, sent.draft, "Say which lorry.")
    (found,) = drafts_of(office.node, writer)
    assert (found.state, found.remark, found.yours) == ("returned", "Say which lorry.", True)
    assert drafts_of(office.node, office.officer(NL, "analyst")) == ()
    assert found.opening is not None
    again = open_thread(office.node, writer, found.opening, draft=found.id)
    assert again.state == "waiting_for_approval"
    approve_draft(office.node, second, again.draft)
    assert drafts_of(office.node, writer) == ()


def test_a_draft_is_seen_by_its_officer_alone(office: Office) -> None:
    thread = request(office)
    order = StepOrder(code="answer", values={"answer": "half a sentence"})
    saved = save_draft(office.node, office.officer(DE), order, thread=thread)
    assert [each.id for each in drafts_of(office.node, office.officer(DE))] == [saved]
    assert drafts_of(office.node, office.officer(DE, "liaison_officer")) == ()
    with pytest.raises(NotFound):
        discard_draft(office.node, office.officer(DE, "analyst"), saved)
    assert b"half a sentence" not in office.files()
    take_step(office.node, office.officer(DE), thread, order, draft=saved)
    assert drafts_of(office.node, office.officer(DE)) == ()


# -- to several, in copy, in translation, with files ------------------------------------------------------------


def test_addressees_who_must_not_learn_of_each_other_get_a_thread_each(office: Office) -> None:
    both = {AuthorityId(DE): "requested", AuthorityId(FR): "requested"}
    sent = open_thread(office.node, office.officer(NL), opening(office, parties=both))
    assert len(sent.threads) == 2
    for who, other in ((DE, FR), (FR, DE)):
        (line,) = inbox(office.node, office.officer(who), "all").lines
        view = read_thread(office.node, office.officer(who), line.reference)
        assert other not in repr(view)


def test_an_authority_in_copy_reads_and_writes_messages_and_nothing_else(office: Office) -> None:
    parties = {AuthorityId(DE): "requested", AuthorityId(FR): "copy"}
    sent = open_thread(office.node, office.officer(NL), opening(office, parties=parties))
    assert counts(office.node, office.officer(FR)).copies == 1
    view = read_thread(office.node, office.officer(FR), sent.thread)
    assert {each.code for each in view.allowed} == {"message"}
    take_step(office.node, office.officer(FR), sent.thread, StepOrder(code="message", note="We know the lorry."))
    with pytest.raises(Conflict):
        take_step(office.node, office.officer(FR), sent.thread, StepOrder(code="answer", values={"answer": "x"}))


def test_a_translation_stands_beside_its_original(office: Office) -> None:
    thread = request(office)
    original = take_step(office.node, office.officer(DE), thread, StepOrder(code="message", note="Wer?", language="de"))
    order = StepOrder(code="message", note="Who?", language="en", translates=original.step)
    translation = take_step(office.node, office.officer(DE), thread, order)
    steps = {step.id: step for step in read_thread(office.node, office.officer(NL), thread).steps}
    assert steps[original.step].note == "Wer?"
    assert steps[original.step].translations == (translation.step,)
    assert steps[translation.step].translates == original.step
    with pytest.raises(StepRefused):
        take_step(
            office.node, office.officer(DE), thread, StepOrder(code="message", note="Who?", translates=f"{DE}/99")
        )


def test_a_check_is_quoted_by_its_own_authority_alone(office: Office) -> None:
    thread = request(office)
    made = office.ask(NL, "Jan Vermeulen").check
    sent = take_step(office.node, office.officer(NL), thread, StepOrder(code="message", note="See.", quotes=(made,)))
    step = next(s for s in read_thread(office.node, office.officer(DE), thread).steps if s.id == sent.step)
    assert step.quotes == (f"check/{made}",)
    with pytest.raises(StepRefused):
        take_step(office.node, office.officer(DE), thread, StepOrder(code="message", note="See.", quotes=(made,)))


def test_a_file_of_another_officer_cannot_be_attached_by_another_authority(office: Office) -> None:
    thread = request(office)
    file = upload(office, office.officer(NL), b"seen at the border\n")
    with pytest.raises(StepRefused):
        take_step(office.node, office.officer(DE), thread, StepOrder(code="message", note="x", attachments=(file,)))


def test_records_are_attached_and_read_by_each_as_far_as_he_may(office: Office) -> None:
    thread = request(office)
    own = office.give(draft("1", name="Jan Vermeulen"), by=NL).records["1"]
    closed = office.give(draft("2", name="Piet Hein"), by=NL, handling=office.handling(communities=())).records["2"]
    order = StepOrder(code="message", note="These two.", records=(own, closed))
    preview = preview_step(office.node, office.officer(NL), thread, order)
    assert [(each.learns, each.blocked) for each in preview.recipients[0].records] == [
        ("read", False),
        ("nothing", False),
    ]
    assert preview.recipients[0].records[1].reasons
    sent = take_step(office.node, office.officer(NL), thread, order)
    step = next(s for s in read_thread(office.node, office.officer(DE), thread).steps if s.id == sent.step)
    assert [(each.record, each.readable) for each in step.records] == [(own, True), (closed, False)]
    assert "Piet Hein" not in repr(step)


def test_what_others_gave_is_passed_on_only_where_they_permit_it(office: Office) -> None:
    free = office.give(draft("1", name="Jan Vermeulen"), by=FR).records["1"]
    bound = office.give(draft("2", name="Piet Hein"), by=FR, handling=office.handling(FR, codes=("H0", "H2")))
    thread = request(office)
    take_step(office.node, office.officer(NL), thread, StepOrder(code="message", note="x", records=(free,)))
    order = StepOrder(code="message", note="x", records=(bound.records["2"],))
    preview = preview_step(office.node, office.officer(NL), thread, order)
    assert preview.recipients[0].records[0].blocked
    assert preview.recipients[0].records[0].reasons
    with pytest.raises(StepRefused):
        take_step(office.node, office.officer(NL), thread, order)
    with pytest.raises(StepRefused):
        take_step(office.node, office.officer(NL), thread, StepOrder(code="message", note="x", records=("0" * 32,)))


def test_every_act_leaves_its_entry_with_ids_and_no_words(office: Office) -> None:
    thread = request(office, title="Lorry of Jan Vermeulen")
    entry = office.entries(NL)[0]
    assert (entry.act, entry.objects) == ("thread_open", (thread,))
    assert "Vermeulen" not in repr(entry)
    assert entry.at == START
    answer(office, thread, text="Jan Vermeulen is known here.")
    entry = office.entries(DE)[0]
    assert (entry.act, entry.objects[0]) == ("thread_step", thread)
    assert "Vermeulen" not in repr(entry)
    assert b"Vermeulen" not in office.files()
