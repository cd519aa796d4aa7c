"""The pages of networks: begun, filled, ruled on, compared, measured, issued, nominated; others see what they may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from chart_cases import Scene, scene
from django.test import Client
from dossier_cases import network, people
from personas import DE, FR, NL, Office

from alidade.services.picture.dossier_keeping import share_dossier
from alidade.services.picture.dossiers import make_dossier
from alidade.services.picture.nominations import nominate

Visit = Callable[..., Client]
AUDIENCE = {"h-communities": ["all"], "h-hit": "visible", "h-classification": "BPL", "h-content": "strategic",
            "h-purposes": ["18.2.a"], "h-codes": []}  # fmt: skip


@pytest.fixture
def seen(office: Office) -> Scene:
    return scene(office)


def _plain(content: bytes) -> bytes:
    """A page without what is new on each, and without the reference that was asked for."""
    return re.sub(rb'value="[A-Za-z0-9]{64}"|[0-9a-f]{32}', b"", content)


def test_a_dossier_from_nothing_to_a_reader_elsewhere(seen: Scene, visit: Visit) -> None:
    ours, theirs = visit(DE), visit(FR)
    assert b"Begin a dossier" in ours.get("/dossiers/").content
    wrong = ours.post("/dossiers/new/", {"name": "", "summary": "They ship fruit."})
    assert wrong.status_code == 422
    assert b"They ship fruit." in wrong.content
    made = ours.post(
        "/dossiers/new/",
        {
            "name": "Harbour ring",
            "aliases": "Fruiterers",
            "rounds": "2026",
            "countries": ["NL"],
            "trait-corruption": "high",
        },
    )
    address = made["Location"]
    for name in ("ada", "secret"):
        assert ours.post(f"{address}member/", {"record": seen[name], "certainty": "B2"}).status_code == 302
    assert (
        ours.post("/dossiers/put/", {"record": seen["firm"], "dossier": address.split("/")[2]})["Location"] == address
    )
    assert ours.post("/dossiers/put/", {"record": "x", "dossier": address.split("/")[2]}).status_code == 404
    bad = ours.post(f"{address}member/", {"record": seen["bo"], "certainty": "Z9", "note": "keep this"})
    assert bad.status_code == 422
    assert b"keep this" in bad.content
    page = ours.get(address)
    assert b"Bo Verhoeven" in page.content
    assert b"3 members whom you may see" in page.content

    assert (
        ours.post(f"{address}rule/", {"record": seen["ada"], "standing": "confirmed", "role": "broker"}).status_code
        == 302
    )
    assert f"ruled by {DE}/case_officer".encode() in ours.get(address).content
    assert ours.post(f"{address}rule/", {"record": seen["ada"], "standing": "king"}).status_code == 422
    assert ours.post(f"{address}event/", {"kind": "split", "day": "2026-03"}).status_code == 302
    assert ours.post(f"{address}gap/", {"question": "Who pays?", "who": "the bank"}).status_code == 302
    assert ours.post(f"{address}gap/", {"answered": "0"}).status_code == 302
    assert b"found out" in ours.get(address).content

    assert _plain(theirs.get(address).content) == _plain(theirs.get("/dossier/" + "f" * 32 + "/").content)
    assert theirs.get(address).status_code == 404
    assert ours.post(f"{address}share/", AUDIENCE | {"h-content": "personal"}).status_code == 422
    assert ours.post(f"{address}share/", AUDIENCE).status_code == 302
    read = theirs.get(address)
    assert b"2 members whom you may see" in read.content
    assert b"Geheim" not in read.content
    assert seen["secret"].encode() not in read.content
    assert b"Rule on it" not in read.content
    for leaf in ("change/", "share/", "versions/"):
        assert theirs.get(address + leaf).status_code == 404
    assert theirs.post(f"{address}rule/", {"record": seen["ada"], "standing": "out"}).status_code == 404


def test_versions_mappings_and_measures(seen: Scene, visit: Visit) -> None:
    ours = visit(NL)
    begun = network(seen, "ada", "bo", rounds=("2024",))
    address = f"/dossier/{make_dossier(seen.office.node, seen.office.officer(NL), begun)}/"
    assert ours.post(f"{address}rule/", {"record": seen["bo"], "standing": "out"}).status_code == 302
    assert ours.post(f"{address}member/", {"record": seen["firm"]}).status_code == 302
    stale = ours.post(f"{address}change/", {"name": "Other", "version": "1"})
    assert stale.status_code == 409
    assert b"Somebody has changed this" in stale.content
    sent = {"name": "Other", "rounds": "2026", "version": "3", "reason": "second mapping"}
    assert ours.post(f"{address}change/", sent).status_code == 302
    compared = ours.get(f"{address}compare/?from=1&to=4")
    assert re.search(rb"Came \xc2\xb7 1.*?Noordzee Fruit BV", compared.content, re.S)
    assert re.search(rb"Left \xc2\xb7 1.*?Bo Verhoeven", compared.content, re.S)
    assert ours.get(f"{address}compare/?from=1&to=9").status_code == 404
    assert ours.get(f"{address}compare/?from=x&to=9").status_code == 404
    mappings = ours.get("/dossiers/mappings/?from=2024&to=2026")
    assert b"continues" in mappings.content
    assert ours.get("/dossiers/mappings/?from=2024&to=2024").status_code == 422
    measured = ours.get(f"{address}measures/")
    assert measured.status_code == 200
    assert b"proved: no fewer suffice" in measured.content
    assert b"By rules on what somebody does" in measured.content
    assert ours.post(f"{address}versions/", {"version": "1", "newest": "1"}).status_code == 409
    assert ours.post(f"{address}versions/", {"version": "1", "newest": "4"}).status_code == 302
    assert ours.post(f"{address}withdraw/").status_code == 302
    assert ours.get(address).status_code == 404
    assert b"Bring it back" in ours.get("/dossiers/").content
    assert ours.post(f"{address}bring-back/").status_code == 302
    assert visit(NL, "front_line_officer").get(address).status_code == 404


def test_a_product_is_torn_at_its_line(seen: Scene, visit: Visit) -> None:
    ours, theirs = visit(NL), visit(FR)
    piece = make_dossier(seen.office.node, seen.office.officer(NL), network(seen, "ada"))
    sent = {"title": "Fruit", "above": "Containers are used.", "below": "Ada leads.", **AUDIENCE}
    assert ours.post(f"/dossier/{piece}/product/", sent | {"above": ""}).status_code == 422
    address = ours.post(f"/dossier/{piece}/product/", sent)["Location"]
    assert b"Ada leads." in ours.get(address).content
    read = theirs.get(address)
    assert b"Containers are used." in read.content
    for hidden in (b"Ada leads.", b"Tear-line", piece.encode(), b"Harbour ring"):
        assert hidden not in read.content
    assert b"Fruit" in theirs.get("/dossiers/").content
    assert theirs.post(f"{address}withdraw/").status_code == 404
    assert ours.post(f"{address}withdraw/").status_code == 302
    assert theirs.get(address).status_code == 404


def test_nominations_are_answered_alike_after_the_round(office: Office, visit: Visit) -> None:
    ours, theirs = visit(NL), visit(DE)
    sent = {"title": "Networks 2026", "closes": "2026-06-30", "at_least": "3", **AUDIENCE}
    assert ours.post("/dossiers/nominations/new/", sent | {"at_least": "1"}).status_code == 422
    assert ours.post("/dossiers/nominations/new/", sent).status_code == 302
    form = theirs.get("/dossiers/nominations/")
    found = re.search(rb'<option value="([0-9a-f]{32})">Networks 2026', form.content)
    assert found is not None
    round_ = found[1].decode()
    numbers = "+31 20 555 0101\nIMO 9074729\n+31 20 555 0103"
    few = theirs.post("/dossiers/nominations/", {"round": round_, "identifiers": "IMO 9074729", "contact": "Desk"})
    assert few.status_code == 422
    assert b"IMO 9074729" in few.content
    wanted = {"round": round_, "identifiers": numbers, "contact": "Desk of DE"}
    assert theirs.post("/dossiers/nominations/", wanted).status_code == 302
    names = ("Ann Aa", "Ben Bee", "Cas Cee")
    nominate(
        office.node, office.officer(NL), round_, "Desk of NL", records=people(office, NL, *names),
        identifiers=numbers.splitlines(),
    )  # fmt: skip
    assert b"Talk with each other" not in ours.get("/dossiers/nominations/").content
    assert theirs.post(f"/dossiers/nominations/{round_}/close/").status_code == 404
    assert ours.post(f"/dossiers/nominations/{round_}/close/").status_code == 302

    def told(client: Client) -> list[bytes]:
        return re.findall(rb'<p class="told">(.*?)</p>', client.get("/dossiers/nominations/").content)

    assert told(ours) == told(theirs)
    assert len(told(ours)) == 1
    assert b"Desk of DE; Desk of NL" in told(ours)[0]
    assert b"0101" not in told(ours)[0]
    assert told(visit(FR)) == []


def test_a_shared_dossier_leads_nobody_to_what_he_may_not_change(seen: Scene, visit: Visit) -> None:
    office = seen.office
    piece = make_dossier(office.node, office.officer(NL), network(seen, "ada"))
    share_dossier(office.node, office.officer(NL), piece, office.handling(NL))
    page = visit(FR, "analyst").get(f"/dossier/{piece}/")
    assert b"Measure the network" in page.content
    assert b"Withdraw" not in page.content
