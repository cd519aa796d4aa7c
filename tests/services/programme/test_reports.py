"""Reports at work: each writer tells what he may see, a frozen report stays, and the next says what changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from icalendar import Calendar
from personas import DE, FR, NL, Office

from alidade.model.errors import Conflict, Invalid, NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.programme.agenda import Meeting
from alidade.programme.register import Entry, Instrument, Measure
from alidade.programme.report.content import Content, Paragraph
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper
from alidade.services.programme.reports import (
    ReportOrder,
    agenda,
    calendar_feed,
    change_meeting,
    drafted,
    freeze,
    keep_meeting,
    reports,
    take_back_meeting,
    written,
)
from alidade.services.programme.rounds import answer_round, hold_round

BOTH = {"en": "Customs", "fr": "Douanes"}


def officer(office: Office, who: str = NL) -> Actor:
    return office.officer(who, "policy_officer")


def paper(office: Office) -> str:
    measures = (Measure(key="1", title=BOTH, deadline=dt.date(2026, 7, 1)), Measure(key="2", title=BOTH))
    instrument = Instrument(number="15571/25", kind="synthesis_report", title=BOTH, measures=measures)
    return keep_paper(office.node, officer(office), instrument)


def order(instrument: str, language: str = "en", template: str = "progress_report") -> ReportOrder:
    return ReportOrder(template=template, instrument=instrument, language=language)


def said(content: Content) -> list[str]:
    return [block.text for block in content.blocks if isinstance(block, Paragraph)]


def entry(instrument: str, text: str = "", **more: Any) -> Entry:
    fields: dict[str, Any] = {"measure": "1", "kind": "event"} | more
    texts = {"en": text, "fr": text} if text else {}
    return Entry(instrument=instrument, **({"text": texts} | fields))


def test_each_writer_tells_what_he_may_see(office: Office) -> None:
    reference = paper(office)
    closed = default_handling(office.node, DE, communities=())
    add_entry(office.node, officer(office, DE), entry(reference, "A visit that only one knows of"), closed)
    add_entry(office.node, officer(office, DE), entry(reference, "A visit that all know of"))
    seen = {who: " ".join(said(drafted(office.node, officer(office, who), order(reference)))) for who in (NL, DE)}
    assert all("A visit that all know of" in text for text in seen.values())
    assert ("only one knows" in seen[NL], "only one knows" in seen[DE]) == (False, True)
    with pytest.raises(NotFound):
        drafted(office.node, officer(office), order("0" * 32))
    with pytest.raises(NotAllowed):
        drafted(office.node, office.officer(NL, "analyst"), order(reference))


def test_a_frozen_report_stays_and_the_next_says_what_changed(office: Office) -> None:
    instrument = paper(office)
    first = freeze(office.node, officer(office), order(instrument))
    media, before = written(office.node, officer(office), first, "html")
    assert media.startswith("text/html")
    add_entry(office.node, officer(office), entry(instrument, status="done", kind="status"))
    assert written(office.node, officer(office), first, "html")[1] == before
    told = said(drafted(office.node, officer(office), order(instrument)))
    assert any(text.startswith("Changed from “Status: not known") for text in told)
    french = said(drafted(office.node, officer(office), order(instrument, "fr")))
    assert not any("Changements" in text for text in french)  # a report in another language is another report
    assert [kept.reference for kept in reports(office.node, officer(office))] == [first]
    assert reports(office.node, officer(office, DE)) == []
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("html", b"<!doctype")):
        assert written(office.node, officer(office), first, form)[1].startswith(start)
    with pytest.raises(NotFound):
        written(office.node, officer(office, DE), first, "pdf")
    with pytest.raises(Invalid, match="Choose one of: html, docx, pdf"):
        written(office.node, officer(office), first, "odt")


def test_what_is_not_translated_is_not_frozen_unless_somebody_says_so(office: Office) -> None:
    instrument = paper(office)
    visit = Entry(instrument=instrument, measure="1", kind="event", text={"en": "A visit"})
    add_entry(office.node, officer(office), visit)
    with pytest.raises(Invalid) as refused:
        freeze(office.node, officer(office), order(instrument, "fr"))
    assert refused.value.code == "untranslated"
    reference = freeze(office.node, officer(office), order(instrument, "fr"), untranslated=True)
    (kept,) = reports(office.node, officer(office))
    assert (kept.reference, len(kept.body.content.untranslated)) == (reference, 1)


def test_replies_to_a_round_are_told_as_they_may_be_seen(office: Office) -> None:
    instrument = paper(office)
    asked = Round(
        title=BOTH, instrument=instrument, questions=(Question(key="1a", measure="1", text=BOTH),), asked=(DE, FR),
        opens=dt.date(2026, 6, 1), cut_off=dt.date(2026, 7, 1),
    )  # fmt: skip
    reference = hold_round(office.node, officer(office), asked)
    reply = Answer(round=reference, state="DEU", parts=(Part(question="1a", kind="done"),), submitted=True)
    answer_round(office.node, officer(office, DE), reply)
    told = {who: said(drafted(office.node, officer(office, who), order(instrument))) for who in (NL, FR)}
    assert any("Of 2 possible replies 1 were given; fewer than 3 say" in text for text in told[NL])
    assert any("Of 2 possible replies 0 were given" in text for text in told[FR])
    state = ReportOrder(template="state_report", instrument=instrument, language="en", state="DEU")
    assert "Germany on 1a: Done." in said(drafted(office.node, officer(office), state))
    assert "Germany on 1a: no reply." in said(drafted(office.node, officer(office, FR), state))


def test_the_calendar_has_meetings_deadlines_and_rounds(office: Office) -> None:
    instrument = paper(office)
    meeting = Meeting(title=BOTH, forum="COSI", starts=dt.date(2026, 6, 20))
    reference = keep_meeting(office.node, officer(office), meeting)
    found, meetings = agenda(office.node, officer(office, DE), "fr")
    assert [(each.kind, each.reference) for each in found] == [("meeting", reference), ("deadline", instrument)]
    assert list(meetings) == [reference]
    feed = calendar_feed(office.node, officer(office, DE), "fr", {"meeting": "Réunion"})
    assert [str(event["summary"]) for event in Calendar.from_ical(feed).walk("VEVENT")] == [
        "Réunion: COSI: Douanes",
        "deadline: 15571/25 1: Douanes",
    ]
    moved = msgspec.structs.replace(meeting, starts=dt.date(2026, 8, 1))
    with pytest.raises(NotFound):
        change_meeting(office.node, officer(office, DE), reference, moved, 1)
    assert change_meeting(office.node, officer(office), reference, moved, 1) == 2
    with pytest.raises(Conflict):
        change_meeting(office.node, officer(office), reference, moved, 1)
    assert [each.kind for each in agenda(office.node, officer(office), "en")[0]] == ["deadline", "meeting"]
    for wrong in (instrument, "0" * 32):
        with pytest.raises(NotFound):
            take_back_meeting(office.node, officer(office), wrong)
    take_back_meeting(office.node, officer(office), reference)
    assert [each.kind for each in agenda(office.node, officer(office), "en")[0]] == ["deadline"]
