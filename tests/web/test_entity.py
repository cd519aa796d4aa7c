"""The page of a thing: who says what, differing values side by side, ties with their pages, what may be taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.test import Client
from linked_cases import give_network
from personas import DE, NL, VE, Office, draft
from thread_cases import request

from alidade.model.draft import Claim
from alidade.services.picture.judging import judge
from alidade.services.releasing import release
from alidade.services.threads.stepping import take_step
from alidade.services.threads.view import StepOrder

Visit = Callable[..., Client]


def test_the_page_says_who_says_what_and_leads_on(office: Office, visit: Visit) -> None:
    ids = give_network(office)
    shown = visit(DE).get(f"/entity/{ids['jan']}/")
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "Jan Vermeulen" in text
    assert "Authority nl-politie" in text
    assert f"/entity/{ids['firm']}/" in text
    assert f"/entity/{ids['phone']}/" in text
    assert ids["piet"] not in text  # the link to him is his giver's alone
    assert ids["piet"] in visit(NL).get(f"/entity/{ids['jan']}/").content.decode()
    assert f"/picture/?record={ids['jan']}" in text
    assert f"/records/{ids['jan']}/" in text
    assert "not known" in text
    assert office.newest_entry(NL) == ("picture_read", "allowed")


def test_absent_and_forbidden_and_not_permitted_are_the_same_bytes(office: Office, visit: Visit) -> None:
    ids = give_network(office)
    stranger = visit(VE)
    there, nowhere = (stranger.get(f"/entity/{one}/") for one in (ids["jan"], "0" * 32))
    assert there.status_code == 404
    told = [re.sub(rb'csrfmiddlewaretoken" value="[^"]*"', b"", each.content) for each in (there, nowhere)]
    assert told[0].replace(ids["jan"].encode(), b"0" * 32) == told[1]
    keeper = visit(NL, "front_line_officer")
    assert keeper.get(f"/entity/{ids['jan']}/").status_code == 404


def test_values_that_differ_stand_side_by_side_and_a_judgement_is_taken_back(office: Office, visit: Visit) -> None:
    one = office.give(draft("1", name="Jan Vermeulen", birthDate="1964-07-01")).records["1"]
    two = office.give(draft("1", name="Jan Vermeulen", birthDate="1965-07-01"), by=DE).records["1"]
    judge(office.node, office.officer(NL), one, two, "same", "same photograph", office.handling())
    officer = visit(NL)
    text = officer.get(f"/entity/{two}/").content.decode()
    apart = re.search(r'<dd class="apart">.*?</dd>', text, re.DOTALL)
    assert apart is not None
    assert ("1 Jul 1964" in apart[0], "1 Jul 1965" in apart[0]) == (True, True)
    assert "same photograph" in text
    (judgement,) = re.findall(r'name="judgement" value="([0-9a-f]{32})"', text)
    assert 'name="judgement"' not in visit(DE).get(f"/entity/{two}/").content.decode()  # another's ruling
    done = officer.post(f"/entity/{two}/take-back/", {"judgement": judgement}, follow=True)
    assert "stand apart again" in done.content.decode()
    assert 'class="apart"' not in done.content.decode()
    assert ("judge", "allowed") in [(each.act, each.decision) for each in office.entries(NL)]


def test_a_past_day_is_said_to_be_one_and_a_wrong_one_is_told_at_the_form(office: Office, visit: Visit) -> None:
    one = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    officer = visit(NL)
    before = officer.get(f"/entity/{one}/?at=2026-06-01").content.decode()
    assert "State of 1 Jun 2026" in before
    assert "Nothing of it had been given by that day." in before
    wrong = officer.get(f"/entity/{one}/?at=yesterday")
    assert wrong.status_code == 422
    assert "This is no day." in wrong.content.decode()
    assert 'value="yesterday"' in wrong.content.decode()


def test_exchanges_are_looked_for_when_somebody_wants_to_know(office: Office, visit: Visit) -> None:
    one = office.give(draft("1", name="Jan Vermeulen")).records["1"]
    thread = request(office, by=NL, to=DE)
    take_step(office.node, office.officer(NL), thread, StepOrder(code="message", note="See.", records=(one,)))
    officer = visit(NL)
    assert thread not in officer.get(f"/entity/{one}/").content.decode()
    assert thread in officer.post(f"/entity/{one}/exchanges/").content.decode()
    other = office.give(draft("2", name="Piet Hein")).records["2"]
    assert "No exchange of ours quotes it." in officer.post(f"/entity/{other}/exchanges/").content.decode()
    assert officer.get(f"/entity/{one}/exchanges/").status_code == 405


def test_it_is_taken_out_whole_or_refused_with_the_rule(office: Office, visit: Visit) -> None:
    terms = {"open": office.handling(DE), "closed": office.handling(DE, communities=())}
    closed = Claim(property="alias", value="Johann", handling="closed")
    one = office.give(draft("1", name="Jan Vermeulen", alias=closed), by=DE, handling=terms).records["1"]
    officer = visit(NL)
    whole = officer.post(f"/entity/{one}/take-out/", {"form": "ftm"})
    assert whole["Content-Disposition"] == 'attachment; filename="alidade-entity.ftm.json"'
    assert [json.loads(line).get("schema") for line in whole.content.decode().splitlines()[1:]] == ["Person"]
    release(office.node, office.officer(DE), one, NL, "read", ("18.2.a",))
    refused = officer.post(f"/entity/{one}/take-out/", {"form": "csv"})
    assert refused.status_code == 403
    assert "Nothing was taken out." in refused.content.decode()
    assert "Authority de-bka" in refused.content.decode()
    assert "1 values may go out; 1 stay here." in refused.content.decode()
    rest = officer.post(f"/entity/{one}/take-out/", {"form": "csv", "part": "yes"})
    assert rest.status_code == 200
    assert (b"Jan Vermeulen" in rest.content, b"Johann" in rest.content) == (True, False)


def test_a_form_that_cannot_carry_the_handling_says_so(office: Office, visit: Visit) -> None:
    ids = give_network(office)
    refused = visit(NL).post(f"/entity/{ids['jan']}/take-out/", {"form": "ftm"})
    assert refused.status_code == 422
    assert "FollowTheMoney can carry one for a whole file" in refused.content.decode()
