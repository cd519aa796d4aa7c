"""Same or different: the list, the pair side by side, ruling with reason, undo, confirming, whose judgements count."""

from __future__ import annotations

import re
from typing import Any

import pytest
from personas import DE, NL, VE, Office, draft

from alidade.services import jobs
from alidade.services.picture import suggesting
from alidade.services.records import show_record

NONE = "0" * 32
RULED = {"reason": "same passport", "h-hit": "visible", "h-classification": "BPL", "h-content": "personal",
         "h-subject_category": "suspect_or_convicted", "h-purposes": "18.2.a", "h-communities": "all"}  # fmt: skip


@pytest.fixture
def pair(office: Office) -> tuple[str, str]:
    """Two records of one man, of two authorities."""
    said = {"name": "Wouter Dijkgraaf", "passportNumber": "NXR4821P7"}
    ours = office.give(draft("1", **said, birthDate="1970-02-13")).records["1"]
    theirs = office.give(draft("1", **said, birthDate="1970-02-14"), by=DE).records["1"]
    return min(ours, theirs), max(ours, theirs)


def _bare(content: bytes, *addresses: str) -> bytes:
    for address in addresses:
        content = content.replace(address.encode(), b"")
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", content)


def _joined(office: Office, who: str, pair: tuple[str, str]) -> bool:
    return len(show_record(office.node, office.officer(who), pair[0]).records) == 2


def test_a_pair_is_listed_compared_judged_and_the_slip_undone(
    office: Office, visit: Any, pair: tuple[str, str]
) -> None:
    client, address = visit(NL), f"/judgements/pair/{pair[0]}/{pair[1]}/"
    listed = client.get("/judgements/").content.decode()
    assert address in listed
    assert "What speaks for and against" in listed
    shown = client.get(address).content.decode()
    assert "contradict each other" in shown
    assert 'data-key="s"' in shown
    refused = client.post(address, RULED | {"ruling": "same", "reason": ""})
    assert refused.status_code == 422
    assert not _joined(office, NL, pair)
    made = client.post(address, RULED | {"ruling": "same"}, follow=True)
    assert made.status_code == 200
    page = made.content.decode()
    assert "Judged: same" in page
    assert _joined(office, NL, pair)
    assert _joined(office, DE, pair)
    undo = re.search(r"/judgements/ruled/([0-9a-f]{32})/revoke/", page)
    assert undo is not None
    client.post(undo[0], {"reason": "slip"})
    assert not _joined(office, NL, pair)
    assert "slip" in client.get("/judgements/ruled/").content.decode()


def test_a_second_officer_confirms_on_the_page(office: Office, visit: Any, pair: tuple[str, str]) -> None:
    address = f"/judgements/pair/{pair[0]}/{pair[1]}/"
    visit(NL).post(address, RULED | {"ruling": "same", "second_officer": "on"})
    assert not _joined(office, NL, pair)
    proposed = visit(NL).get("/judgements/ruled/").content.decode()
    assert "another officer of your authority confirms it" in proposed
    page = visit(NL, "analyst").get("/judgements/ruled/").content.decode()
    confirm = re.search(r"/judgements/ruled/[0-9a-f]{32}/confirm/", page)
    assert confirm is not None
    visit(NL, "analyst").post(confirm[0])
    assert _joined(office, NL, pair)


def test_absent_and_forbidden_look_alike(office: Office, visit: Any, pair: tuple[str, str]) -> None:
    hidden = office.give(draft("9", name="X"), handling=office.handling(communities=())).records["9"]
    client = visit(DE)
    for leaf in ("of/{0}/", "pair/{1}/{0}/"):
        there, none = (f"/judgements/{leaf.format(each, pair[0])}" for each in (hidden, NONE))
        one, other = client.get(there), client.get(none)
        assert (one.status_code, other.status_code) == (404, 404)
        assert _bare(one.content, there) == _bare(other.content, none)
    assert visit(VE).get(f"/judgements/of/{pair[0]}/").status_code == 404


def test_who_may_not_judge_finds_nothing_here(office: Office, visit: Any, pair: tuple[str, str]) -> None:
    nowhere = "/nowhere-at-all/"
    client = visit(NL, "front_line_officer")
    for address in ("/judgements/", "/judgements/ruled/", "/judgements/rules/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert _bare(answer.content, address) == _bare(client.get(nowhere).content, nowhere)


def test_whose_judgements_count_is_set_by_who_may(office: Office, visit: Any, pair: tuple[str, str]) -> None:
    visit(DE).post(f"/judgements/pair/{pair[0]}/{pair[1]}/", RULED | {"ruling": "same"})
    assert _joined(office, NL, pair)
    assert "Set the rules" not in visit(NL, "analyst").get("/judgements/rules/").content.decode()
    visit(NL).post("/judgements/rules/", {"whose": "own"})
    assert not _joined(office, NL, pair)
    assert "not counted here" in visit(NL).get("/judgements/ruled/").content.decode()
    visit(NL).post("/judgements/rules/", {"whose": "some", "accepts": [DE]})
    assert _joined(office, NL, pair)


def test_a_large_desk_is_looked_through_while_one_does_something_else(
    office: Office, visit: Any, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "MOST_AT_ONCE", 1)
    client = visit(NL)
    assert "Look through the whole desk" in client.get("/judgements/").content.decode()
    client.post("/judgements/look/")
    assert "data-poll" in client.get("/judgements/look/state/").content.decode()
    jobs.run_next(office.node)
    done = client.get("/judgements/look/state/").content.decode()
    assert "data-done" in done
    address = re.search(r"/judgements/\?look=([0-9a-f]{32})", done)
    assert address is not None
    assert f"/judgements/pair/{pair[0]}/{pair[1]}/" in client.get(address[0]).content.decode()


def test_two_records_by_reference(office: Office, visit: Any, pair: tuple[str, str]) -> None:
    sent = visit(NL).post("/judgements/choose/", {"left": pair[0], "right": pair[1]})
    assert sent["Location"] == f"/judgements/pair/{pair[0]}/{pair[1]}/"
    assert visit(NL).post("/judgements/choose/", {"left": "x", "right": pair[1]}).status_code == 422
    of = visit(NL).get(f"/judgements/of/{pair[0]}/").content.decode()
    assert f"/judgements/pair/{pair[0]}/{pair[1]}/" in of
