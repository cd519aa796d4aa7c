"""Reports, progress and calendar as pages: shown, frozen, taken as files, fed to other calendars."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar
from personas import DE, NL, Office

from alidade.programme.register import Entry, Instrument, Measure
from alidade.services.programme.register import add_entry, keep_paper


def policy(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def paper(office: Office) -> str:
    both = {"en": "Customs <b>", "fr": "Douanes"}
    measures = (Measure(key="1", title=both, deadline=dt.date(2026, 1, 1)), Measure(key="2", title={"en": "Ports"}))
    instrument = Instrument(number="15571/25", kind="synthesis_report", title=both, measures=measures)
    actor = office.officer(NL, "policy_officer")
    reference = keep_paper(office.node, actor, instrument)
    add_entry(office.node, actor, Entry(instrument=reference, measure="2", kind="status", status="under_way"))
    return reference


def test_a_report_is_shown_frozen_and_taken_as_a_file(office: Office, visit) -> None:
    order = {"template": "progress_report", "instrument": paper(office), "language": "fr"}
    client = policy(visit)
    shown = client.post("/reports/write/", order).content.decode()
    assert "Rapport d’avancement" in shown
    assert "title of measure 2" in shown  # it exists in English only
    assert "<b>" not in shown.split('class="report"')[1]
    refused = client.post("/reports/write/", order | {"freeze": "1"})
    assert refused.status_code == 422
    assert client.post("/reports/write/", order | {"freeze": "1", "untranslated": "on"}).status_code == 302
    page = client.get("/reports/").content.decode()
    (place,) = {
        each.split('"')[0]
        for each in page.split('href="')[1:]
        if each.endswith("/pdf/") or "/pdf/" in each.split('"')[0]
    }
    assert client.get(place).content.startswith(b"%PDF")
    assert client.get(place.replace("/pdf/", "/odt/")).status_code == 404
    assert policy(visit, DE).get(place).status_code == 404
    assert visit(NL, "analyst").post("/reports/write/", order).status_code == 404
    without_state = client.post("/reports/write/", order | {"template": "state_report"})
    assert (without_state.status_code, "needs its State" in without_state.content.decode()) == (422, True)


def test_progress_names_what_is_late_and_what_is_not_known(office: Office, visit) -> None:
    assert "No paper is kept yet." in policy(visit).get("/progress/").content.decode()
    paper(office)
    shown = visit(DE, "analyst").get("/progress/").content.decode()
    assert "not known" in shown
    assert "late" in shown
    assert "Under way" in shown


def test_the_calendar_takes_meetings_and_gives_a_feed(office: Office, visit) -> None:
    paper(office)
    client = policy(visit)
    wrong = client.post(
        "/calendar/", {"kind": "meeting", "title": "COSI", "starts": "2026-07-02", "ends": "2026-07-01"}
    )
    assert (wrong.status_code, "ends before" in wrong.content.decode()) == (422, True)
    sent = {"kind": "meeting", "title": "COSI", "starts": "2026-07-02", "ready": "14 Report\nSlides"}
    assert client.post("/calendar/", sent).status_code == 302
    shown = policy(visit, DE).get("/calendar/").content.decode()
    assert "18 Jun 2026: Report" in shown
    assert "Take it out" not in shown
    feed = visit(DE, "analyst").get("/calendar/feed.ics")
    assert feed["Content-Type"].startswith("text/calendar")
    titles = [str(event["summary"]) for event in Calendar.from_ical(feed.content).walk("VEVENT")]
    assert titles == ["deadline: 15571/25 1: Customs <b>", "meeting: COSI"]
    (back,) = {
        each.split('"')[0]
        for each in client.get("/calendar/").content.decode().split('action="')
        if "/back/" in each.split('"')[0]
    }
    assert policy(visit, DE).post(back).status_code == 404
    assert client.post(back).status_code == 302
    assert "Nothing lies ahead" in client.get("/calendar/").content.decode()
    assert visit(DE, "analyst").post("/calendar/", sent).status_code == 404
