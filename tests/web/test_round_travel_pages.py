"""Rounds and other nodes as pages: sent with one button, taken, answered, sent back, taken into the round."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "services" / "exchange"))

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from federation import DE, FR, NL, Place, opened, settle, template
from personas import SetClock

from alidade.model.directory import Officer
from alidade.model.ids import OfficerId
from alidade.programme.rounds import Question, Round
from alidade.services import serving
from alidade.services.acting import act_as
from alidade.services.officers import add_officer
from alidade.services.programme.rounds import hold_round
from alidade.services.threads.attachments import check_arrivals

Visit = Callable[..., Client]
ABSENT = "5f0c2a9be17d4438a6d0f1c27be94a13"


@pytest.fixture
def places(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[list[Place]]:
    """Two nodes, each with a policy officer beside the liaison officer."""
    found = opened(template(tmp_path_factory), tmp_path, (NL, DE), SetClock(), request.node.nodeid)
    for each in found:
        add_officer(each.node, each.admin(), Officer(id=_policy(each), authority=each.own, role="policy_officer"))
    yield found
    for each in found:
        each.node.close()
    Session.objects.all().delete()
    User.objects.all().delete()


@contextmanager
def served(place: Place) -> Iterator[None]:
    """The pages of one node."""
    serving.serve(place.node)
    try:
        yield
    finally:
        serving.serve(None)


def _policy(place: Place) -> OfficerId:
    return OfficerId(f"{place.own}/policy")


def carry(places: list[Place]) -> None:
    settle(places)
    for each in places:
        check_arrivals(each.node)


def held(one: Place, *asked: str) -> str:
    actor = act_as(one.node, _policy(one), purpose="18.2.a")
    questions = (Question(key="1a", text={"en": "What was done?"}),)
    round_ = Round(
        title={"en": "Follow-up of Lisbon"}, questions=questions, asked=asked, opens=dt.date(2026, 6, 1),
        cut_off=dt.date(2026, 7, 1),
    )  # fmt: skip
    return hold_round(one.node, actor, round_)


def test_a_round_goes_and_its_answer_comes_back_by_the_pages(places: list[Place], arrive: Visit) -> None:
    one, other = places
    reference = held(one, DE)
    ours, theirs = arrive(NL, "policy", grounds=False), arrive(DE, "policy", grounds=False)
    with served(one):
        assert f"/rounds/{reference}/exchange/" in ours.get(f"/rounds/{reference}/").content.decode()
        before = ours.get(f"/rounds/{reference}/exchange/").content.decode()
        assert "Send to those asked on other nodes" in before
        assert "not sent yet" in before
        assert ours.post(f"/rounds/{reference}/exchange/send/").status_code == 302
        after = ours.get(f"/rounds/{reference}/exchange/").content.decode()
        assert "sent, not received yet" in after
        assert "Send to those asked on other nodes" not in after
    carry(places)
    with served(other):
        listed = theirs.get("/round-exchange/").content.decode()
        assert "Follow-up of Lisbon" in listed
        assert "not taken yet" in listed
        address = listed.partition('href="/round-exchange/')[2].partition('"')[0]
        came = theirs.get(f"/round-exchange/{address}").content.decode()
        assert "Take the questions, to answer them" in came
        taken = theirs.post(f"/round-exchange/{address}take/")
        place = taken["Location"]
        assert place.endswith("/answer/")
        again = theirs.post(f"/round-exchange/{address}take/", follow=True).content.decode()
        assert "This round was taken already." in again
        assert "What was done?" in theirs.get(place).content.decode()
        theirs.post(place, {"kind-1a": "done", "text-1a": "A law of May.", "publish": "on", "submit": "1"})
        there = place.removesuffix("answer/")
        assert "Send our answer" in theirs.get(f"{there}exchange/").content.decode()
        sent = theirs.post(f"{there}exchange/answer/", follow=True).content.decode()
        assert "Sent to the authority that asked." in sent
        assert "Send our answer" not in sent
        nothing = theirs.post(f"{there}exchange/answer/", follow=True).content.decode()
        assert "This answer was sent already." in nothing
    carry(places)
    with served(one):
        arrived = ours.get(f"/rounds/{reference}/exchange/").content.decode()
        assert "an answer has come" in arrived
        thread = arrived.partition('action="/round-exchange/')[2].partition("/")[0]
        done = ours.post(f"/round-exchange/{thread}/answer/", follow=True).content.decode()
        assert "Taken into the round" in done
        assert "answer taken into the round" in done
        assert "Germany" in ours.get(f"/rounds/{reference}/").content.decode()
        assert "Nothing" not in done
        nothing = ours.post(f"/round-exchange/{thread}/answer/", follow=True).content.decode()
        assert "No answer that is not taken yet has come" in nothing


def test_the_exchange_leads_to_the_round_and_back(places: list[Place], arrive: Visit) -> None:
    one, other = places
    reference = held(one, DE)
    with served(one):
        arrive(NL, "policy", grounds=False).post(f"/rounds/{reference}/exchange/send/")
        liaison = arrive(NL, "liaison_officer")
        page = liaison.get(f"/rounds/{reference}/exchange/").content.decode()
        assert "Send to those" not in page
        thread = page.partition('href="/threads/')[2].partition("/")[0]
        shown = liaison.get(f"/threads/{thread}/").content.decode()
        assert f"/round-exchange/{thread}/" in shown
        assert liaison.get(f"/round-exchange/{thread}/")["Location"] == f"/rounds/{reference}/exchange/"
        assert liaison.post(f"/rounds/{reference}/exchange/send/").status_code == 404
    carry(places)
    with served(other):
        theirs = arrive(DE, "liaison_officer")
        assert "Take the questions" in theirs.get(f"/round-exchange/{thread}/").content.decode()
        case = arrive(DE, "case_officer")
        assert "Take the questions" not in case.get(f"/round-exchange/{thread}/").content.decode()
        assert case.post(f"/round-exchange/{thread}/take/").status_code == 404
        for address in (f"/rounds/{reference}/exchange/", f"/round-exchange/{ABSENT}/"):
            assert theirs.get(address).status_code == 404


def test_a_round_of_this_node_alone_says_so(places: list[Place], arrive: Visit) -> None:
    one, _ = places
    reference = held(one, NL)
    client = arrive(NL, "policy", grounds=False)
    with served(one):
        assert f"/rounds/{reference}/exchange/" not in client.get(f"/rounds/{reference}/").content.decode()
        shown = client.get(f"/rounds/{reference}/exchange/").content.decode()
        assert "Nobody who is asked works on another node." in shown
        refused = client.post(f"/rounds/{reference}/exchange/send/", follow=True).content.decode()
        assert "Nobody who is asked on another node still has to get this round." in refused
        assert FR not in shown
        assert (
            "No authority of another node has asked you anything yet."
            in client.get("/round-exchange/").content.decode()
        )
