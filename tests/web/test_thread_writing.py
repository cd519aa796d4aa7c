"""Writing in the exchange: choose, fill in, look, send; drafts, four eyes, files; nothing typed is lost."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from personas import DE, FR, NL, Office, draft
from thread_cases import answers, definition, request

from alidade.procedures import Value
from alidade.services.threads.drafts import drafts_of
from alidade.services.threads.inbox import inbox
from alidade.services.threads.managing import DeskRules, settle_desk_rules
from alidade.services.threads.reading import read_thread

Visit = Callable[..., Client]


def typed(values: dict[str, Value]) -> dict[str, Any]:
    """Answers as a form sends them."""

    def one(value: Value) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return list(value) if isinstance(value, tuple) else str(value)

    return {f"v-{code}": one(value) for code, value in values.items()}


def opening_fields(to: str = DE, **more: Any) -> dict[str, Any]:
    """An information request as its form sends it."""
    written = {
        "title": "Lorry at the border",
        "case": "case-7",
        "party-0": to,
        "role-0": "requested",
        "language": "en",
        "handling-classification": "BPL",
        "handling-hit": "visible",
        "handling-content": "personal",
        "handling-purposes": ["18.2.a"],
    }
    return written | typed(answers(definition("information_request"), "open")) | more


def test_a_new_exchange_begins_with_a_list_of_procedures(office: Office, visit: Visit) -> None:
    shown = visit(NL).get("/threads/new/?quote=abc").content.decode()
    for code in ("information_request", "hit_follow_up", "spontaneous_information", "consent_request"):
        assert f"/threads/new/{code}/?quote=abc" in shown
    assert visit(NL).get("/threads/new/no_such_thing/").status_code == 404


def test_the_form_has_every_field_of_the_definition(office: Office, visit: Visit) -> None:
    for code in ("information_request", "hit_follow_up", "correction_and_erasure", "deconfliction_notice"):
        shown = visit(NL).get(f"/threads/new/{code}/").content.decode()
        form = definition(code).form_of_step("open")
        assert form is not None
        for field in form.fields:
            assert f'name="v-{field.code}"' in shown, (code, field.code)


def test_a_request_is_looked_at_and_then_sent(office: Office, visit: Visit) -> None:
    client = visit(NL)
    looked = client.post("/threads/new/information_request/", opening_fields(do="preview"))
    assert looked.status_code == 200
    shown = looked.content.decode()
    assert "This is what will be sent" in shown
    assert "Authority de-bka" in shown
    assert not inbox(office.node, office.officer(NL), "awaited").lines
    sent = client.post("/threads/new/information_request/", opening_fields(do="send"))
    assert sent.status_code == 302
    thread = sent["Location"].split("/")[-2]
    view = read_thread(office.node, office.officer(DE), thread)
    assert view.title == "Lorry at the border"
    assert view.handling is not None
    assert view.handling.purposes == ("18.2.a",)


def test_what_is_missing_stands_at_its_field_and_nothing_typed_is_lost(office: Office, visit: Visit) -> None:
    fields = opening_fields(do="send") | {"v-asked": "", "v-facts": "Seen on the ramp."}
    refused = visit(NL).post("/threads/new/information_request/", fields)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert 'id="e-asked"' in shown
    assert "Seen on the ramp." in shown
    assert "It cannot be sent as it is" in shown
    assert not inbox(office.node, office.officer(NL), "awaited").lines


def test_what_the_handling_forbids_is_said_with_its_rule(office: Office, visit: Visit) -> None:
    refused = visit(NL).post("/threads/new/information_request/", opening_fields("ve-cicpc", do="preview"))
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "No agreement in force" in shown
    assert 'value="send"' not in shown


def test_an_exchange_without_a_party_is_refused_in_words(office: Office, visit: Visit) -> None:
    refused = visit(NL).post("/threads/new/information_request/", opening_fields("", do="preview"))
    assert refused.status_code == 422
    assert "A thread needs another authority than one&#x27;s own." in refused.content.decode()


def test_a_step_is_looked_at_and_then_sent(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    client = visit(NL)
    address = f"/threads/{thread}/step/answer/"
    written = {"v-answer": "Known since May.", "language": "en"}
    looked = client.post(address, written | {"do": "preview"}).content.decode()
    assert "This is what will be sent" in looked
    assert "Known since May." in looked
    assert read_thread(office.node, office.officer(NL), thread).state == "sent"
    assert client.post(address, written | {"do": "send"})["Location"] == f"/threads/{thread}/"
    assert read_thread(office.node, office.officer(DE), thread).state == "answered"
    again = client.get(address)
    assert again["Location"] == f"/threads/{thread}/?not-now"


def test_a_refusal_needs_its_reason_from_the_closed_list(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    address = f"/threads/{thread}/step/refuse/"
    written = {"v-refusal_explanation": "Not held.", "language": "en", "do": "send"}
    refused = visit(NL).post(address, written)
    assert refused.status_code == 422
    assert "A reason from the list is required." in refused.content.decode()
    assert visit(NL).post(address, written | {"reason": "invented"}).status_code == 422
    reason = re.findall(r'<option value="([a-z_]+)">', refused.content.decode())[0]
    assert visit(NL).post(address, written | {"reason": reason}).status_code == 302
    assert read_thread(office.node, office.officer(NL), thread).state == "refused"


def test_what_is_written_saves_itself_in_one_draft(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    client = visit(NL)
    written = {"thread": thread, "code": "answer", "v-answer": "Half a sent", "language": "en"}
    first = client.post("/threads/keep/", written).json()["draft"]
    second = client.post("/threads/keep/", written | {"draft": first, "v-answer": "Half a sentence"}).json()["draft"]
    assert first == second
    shown = client.get(f"/threads/{thread}/step/answer/?draft={first}").content.decode()
    assert "Half a sentence" in shown
    sent = client.post(
        f"/threads/{thread}/step/answer/",
        {"do": "send", "draft": first, "v-answer": "A whole sentence.", "language": "en"},
    )
    assert sent.status_code == 302
    assert drafts_of(office.node, office.officer(NL)) == ()


def test_an_opening_saves_itself_and_is_taken_up_again(office: Office, visit: Visit) -> None:
    client = visit(NL)
    fields = opening_fields() | {"procedure": "information_request", "v-asked": "Begun only"}
    kept = client.post("/threads/keep/", fields).json()["draft"]
    shown = client.get(f"/threads/new/information_request/?draft={kept}").content.decode()
    assert "Begun only" in shown
    assert "Lorry at the border" in shown
    other = visit(NL, "analyst").get(f"/threads/new/information_request/?draft={kept}")
    assert other.status_code == 404
    assert client.post(f"/threads/drafts/{kept}/", {"do": "discard"}).status_code == 302
    assert client.get(f"/threads/drafts/{kept}/").status_code == 404


def test_a_second_officer_approves_what_the_first_wrote(office: Office, visit: Visit) -> None:
    settle_desk_rules(office.node, office.officer(NL, "administrator"), DeskRules(approval=("information_request",)))
    writer, second = visit(NL, "front_line_officer"), visit(NL, "liaison_officer")
    sent = writer.post("/threads/new/information_request/", opening_fields(do="send"))
    assert sent["Location"] == "/inbox/approve/"
    (waiting,) = [each for each in drafts_of(office.node, office.officer(NL, "liaison_officer")) if each.may_approve]
    assert f"/threads/drafts/{waiting.id}/" in second.get("/inbox/approve/").content.decode()
    shown = second.get(f"/threads/drafts/{waiting.id}/").content.decode()
    assert "Approve and send" in shown
    assert "Approve and send" not in writer.get(f"/threads/drafts/{waiting.id}/").content.decode()
    without = second.post(f"/threads/drafts/{waiting.id}/", {"do": "return", "remark": ""})
    assert without.status_code == 422
    second.post(f"/threads/drafts/{waiting.id}/", {"do": "return", "remark": "Name the port."})
    assert "Name the port." in writer.get("/inbox/approve/").content.decode()
    writer.post("/threads/new/information_request/", opening_fields(do="send", draft=waiting.id))
    (waiting,) = [each for each in drafts_of(office.node, office.officer(NL, "liaison_officer")) if each.may_approve]
    done = second.post(f"/threads/drafts/{waiting.id}/", {"do": "approve"})
    assert re.fullmatch(r"/threads/[0-9a-f]{32}/", done["Location"])
    assert office.entries(NL)[0].act == "thread_approve"


def test_nobody_sees_the_drafts_of_another_authority(office: Office, visit: Visit) -> None:
    kept = visit(NL).post("/threads/keep/", opening_fields() | {"procedure": "information_request"}).json()["draft"]
    foreign, absent = visit(DE).get(f"/threads/drafts/{kept}/"), visit(DE).get(f"/threads/drafts/{'0' * 32}/")
    assert foreign.status_code == absent.status_code == 404
    bodies = [re.sub(rb'value="[^"]*"', b"", each.content) for each in (foreign, absent)]
    assert bodies[0].replace(kept.encode(), b"") == bodies[1].replace(b"0" * 32, b"")


def test_ask_the_owner_begins_with_the_hit_in_it(office: Office, visit: Visit) -> None:
    closed = office.handling(DE, communities=())
    office.give(draft("x", name="Otto Kunz"), by=DE, handling=closed)
    answer = office.ask(NL, "Otto Kunz")
    hit = answer.without_content[0].reference
    shown = visit(NL).get(f"/check/{answer.check}/").content.decode()
    assert f"/threads/follow/{hit}/" in shown
    assert f"/threads/new/?quote={answer.check}" in shown
    form = visit(NL).get(f"/threads/follow/{hit}/").content.decode()
    assert f'value="{hit}"' in form
    assert f'<option value="{DE}" selected>' in form
    assert "Otto" not in form
    assert visit(FR).get(f"/threads/follow/{hit}/").status_code == 404


def test_a_file_comes_along_with_the_form(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    file = SimpleUploadedFile("note.txt", b"seen at the border\n", "text/plain")
    looked = visit(NL).post(
        f"/threads/{thread}/step/message/", {"do": "preview", "note": "See.", "language": "en", "file": file}
    )
    shown = looked.content.decode()
    assert "note.txt" in shown
    (reference,) = re.findall(r'name="attachment" value="([0-9a-f]{32})"', shown)
    sent = visit(NL).post(
        f"/threads/{thread}/step/message/",
        {"do": "send", "note": "See.", "language": "en", "attachment": reference},
    )
    assert sent.status_code == 302
    assert read_thread(office.node, office.officer(DE), thread).steps[-1].attachments or any(
        each.attachments for each in read_thread(office.node, office.officer(DE), thread).steps
    )


def test_a_file_that_is_not_taken_keeps_what_was_typed(office: Office, visit: Visit) -> None:
    thread = request(office, by=DE, to=NL)
    file = SimpleUploadedFile("secret-name.exe", b"MZ\x90\x00\x03", "application/octet-stream")
    refused = visit(NL).post(
        f"/threads/{thread}/step/message/", {"do": "send", "note": "Typed words.", "language": "en", "file": file}
    )
    assert refused.status_code == 422
    assert "Typed words." in refused.content.decode()
    assert "secret-name" not in refused.content.decode()


def test_a_file_comes_in_pieces_and_goes_on_after_a_break(office: Office, visit: Visit) -> None:
    client = visit(NL)
    content = b"line of a text\n" * 100_000
    told = {"name": "long.txt", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    begun = client.post("/threads/files/", json.dumps(told), content_type="application/json").json()
    piece, reference = begun["piece"], begun["reference"]
    client.post(f"/threads/files/{reference}/0/", content[:piece], content_type="application/octet-stream")
    state = client.get(f"/threads/files/{reference}/0/").json()
    assert state["next"] == 1
    early = client.post(f"/threads/files/{reference}/end/")
    assert early.status_code == 409
    last = client.post(f"/threads/files/{reference}/1/", content[piece:], content_type="application/octet-stream")
    assert last.json()["next"] == -1
    assert client.post(f"/threads/files/{reference}/end/").json()["state"] == "checked"
    assert visit(NL, "analyst").get(f"/threads/files/{reference}/0/").status_code == 404
    assert client.post(f"/threads/files/{reference}/end/", {"do": "discard"}).status_code == 204
    assert client.post("/threads/files/", b"no", content_type="application/json").status_code == 422
