"""The exchange in front of an officer: lists by what expires, one thread, what he may do, notes, desks, paper."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client
from personas import DE, FR, NL, Office
from thread_cases import answer, answers, definition, request, upload

from alidade.services.threads.reading import read_thread
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder

Visit = Callable[..., Client]
ABSENT = "5f0c2a9be17d4438a6d0f1c27be94a13"


def page(client: Client, address: str, status: int = 200) -> str:
    found = client.get(address)
    assert found.status_code == status, found.content.decode()[-2000:]
    return str(found.content.decode())


def plain(content: bytes, reference: str) -> bytes:
    """The bytes of an answer without what is new in every one."""
    return re.sub(rb'value="[^"]*"', b"", content).replace(reference.encode(), b"")


def words(shown: str) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown.partition("<main")[2]))


def test_the_inbox_shows_what_expires_first_first(office: Office, visit: Visit) -> None:
    later = request(office, by=DE, to=NL, title="Slow request")
    urgent = {"urgent": True, "urgency_grounds": ("loss",), "urgency_reasons": "It leaves tonight."}
    sooner = request(office, by=DE, to=NL, title="Fast request", **urgent)
    shown = page(visit(NL), "/inbox/?folder=all")
    assert shown.index(sooner) < shown.index(later)
    assert "8 h 0 min left" in words(shown)
    assert "urgent" in words(shown)


def test_the_clock_shows_the_last_fifth_and_what_is_over(office: Office, visit: Visit) -> None:
    request(office, by=DE, to=NL, urgent=True, urgency_grounds=("loss",), urgency_reasons="It leaves tonight.")
    assert 'class="clock running"' in page(visit(NL), "/inbox/?folder=all")
    office.clock.move(hours=7)
    assert 'class="clock soon"' in page(visit(NL), "/inbox/?folder=all")
    office.clock.move(hours=3)
    shown = page(visit(NL), "/inbox/?folder=all")
    assert 'class="clock over"' in shown
    assert "Overdue by 2 h 0 min" in words(shown)
    assert "One deadline of your authority is over." in words(shown)


def test_a_paused_clock_says_why_and_since_when(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    order = StepOrder(code="ask_clarification", values={"question": "Which lorry?"})
    take_step(office.node, office.officer(NL), thread, order)
    shown = words(page(visit(NL), f"/threads/{thread}/"))
    assert "Paused" in shown
    told = f"Clarification asked for: Authority {NL} · since 16 Jun 2026, 09:00 UTC"
    assert told in shown
    assert told in words(page(visit(DE), "/inbox/?folder=all"))


def test_a_row_says_who_announced_a_delay_and_when(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    of = definition("information_request")
    transition = next(each for each in of.transitions if each.code == "announce_delay")
    values = answers(of, "announce_delay") | {"expected_at": "2026-06-30T09:00:00Z"}
    reason = of.reasons_of("announce_delay")[0].code if transition.reasons else ""
    order = StepOrder(code="announce_delay", values=values, reason=reason, note="A judge must authorise it.")
    take_step(office.node, office.officer(NL), thread, order)
    shown = words(page(visit(NL), "/inbox/?folder=all"))
    assert "Delay announced" in shown
    assert f"Authority {NL}, until" in shown
    assert "since 16 Jun 2026, 09:00 UTC" in shown


def test_each_row_names_the_keys_of_what_may_be_done(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    shown = page(visit(NL), "/inbox/?folder=all")
    for key, code in (("a", "answer"), ("r", "refuse"), ("d", "announce_delay"), ("c", "ask_clarification")):
        assert f'href="/threads/{thread}/step/{code}/" data-key="{key}"' in shown
    led = visit(NL).get(f"/threads/{thread}/key/a/")
    assert led["Location"] == f"/threads/{thread}/step/answer/"
    assert visit(NL).get(f"/threads/{thread}/key/q/")["Location"] == f"/threads/{thread}/?not-now"


def test_who_only_reads_is_offered_no_step(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    supervisor = visit(NL, "data_protection_officer")
    assert "data-key=" not in page(supervisor, "/inbox/?folder=all")
    assert "data-key=" not in page(supervisor, f"/threads/{thread}/")
    assert supervisor.get(f"/threads/{thread}/step/answer/").status_code == 404


def test_a_list_that_does_not_exist_is_absent(office: Office, visit: Visit) -> None:
    page(visit(NL), "/inbox/?folder=others", 404)


def test_what_others_owe_stands_under_their_name(office: Office, visit: Visit) -> None:
    thread = request(office)
    shown = page(visit(NL), "/inbox/awaited/")
    assert "Authority de-bka" in words(shown)
    assert f"/threads/{thread}/step/remind/" in shown
    assert thread not in page(visit(FR), "/inbox/awaited/")


def test_the_thread_says_where_it_stands_and_who_read(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL, title="Lorry at the border")
    shown = words(page(visit(NL), f"/threads/{thread}/"))
    assert "Lorry at the border" in shown
    assert "Your authority is to act." in shown
    assert "Requested authority" in shown
    assert "not read yet" in words(page(visit(DE), f"/threads/{request(office, by=DE, to=NL)}/"))
    assert "Authority nl-politie is to act." in words(page(visit(DE), f"/threads/{thread}/"))


def test_another_authoritys_thread_is_as_one_that_is_not_there(office: Office, visit: Visit) -> None:
    thread = request(office)
    client = visit(FR)
    for leaf in ("", "print/", "step/message/", "key/a/"):
        foreign, absent = client.get(f"/threads/{thread}/{leaf}"), client.get(f"/threads/{ABSENT}/{leaf}")
        assert foreign.status_code == absent.status_code == 404
        assert plain(foreign.content, thread) == plain(absent.content, ABSENT)


def test_a_crossed_step_is_shown_with_why(office: Office, visit: Visit) -> None:
    thread = request(office)
    answer(office, thread)
    view = read_thread(office.node, office.officer(NL), thread)
    assert all(each.standing == "effective" for each in view.steps)
    shown = page(visit(NL), f"/threads/{thread}/")
    assert "Nothing is known here." in shown
    assert "Crossed" not in shown


def test_a_translation_stands_beside_its_original(office: Office, visit: Visit) -> None:
    thread = request(office)
    order = StepOrder(code="message", note="Der Lastwagen ist leer.", language="de")
    take_step(office.node, office.officer(DE), thread, order)
    view = read_thread(office.node, office.officer(NL), thread)
    original = next(each.id for each in view.steps if each.code == "message")
    form = page(visit(NL), f"/threads/{thread}/step/message/?translates={original}")
    assert "Der Lastwagen ist leer." in form
    sent = visit(NL).post(
        f"/threads/{thread}/step/message/",
        {"do": "send", "note": "The lorry is empty.", "language": "en", "translates": original},
    )
    assert sent.status_code == 302
    shown = words(page(visit(NL), f"/threads/{thread}/"))
    assert "Original, German" in shown
    assert "Translation into English, by Authority nl-politie" in shown


def test_notes_are_of_one_authority_alone(office: Office, visit: Visit) -> None:
    thread = request(office)
    visit(NL).post(f"/threads/{thread}/note/", {"text": "Ask the duty line."})
    assert "Ask the duty line." in page(visit(NL), f"/threads/{thread}/")
    assert "Ask the duty line." not in page(visit(DE), f"/threads/{thread}/")
    assert "Ask the duty line." not in page(visit(NL), f"/threads/{thread}/print/")
    empty = visit(NL).post(f"/threads/{thread}/note/", {"text": "  "})
    assert empty.status_code == 422


def test_paper_bears_classification_and_hash(office: Office, visit: Visit) -> None:
    thread = request(office)
    shown = page(visit(NL), f"/threads/{thread}/print/")
    assert shown.count("classification-line") == 2
    printed = re.search(r"<code>([0-9a-f]{64})</code>", shown)
    assert printed is not None
    newest = office.entries(NL)[0]
    assert dict(newest.details)["sha256"] == printed.group(1)


def test_export_is_a_file_and_needs_its_right(office: Office, visit: Visit) -> None:
    thread = request(office)
    found = visit(NL).post(f"/threads/{thread}/export/")
    assert found["Content-Disposition"].startswith("attachment")
    assert found.json()["reference"] == thread
    assert visit(NL, "front_line_officer").post(f"/threads/{thread}/export/").status_code == 404


def test_a_file_is_saved_and_never_shown(office: Office, visit: Visit) -> None:
    thread = request(office)
    file = upload(office, office.officer(NL), b"seen at the border\n", name="note.txt")
    take_step(office.node, office.officer(NL), thread, StepOrder(code="message", note="See.", attachments=(file,)))
    assert "note.txt" in page(visit(NL), f"/threads/{thread}/")
    found = visit(DE).get(re.findall(rf"/threads/{thread}/file/[0-9a-f]+/", page(visit(DE), f"/threads/{thread}/"))[0])
    assert found.content == b"seen at the border\n"
    assert found["Content-Type"] == "application/octet-stream"
    assert found["Content-Disposition"].startswith("attachment")
    assert visit(FR).get(f"/threads/{thread}/file/{file}/").status_code == 404


def test_the_search_goes_by_post_and_finds_what_is_ours(office: Office, visit: Visit) -> None:
    thread = request(office, title="Lorry at the border")
    assert thread in visit(NL).post("/inbox/search/", {"text": "lorry"}).content.decode()
    assert thread not in visit(FR).post("/inbox/search/", {"text": "lorry"}).content.decode()
    short = visit(NL).post("/inbox/search/", {"text": "l"})
    assert short.status_code == 422
    assert 'value="l"' in short.content.decode()


def test_a_step_can_be_erased_by_who_may(office: Office, visit: Visit) -> None:
    thread = request(office, by=NL, to=DE)
    order = StepOrder(code="message", note="Written by mistake.")
    sent = take_step(office.node, office.officer(NL), thread, order)
    assert "Erase a step" not in page(visit(NL, "liaison_officer"), f"/threads/{thread}/")
    visit(NL).post(f"/threads/{thread}/erase/", {"step": sent.step, "reason": "unlawful"})
    shown = page(visit(NL), f"/threads/{thread}/")
    assert "Written by mistake." not in shown
    assert "The words of this step were erased." in shown


def test_my_day_says_what_expires_today(office: Office, visit: Visit) -> None:
    request(office, by=DE, to=NL, urgent=True, urgency_grounds=("loss",), urgency_reasons="It leaves tonight.")
    assert "1 deadlines of exchanges end today" in words(page(visit(NL), "/my-day/"))
    office.clock.move(hours=9)
    assert "1 deadlines of exchanges are over" in words(page(visit(NL), "/my-day/"))
