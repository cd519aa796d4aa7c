"""The analysis and the taking of figures as pages: each sees his own counts, files go out, others find nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

from personas import DE, FR, NL, Office
from programme_roles import ASKED

from alidade.programme.register import Entry, Instrument, Measure
from alidade.programme.rounds import Answer, Part, Question, Round
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import add_entry, keep_paper
from alidade.services.programme.rounds import answer_round, hold_round

TITLE = {"en": "Ports <b>", "fr": "Ports"}


def policy(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def paper(office: Office) -> str:
    measures = (
        Measure(key="1", title=TITLE, addressees=("DEU", "FRA"), deadline=dt.date(2026, 1, 1)),
        Measure(key="2", title=TITLE),
    )
    body = Instrument(number="1/26", kind="action_plan", title=TITLE, measures=measures)
    reference = keep_paper(office.node, office.officer(NL, "policy_officer"), body)
    for state, own in (("DEU", None), ("FRA", default_handling(office.node, DE, communities=()))):
        entry = Entry(instrument=reference, measure="1", kind="status", status="done", state=state)
        add_entry(office.node, office.officer(DE, "policy_officer"), entry, own)
    return reference


def round_on(office: Office, instrument: str) -> str:
    asked = Round(
        title=TITLE,
        instrument=instrument,
        questions=(Question(key="1", measure="1", text=TITLE),),
        asked=(DE, FR),
        opens=dt.date(2026, 6, 1),
        cut_off=dt.date(2026, 7, 1),
    )
    reference = hold_round(office.node, office.officer(NL, "policy_officer"), asked)
    parts = (Part(question="1", kind="planned", obstacle="law", obstacle_text={"en": "No law"}),)
    answer = Answer(round=reference, state="DEU", parts=parts, submitted=True, publish=True)
    answer_round(office.node, office.officer(DE, "policy_officer"), answer)
    return reference


def table(page: str, code: str) -> str:
    return page.split(f'id="{code}"')[1].split("</section>")[0]


def test_each_viewer_sees_his_own_counts(office: Office, visit) -> None:
    assert "No paper is kept yet." in policy(visit).get("/analysis/").content.decode()
    reference = paper(office)
    pages = {who: policy(visit, who).get(f"/analysis/{reference}/").content.decode() for who in (NL, DE)}
    counts = {who: re.findall(r'<span class="figure">(\d+)</span>', page) for who, page in pages.items()}
    assert counts == {NL: ["1", "1", "1", "1", "0"], DE: ["2", "0", "0", "2", "0"]}
    assert "No reply" in table(pages[NL], "matrix")
    assert "No reply" not in table(pages[DE], "matrix")
    assert "1 of 2" in table(pages[NL], "heat")
    assert "<b>" not in pages[NL].split("<main")[1]
    overview = visit(DE, "analyst").get("/analysis/").content.decode()
    assert f'href="/analysis/{reference}/"' in overview


def test_every_view_has_its_tables_with_words_in_every_cell(office: Office, visit) -> None:
    reference = paper(office)
    round_ = round_on(office, reference)
    client = policy(visit)
    page = client.get(f"/analysis/{reference}/?view=findings&round={round_}").content.decode()
    assert "stages differ" in table(page, "contradictions")
    assert "France" in table(page, "silent")
    said = client.get(f"/analysis/{reference}/?view=said").content.decode()
    assert "Law lacking or unclear" in table(said, "obstacles")
    assert "“No law” (Germany, 1)" in table(said, "obstacles")
    for view in ("counts", "figures", "nothing"):
        assert client.get(f"/analysis/{reference}/?view={view}").status_code == 200
    assert "Western Europe" in table(client.get(f"/analysis/{reference}/?view=counts").content.decode(), "regions")


def test_a_round_leads_to_its_paper_or_stands_alone(office: Office, visit) -> None:
    reference = paper(office)
    client = policy(visit)
    round_ = round_on(office, reference)
    assert client.get(f"/analysis/round/{round_}/")["Location"] == f"/analysis/{reference}/?round={round_}"
    alone = hold_round(office.node, office.officer(NL, "policy_officer"), ASKED)
    page = client.get(f"/analysis/round/{alone}/")
    assert (page.status_code, "Follow-up" in page.content.decode()) == (200, True)
    assert client.get(f"/analysis/round/{alone}/states/csv/").status_code == 200


def test_a_table_is_taken_out_as_a_file(office: Office, visit) -> None:
    reference = paper(office)
    client = policy(visit)
    page = client.get(f"/analysis/{reference}/").content.decode()
    (address,) = re.findall(r'href="([^"]*matrix/csv/[^"]*)"', page)
    made = client.get(address)
    rows = list(csv.reader(io.StringIO(made.content.decode())))
    assert rows[0] == ["State", "1", "2"]
    assert ["Germany", "Done", ""] in rows
    assert made["Content-Disposition"] == 'attachment; filename="alidade-matrix.csv"'
    assert client.get(f"/analysis/{reference}/matrix/xlsx/").content.startswith(b"PK")
    for wrong in ("matrix/odt", "novel/csv"):
        assert client.get(f"/analysis/{reference}/{wrong}/").status_code == 404
    assert client.get(f"/analysis/{'0' * 32}/matrix/csv/").status_code == 404
    assert visit(NL, "administrator", grounds=False).get(address).status_code == 404


def test_a_figure_is_taken_and_the_measure_says_what_it_would_be_now(office: Office, visit) -> None:
    reference = paper(office)
    round_ = round_on(office, reference)
    client = policy(visit)
    form = client.get(f"/programme/{reference}/measures/2/figure/").content.decode()
    (chosen,) = [
        each.replace("&quot;", '"')
        for each in re.findall(r'<option value="([^"]*)"', form)
        if round_ in each and "answered" in each and "question" not in each
    ]
    sent = {"counting": chosen, "text": "Replies so far"}
    assert client.post(f"/programme/{reference}/measures/2/figure/", sent).status_code == 302
    page = client.get(f"/programme/{reference}/measures/2/").content.decode()
    assert "Counted again now: the same." in page
    parts = (Part(question="1", kind="done"),)
    answer = Answer(round=round_, state="FRA", parts=parts, submitted=True, publish=True)
    answer_round(office.node, office.officer(FR, "policy_officer"), answer)
    assert "Now it would be 2." in client.get(f"/programme/{reference}/measures/2/").content.decode()
    of_another = policy(visit, DE).get(f"/programme/{reference}/measures/2/").content.decode()
    assert "Taken on" in of_another
    assert "Now it would be" not in of_another
    wrong = client.post(f"/programme/{reference}/measures/2/figure/", {"counting": "novel", "text": "Kept words"})
    assert (wrong.status_code, "Kept words" in wrong.content.decode()) == (422, True)
    assert visit(NL, "front_line_officer").get(f"/programme/{reference}/measures/2/figure/").status_code == 404
    assert client.get(f"/programme/{reference}/measures/9/figure/").status_code == 404
