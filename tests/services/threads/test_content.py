"""Content: files, releases from a thread, printing, erasing, procedures taken in, and steps from other nodes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from personas import DE, FR, NL, Dice, Office, OfficeFactory, draft, words
from thread_cases import CONTENT, answer, answers, definition, request, upload

from alidade.ledger.head import verify_signature
from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound, Unreadable
from alidade.model.ids import AuthorityId
from alidade.procedures import SignedStep, decode_step
from alidade.services.correcting import erase_record
from alidade.services.keeping import make_backup, restore_backup
from alidade.services.node import Node, finish_erasures
from alidade.services.records import show_record
from alidade.services.threads import leaving
from alidade.services.threads.arriving import receive_step
from alidade.services.threads.attachments import (
    add_piece,
    begin_attachment,
    finish_attachment,
    read_attachment,
    tidy_attachments,
    upload_state,
)
from alidade.services.threads.drafts import save_draft
from alidade.services.threads.erasing import erase_step
from alidade.services.threads.following import follow_hit
from alidade.services.threads.inbox import inbox
from alidade.services.threads.managing import check_procedure, offer_procedure, procedures_known, rehearse_procedure
from alidade.services.threads.noting import add_note
from alidade.services.threads.offered import form_for, procedures_offered
from alidade.services.threads.opening import open_thread
from alidade.services.threads.printing import export_thread, print_thread
from alidade.services.threads.procedure_files import walk_procedure
from alidade.services.threads.publishing import (
    digest_of,
    propose_procedure,
    proposed_procedures,
    publish_procedure,
    withdraw_procedure,
)
from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import Opening, StepOrder
from alidade.services.threads.writing import officer_reference
from alidade.store.threads.kept import thread_with_reference
from alidade.store.threads.steps import steps_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


# -- files ------------------------------------------------------------


def test_a_file_comes_in_pieces_after_a_break_and_is_read_by_the_parties(office: Office) -> None:
    actor = office.officer(NL)
    content = b"Container ABCU 1234567 was seen.\n" * 50_000
    digest = hashlib.sha256(content).hexdigest()
    begun = begin_attachment(office.node, actor, name="..\\secret/list\u202e.txt", size=len(content), sha256=digest)
    second = content[begun.piece :]
    add_piece(office.node, actor, begun.reference, 1, second)
    with pytest.raises(Conflict):
        finish_attachment(office.node, actor, begun.reference)
    assert upload_state(office.node, actor, begun.reference).next_piece == 0
    add_piece(office.node, actor, begun.reference, 0, content[: begun.piece])
    add_piece(office.node, actor, begun.reference, 0, content[: begun.piece])
    done = finish_attachment(office.node, actor, begun.reference)
    assert done.state == "checked"
    thread = request(office)
    take_step(office.node, actor, thread, StepOrder(code="message", note="List.", attachments=(begun.reference,)))
    step = read_thread(office.node, office.officer(DE), thread).steps[-2]
    (file,) = next(s for s in read_thread(office.node, office.officer(DE), thread).steps if s.attachments).attachments
    assert step is not None
    assert (file.name, file.size, file.here) == ("list.txt", len(content), True)
    got = read_attachment(office.node, office.officer(DE), thread, file.reference)
    assert b"".join(got.pieces) == content
    assert b"ABCU" not in office.files()
    for stranger, where in ((FR, thread), (DE, request(office, by=FR, to=DE))):
        with pytest.raises(NotFound):
            read_attachment(office.node, office.officer(stranger), where, file.reference)


def _zip(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03" + b"\x00" * 60,
        _zip("a.txt"),
        b"%PDF-1.7\n/OpenAction << /JavaScript (app.alert(1)) >>",
        b"<html><script>alert(1)</script></html>",
        b"\x7fELF" + b"\x00\x01\x02" * 30,
    ],
    ids=["program", "archive", "active PDF", "web page", "binary"],
)
def test_what_is_not_taken_is_refused_and_forgotten(office: Office, content: bytes) -> None:
    actor = office.officer(NL)
    with pytest.raises(Unreadable):
        upload(office, actor, content, "harmless.txt")
    entry = office.entries(NL)[0]
    assert ("step", "file refused") in entry.details
    with pytest.raises(NotFound):
        upload_state(office.node, actor, entry.objects[0])
    assert not list((office.store.folder / "quarantine").glob("look-*"))


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.4\nplain\n", "application/pdf"),
        (b"name,plate\nAnn,AB-12\nBen,CD-34\n", "text/csv"),
        ("Le camion était rouge.\n".encode(), "text/plain"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(office: Office, content: bytes, media: str) -> None:
    actor = office.officer(NL)
    reference = upload(office, actor, content, "wrong.exe")
    assert upload_state(office.node, actor, reference).media == media


def test_a_file_that_is_too_large_or_not_the_one_announced_is_refused(office: Office) -> None:
    actor = office.officer(NL)
    for size in (0, 2**40):
        with pytest.raises(Invalid):
            begin_attachment(office.node, actor, name="n", size=size, sha256="0" * 64)
    with pytest.raises(Invalid):
        begin_attachment(office.node, actor, name="n", size=3, sha256="no hash")
    begun = begin_attachment(office.node, actor, name="n", size=3, sha256="0" * 64)
    for number, piece in ((0, b"ab"), (1, b"abc"), (-1, b"abc")):
        with pytest.raises(Invalid):
            add_piece(office.node, actor, begun.reference, number, piece)
    add_piece(office.node, actor, begun.reference, 0, b"abc")
    with pytest.raises(NotFound):
        finish_attachment(office.node, office.officer(NL, "analyst"), begun.reference)
    with pytest.raises(Unreadable):
        finish_attachment(office.node, actor, begun.reference)


def test_a_file_that_is_never_sent_is_forgotten_after_a_week(office: Office) -> None:
    reference = upload(office, office.officer(NL), b"seen at the border\n")
    office.clock.move(days=6)
    assert tidy_attachments(office.node) == 0
    office.clock.move(days=2)
    assert tidy_attachments(office.node) == 1
    with pytest.raises(NotFound):
        upload_state(office.node, office.officer(NL), reference)


# -- a hit without content, released from a thread ------------------------------------------------------------


def _follow(office: Office) -> tuple[str, str, str]:
    record = office.give(draft("1", name="Otto Kunz"), by=DE, handling=office.handling(DE, communities=())).records["1"]
    hit = office.ask(NL, "Otto Kunz").without_content[0].reference
    begun = follow_hit(office.node, office.officer(NL), hit)
    assert "Kunz" not in repr(begun)
    values = answers(definition("hit_follow_up"), "open", **begun.order.values)
    order = StepOrder(code="open", values=values, quotes=begun.order.quotes)
    filled = Opening(
        procedure=begun.procedure,
        parties=begun.parties,
        title=begun.title,
        case=begun.case,
        order=order,
        handling=begun.handling,
    )
    return record, hit, open_thread(office.node, office.officer(NL), filled).thread


def test_the_owner_finds_his_record_by_the_hit_and_releases_it_until_a_day(office: Office) -> None:
    record, hit, thread = _follow(office)
    with pytest.raises(NotFound):
        follow_hit(office.node, office.officer(FR), hit)
    with pytest.raises(NotFound):
        show_record(office.node, office.officer(NL), record)
    asked = read_thread(office.node, office.officer(DE), thread).steps[0]
    assert [(each.record, each.readable) for each in asked.records] == [(record, True)]
    assert read_thread(office.node, office.officer(NL), thread).steps[0].records == ()
    values = {"release_records": (record,), "release_purpose": "18.2.a", "release_until": "2026-12-31"}
    order = StepOrder(code="grant", values=answers(definition("hit_follow_up"), "grant", **values))
    with pytest.raises(NotAllowed):
        take_step(office.node, office.officer(DE, "analyst"), thread, order)
    take_step(office.node, office.officer(DE), thread, order)
    assert show_record(office.node, office.officer(NL), record)
    with pytest.raises(NotFound):
        show_record(office.node, office.officer(FR), record)
    step = next(s for s in read_thread(office.node, office.officer(NL), thread).steps if s.code == "grant")
    assert [(each.effect, each.outcome) for each in step.effects] == [("release_records", "done")]
    assert [each.readable for each in step.records] == [True]
    assert "release" in {entry.act for entry in office.entries(DE)}
    office.clock.move(days=220)
    with pytest.raises(NotFound):
        show_record(office.node, office.officer(NL), record)


def test_the_owner_ends_what_he_released(office: Office) -> None:
    record, _, thread = _follow(office)
    values = {"release_records": (record,), "release_purpose": "18.2.a", "release_until": "2026-12-31"}
    order = StepOrder(code="grant", values=answers(definition("hit_follow_up"), "grant", **values))
    take_step(office.node, office.officer(DE), thread, order)
    assert show_record(office.node, office.officer(NL), record)
    reason = form_for(office.node, office.officer(DE), "hit_follow_up", "end_release").reasons[0].code
    ending = StepOrder(code="end_release", reason=reason, note="It is over.")
    take_step(office.node, office.officer(DE), thread, ending)
    with pytest.raises(NotFound):
        show_record(office.node, office.officer(NL), record)


def test_nobody_releases_what_is_not_his(office: Office) -> None:
    _, _, thread = _follow(office)
    theirs = office.give(draft("9", name="Ann Roos"), by=FR).records["9"]
    values = {"release_records": (theirs,), "release_purpose": "18.2.a", "release_until": "2026-12-31"}
    order = StepOrder(code="grant", values=answers(definition("hit_follow_up"), "grant", **values))
    before = read_thread(office.node, office.officer(NL), thread).state
    with pytest.raises(NotFound):
        take_step(office.node, office.officer(DE), thread, order)
    assert read_thread(office.node, office.officer(NL), thread).state == before


# -- printed, exported ------------------------------------------------------------


def test_what_is_printed_carries_its_handling_and_its_hash_and_nothing_internal(office: Office) -> None:
    thread = request(office, title="Lorry")
    add_note(office.node, office.officer(DE), thread, "Ask the prosecutor.")
    answer(office, thread)
    printed = print_thread(office.node, office.officer(DE), thread)
    assert sha256_hex(printed.content) == printed.sha256
    assert printed.content == canonical_bytes(json.loads(printed.content))
    assert any(line.startswith("BPL") for line in printed.handling_lines)
    assert b"prosecutor" not in printed.content
    assert b"Lorry" in printed.content
    assert ("sha256", printed.sha256) in office.entries(DE)[0].details
    for reader in (print_thread, export_thread):
        with pytest.raises(NotFound):
            reader(office.node, office.officer(FR), thread)
    with pytest.raises(NotAllowed):
        export_thread(office.node, office.officer(DE, "front_line_officer"), thread)


# -- erased ------------------------------------------------------------


def test_an_erased_step_is_gone_and_the_thread_stands_where_it_stood(office: Office) -> None:
    file = upload(office, office.officer(DE), b"Jan Vermeulen was seen.\n", "Vermeulen.txt")
    thread = request(office)
    answer(office, thread, text="Jan Vermeulen is known here.", attachments=(file,))
    before = read_thread(office.node, office.officer(NL), thread)
    for who in (NL, FR):
        with pytest.raises(NotFound):
            erase_step(office.node, office.officer(who), thread, f"{DE}/2", "unlawful")
    erased = erase_step(office.node, office.officer(DE), thread, f"{DE}/2", "unlawful")
    assert erased.told == 1
    after = read_thread(office.node, office.officer(NL), thread)
    step = next(each for each in after.steps if each.code == "answer")
    assert step.erased
    assert "Vermeulen" not in repr(after)
    assert (after.state, [c.phase for c in after.clocks]) == (before.state, [c.phase for c in before.clocks])
    with pytest.raises(NotFound):
        read_attachment(office.node, office.officer(NL), thread, file)
    with pytest.raises(Conflict):
        erase_step(office.node, office.officer(DE), thread, f"{DE}/2", "unlawful")
    with office.store.transaction() as tx:
        kept = thread_with_reference(tx, thread)
        assert kept is not None
        row = next(each for each in steps_of(tx, kept) if each.code == "answer")
        assert (row.content, len(row.digest)) == (None, 64)


def test_the_erasure_of_a_record_reaches_what_its_owner_wrote_in_threads(office: Office) -> None:
    record = office.give(draft("1", name="Jan Vermeulen"), by=NL).records["1"]
    upload(office, office.officer(NL), b"About JAN VERMEULEN alone.\n", "a.txt")
    thread = request(office, title="Lorry", asked="Who drives for Jan Vermeulen?")
    other = request(office, title="Ship", asked="Who owns the ship?")
    take_step(office.node, office.officer(DE), thread, StepOrder(code="message", note="Jan Vermeulen? Unknown."))
    add_note(office.node, office.officer(NL), thread, "jan vermeulen again")
    save_draft(office.node, office.officer(NL), StepOrder(code="message", note="Jan Vermeulen"), thread=thread)
    erase_record(office.node, office.officer(NL), record, "unlawful")
    view = read_thread(office.node, office.officer(NL), thread)
    assert [(step.code, step.erased) for step in view.steps if step.author == NL] == [("open", True)]
    assert (view.title, view.notes, view.drafts) == ("", (), ())
    assert view.state == "sent"
    assert view.clocks[0].phase == "running"
    assert any("Vermeulen" in step.note for step in view.steps if step.author == DE)  # theirs, which they erase
    assert not any(step.erased for step in read_thread(office.node, office.officer(NL), other).steps)
    assert inbox(office.node, office.officer(DE), "all").lines[0].title in ("", "Ship")


def test_what_was_erased_does_not_come_back_from_a_backup(office: Office, tmp_path: Path) -> None:
    thread = request(office, title="Lorry of Jan Vermeulen")
    answer(office, thread, text="Jan Vermeulen is known here.")
    make_backup(office.node, tmp_path / "kept.alb")
    assert b"Vermeulen" not in (tmp_path / "kept.alb").read_bytes()
    erase_step(office.node, office.officer(DE), thread, f"{DE}/2", "unlawful")
    finish_erasures(office.store)
    restore_backup(tmp_path / "kept.alb", office.store.folder, tmp_path / "home", clock=office.clock)
    node = Node.open(tmp_path / "home", clock=office.clock, randomness=Dice("restored"), vocabulary=words())
    try:
        again = Office(node, office.clock)
        view = read_thread(node, again.officer(NL), thread)
        assert view.title == "Lorry of Jan Vermeulen"
        assert [step.erased for step in view.steps if step.code == "answer"] == [True]
    finally:
        node.close()


# -- procedures that were taken in ------------------------------------------------------------


def test_a_procedure_is_checked_kept_offered_and_used(office: Office) -> None:
    admin = office.officer(NL, "administrator")
    own = canonical_bytes(msgspec.structs.replace(CONTENT, code="own_notice", version=1))
    assert check_procedure(office.node, admin, own).usable
    assert "own_notice" not in {each.code for each in procedures_offered(office.node, office.officer(NL))}
    propose_procedure(office.node, admin, own)
    with pytest.raises(Conflict):
        propose_procedure(office.node, admin, own)
    assert "own_notice" not in {each.code for each in procedures_offered(office.node, office.officer(NL))}
    publish_procedure(office.node, office.officer(DE, "administrator"), "own_notice", 1, digest_of(own))
    (found,) = [each for each in procedures_offered(office.node, office.officer(NL)) if each.code == "own_notice"]
    assert not found.from_catalogue
    assert form_for(office.node, office.officer(NL), "own_notice", language="fr").fields
    offer_procedure(office.node, admin, "own_notice", 1, offered=False)
    assert "own_notice" not in {each.code for each in procedures_offered(office.node, office.officer(NL))}
    wrong = canonical_bytes(msgspec.structs.replace(CONTENT, code="own_notice", version=2, states=CONTENT.states[:1]))
    for use in (propose_procedure, walk_procedure):
        with pytest.raises(Invalid):
            use(office.node, admin, wrong)
    with pytest.raises(Invalid):
        rehearse_procedure(office.node, admin, wrong, ())
    with pytest.raises(Unreadable):
        check_procedure(office.node, admin, b"{")


def test_a_procedure_is_published_by_another_administrator_who_has_read_it(office: Office) -> None:
    admin, second = office.officer(NL, "administrator"), office.officer(DE, "administrator")
    own = canonical_bytes(msgspec.structs.replace(CONTENT, code="own_notice", version=1))
    other = canonical_bytes(msgspec.structs.replace(CONTENT, code="own_notice", version=1, source="Another"))
    propose_procedure(office.node, admin, own)
    (seen,) = proposed_procedures(office.node, second)
    assert (seen.digest, seen.text.encode(), seen.own) == (digest_of(own), own, False)
    assert [each.own for each in proposed_procedures(office.node, admin)] == [True]

    with pytest.raises(Conflict, match="yourself"):
        publish_procedure(office.node, admin, "own_notice", 1, digest_of(own))
    withdraw_procedure(office.node, admin, "own_notice", 1)
    with pytest.raises(NotFound):
        withdraw_procedure(office.node, admin, "own_notice", 1)
    propose_procedure(office.node, admin, other)
    with pytest.raises(Conflict, match="meanwhile"):
        publish_procedure(office.node, second, "own_notice", 1, seen.digest)
    publish_procedure(office.node, second, "own_notice", 1, digest_of(other))
    with pytest.raises(NotFound):
        publish_procedure(office.node, second, "own_notice", 1, digest_of(other))
    with pytest.raises(NotFound):
        withdraw_procedure(office.node, admin, "own_notice", 1)
    known = [each for each in procedures_known(office.node, admin) if each.code == "own_notice"]
    assert [(each.kept_by, each.published_by) for each in known] == [(f"{NL}/administrator", f"{DE}/administrator")]


# -- from other nodes ------------------------------------------------------------


def _signed(office: Office, thread: str) -> list[SignedStep]:
    with office.store.transaction() as tx:
        kept = thread_with_reference(tx, thread)
        assert kept is not None
        return [
            SignedStep(step=decode_step(row.content), key_id=row.key_id, signature=row.signature)
            for row in steps_of(tx, kept)
            if row.content is not None
        ]


def test_steps_of_authorities_elsewhere_come_in_any_order(
    offices: OfficeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[tuple[str, str]] = []

    def post_step(*_: object, step: SignedStep, recipient: str, **__: object) -> None:
        posted.append((step.step.code, recipient))

    monkeypatch.setattr(leaving, "import_module", lambda _: SimpleNamespace(post_step=post_step))
    with offices() as there, offices() as here:
        thread = request(there, by=DE, to=NL)
        take_step(there.node, there.officer(DE), thread, StepOrder(code="message", note="More soon."))
        first, _, message = _signed(there, thread)
        _lose_key(here, DE)
        with here.store.transaction() as tx:
            assert receive_step(here.node, tx, message).outcome == "parked"
        assert inbox(here.node, here.officer(NL), "all").lines == ()
        with here.store.transaction() as tx:
            assert receive_step(here.node, tx, first, handling=here.handling(DE)).outcome == "kept"
            assert receive_step(here.node, tx, first).outcome == "duplicate"
        assert posted == [("received", DE)]
        view = read_thread(here.node, here.officer(NL), thread)
        assert posted == [("received", DE), ("read", DE)]
        assert {step.code for step in view.steps} >= {"open", "received"}
        assert "More soon." in {step.note for step in view.steps} or view.awaiting
        assert [line.reference for line in inbox(here.node, here.officer(NL), "all").lines] == [thread]
        own = next(each for each in _signed(there, thread) if each.step.author == NL)
        with here.store.transaction() as tx, pytest.raises(Invalid):
            receive_step(here.node, tx, own)


def _lose_key(office: Office, authority: str) -> None:
    office.store.keys._connection.execute("delete from signing_key where holder = ?", (authority,))


def test_an_officer_is_told_by_his_own_authority_alone(office: Office) -> None:
    ours = officer_reference(office.node, AuthorityId(NL), f"{NL}/case_officer")
    assert ours == officer_reference(office.node, AuthorityId(NL), f"{NL}/case_officer")
    assert ours != officer_reference(office.node, AuthorityId(DE), f"{NL}/case_officer")
    assert not verify_signature(b"0" * 64, ours.encode(), b"0" * 32)
