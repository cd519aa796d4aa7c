"""Questions of a round shared inside a State, as pages: given, filled, returned, taken, and seen by the two alone."""

from __future__ import annotations

import pytest
from neighbours import CUSTOMS, asked, policy, with_customs
from personas import DE, FR, NL, Office

from alidade.services.programme.delegating import delegated
from alidade.services.programme.rounds import answer_to_fill, hold_round

ABSENT = "0" * 32


@pytest.fixture
def round_(office: Office) -> str:
    """A round of the German authority that asks the Dutch police, whose State has customs, too."""
    with_customs(office)
    return hold_round(office.node, policy(office, DE), asked(asked=(NL, FR)))


def of(visit, who: str = NL):
    return visit(who, "policy_officer", grounds=False)


def given(office: Office, visit, round_: str) -> str:
    answer = of(visit).post(f"/rounds/{round_}/shares/", {"to": CUSTOMS, "questions": ["1a"], "note": "Please look."})
    assert answer.status_code == 302, answer.content.decode()
    return delegated(office.node, policy(office), round_).given[0].kept.reference


def test_a_part_goes_to_another_authority_and_comes_back(office: Office, visit, round_: str) -> None:
    reference = given(office, visit, round_)
    assert "Answer our part" in of(visit, CUSTOMS).get(f"/rounds/{round_}/").content.decode()
    assert "Answer for our State" not in of(visit, CUSTOMS).get(f"/rounds/{round_}/").content.decode()
    page = of(visit, CUSTOMS).get(f"/shares/{reference}/").content.decode()
    assert "Please look." in page
    assert 'name="kind-1a"' in page
    assert 'name="kind-1b"' not in page
    wrong = of(visit, CUSTOMS).post(f"/shares/{reference}/", {"text-1a": "All terminals.", "submit": "1"})
    assert (wrong.status_code, "All terminals." in wrong.content.decode()) == (422, True)
    empty = of(visit, CUSTOMS).post(f"/shares/{reference}/", {"submit": "1", "version": "0"})
    assert (empty.status_code, "1a is not answered yet" in empty.content.decode()) == (422, True)
    sent = {"kind-1a": "done", "text-1a": "All terminals.", "submit": "1", "version": "0"}
    assert of(visit, CUSTOMS).post(f"/shares/{reference}/", sent).status_code == 302
    page = of(visit).get(f"/rounds/{round_}/shares/").content.decode()
    assert "handed in" in page
    assert "All terminals." in page
    refused = of(visit).post(f"/shares/{reference}/settle/", {"what": "return", "version": "1", "round": round_})
    assert (refused.status_code, "needs a reason" in refused.content.decode()) == (422, True)
    settled = {"what": "return", "reason": "How many?", "version": "1", "round": round_}
    assert of(visit).post(f"/shares/{reference}/settle/", settled).status_code == 302
    assert "How many?" in of(visit, CUSTOMS).get(f"/shares/{reference}/").content.decode()
    better = sent | {"text-1a": "All 14.", "version": "1"}
    assert of(visit, CUSTOMS).post(f"/shares/{reference}/", better).status_code == 302
    taken = {"what": "take", "version": "2", "round": round_}
    assert of(visit).post(f"/shares/{reference}/settle/", taken).status_code == 302
    _, draft = answer_to_fill(office.node, policy(office), round_)
    assert draft.parts[0].text == {"en": "All 14."}
    assert f"With parts of: {CUSTOMS}" in of(visit).get(f"/rounds/{round_}/answer/").content.decode()
    assert office.newest_entry(NL)[0] in ("programme_read", "round_answer")


def test_others_find_nothing_there(office: Office, visit, round_: str) -> None:
    reference = given(office, visit, round_)
    for who in (DE, FR):
        client = of(visit, who)
        client.get(f"/shares/{ABSENT}/")
        there = client.get(f"/shares/{reference}/")
        absent = client.get(f"/shares/{ABSENT}/")
        assert there.status_code == absent.status_code == 404
        assert CUSTOMS not in client.get(f"/rounds/{round_}/shares/").content.decode()
        settled = client.post(f"/shares/{reference}/settle/", {"what": "end", "round": round_})
        assert settled.status_code == 404
    assert visit(NL, "analyst").get(f"/rounds/{round_}/shares/").status_code == 404


def test_questions_are_taken_back(office: Office, visit, round_: str) -> None:
    reference = given(office, visit, round_)
    assert of(visit).post(f"/shares/{reference}/settle/", {"what": "end", "round": round_}).status_code == 302
    page = of(visit).get(f"/rounds/{round_}/shares/").content.decode()
    assert "taken back" in page
    assert "Answer our part" not in of(visit, CUSTOMS).get(f"/rounds/{round_}/").content.decode()


def test_the_day_counts_what_was_given_and_reminded(office: Office, visit, round_: str) -> None:
    assert "parts of rounds given to us" not in of(visit, CUSTOMS).get("/my-day/").content.decode()
    given(office, visit, round_)
    assert "parts of rounds given to us" in of(visit, CUSTOMS).get("/my-day/").content.decode()
    holder = of(visit, DE)
    assert holder.post(f"/rounds/{round_}/remind/").status_code == 302
    assert "16 Jun 2026" in holder.get(f"/rounds/{round_}/").content.decode()
    assert "remind us" in of(visit).get("/my-day/").content.decode()
    assert "remind us" not in holder.get("/my-day/").content.decode()
    holder.post(f"/rounds/{round_}/remind/")
    assert "Nobody is left to remind today" in holder.get(f"/rounds/{round_}/").content.decode()
    assert of(visit).post(f"/rounds/{round_}/remind/").status_code == 404
    assert "Remind those who" not in of(visit).get(f"/rounds/{round_}/").content.decode()
