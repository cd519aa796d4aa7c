"""Records: who says what, who may see it, what may be done with it, and correcting, releasing, taking out."""

from __future__ import annotations

import re
from typing import Any

from personas import DE, NL, VE, Office, draft

from alidade.model.draft import Claim
from alidade.services.picture.judging import judge

NONE = "0" * 32


def _give(office: Office, **more: Any) -> str:
    return office.give(draft("1", name="Jan Vermeulen", birthDate="1964-07-31"), **more).records["1"]


def _bare(content: bytes, address: str) -> bytes:
    return re.sub(rb'csrfmiddlewaretoken" value="[^"]+"', b"", content.replace(address.encode(), b""))


def test_a_record_shows_who_says_what_and_what_nobody_says(office: Office, visit: Any) -> None:
    record = _give(office)
    page = visit(DE).get(f"/records/{record}/").content.decode()
    assert "Jan Vermeulen" in page
    assert "Authority nl-politie" in page
    assert "not known" in page  # nobody says the nationality
    assert "What may I do with this?" in page
    assert "Ours to change" not in page
    assert "Ours to change" in visit(NL).get(f"/records/{record}/").content.decode()
    entry = office.entries(DE)[0]
    assert (entry.act, entry.objects) == ("record_read", (record,))


def test_conflicting_values_stand_side_by_side_with_their_providers(office: Office, visit: Any) -> None:
    ours = _give(office)
    theirs = office.give(draft("1", name="Jan Vermeulen", birthDate="1965-07-31"), by=DE).records["1"]
    judge(office.node, office.officer(NL), ours, theirs, "same", "same phone", office.handling())
    page = visit(NL).get(f"/records/{ours}/").content.decode()
    assert "they differ" in page
    assert "1964-07-31" in page
    assert "1965-07-31" in page
    assert "Authority de-bka" in page
    assert "same phone" in page


def test_absent_and_forbidden_look_alike(office: Office, visit: Any) -> None:
    record = _give(office, handling=office.handling(communities=()))
    client = visit(VE)
    for leaf in ("", "who/", "why/", "why/?action=court", "release/", "correct/"):
        hidden, none = f"/records/{record}/{leaf}", f"/records/{NONE}/{leaf}"
        foreign, absent = client.get(hidden), client.get(none)
        assert (foreign.status_code, absent.status_code) == (404, 404), leaf
        assert _bare(foreign.content, hidden) == _bare(absent.content, none), leaf


def test_who_may_see_ours_and_why_not_theirs(office: Office, visit: Any) -> None:
    record = _give(office, handling=office.handling(codes=("H1",)))
    who = visit(NL).get(f"/records/{record}/who/?action=court").content.decode()
    assert "Authority ve-cicpc" in who
    assert "<strong>no</strong>" in who
    why = visit(DE).get(f"/records/{record}/why/?action=court").content.decode()
    assert "These rules forbid it" in why
    assert "Authority nl-politie" in why
    passed = visit(DE).get(f"/records/{record}/why/?action=forward&recipient={VE}").content.decode()
    assert "No." in passed
    assert "Choose to whom" in visit(DE).get(f"/records/{record}/why/?action=forward").content.decode()


def test_a_release_asks_once_and_then_opens(office: Office, visit: Any) -> None:
    record = _give(office, handling=office.handling(communities=()))
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"
    client, address = visit(NL), f"/records/{record}/release/"
    asked = {"grantee": DE, "action": "read", "purpose": "18.2.a", "until": ""}
    first = client.post(address, asked).content.decode()
    assert "Authority de-bka may read it" in first
    assert "everything that was given under the same handling" in first
    assert office.ask(DE, "Jan Vermeulen").kind == "hit_without_content"
    done = client.post(address, asked | {"sure": "yes"}, follow=True).content.decode()
    assert "Released: Authority de-bka" in done
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"
    assert client.post(address, asked | {"grantee": "nobody", "sure": "yes"}).status_code == 422
    assert visit(NL, "analyst").get(address).status_code == 404


def test_a_correction_is_told_and_a_wrong_one_keeps_what_was_typed(office: Office, visit: Any) -> None:
    record = _give(office)
    client, address = visit(NL), f"/records/{record}/correct/"
    page = client.get(address).content.decode()
    fields = dict(re.findall(r'name="(s-[0-9a-f]+)" value="([^"]*)"', page))
    born = next(name for name, value in fields.items() if value == "1964-07-31")
    wrong = client.post(address, fields | {born: "never"})
    assert wrong.status_code == 422
    assert 'value="never"' in wrong.content.decode()
    done = client.post(address, fields | {born: "1964-08-01", "new": "alias", "new-value": "Janus"}, follow=True)
    text = done.content.decode()
    assert "Corrected." in text
    assert "1964-08-01" in text
    assert "Janus" in text


def test_a_record_of_ours_that_waits_says_so_and_is_categorised(office: Office, visit: Any) -> None:
    record = _give(office, handling=office.handling(subject_category=None))
    client = visit(NL)
    assert "Nobody finds this record" in client.get(f"/records/{record}/").content.decode()
    assert visit(DE).get(f"/records/{record}/").status_code == 404
    assert client.post("/quarantine/", {"category": "suspect_or_convicted"}).status_code == 422
    done = client.post("/quarantine/", {"chosen": record, "category": "suspect_or_convicted"}, follow=True)
    assert "1 record can be found now." in done.content.decode()
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"


def test_the_list_and_what_may_be_taken_out(office: Office, visit: Any) -> None:
    _give(office)
    office.give(draft("2", "Vessel", name="Aurora Pearl"), handling=office.handling(content="non_personal"))
    client = visit(DE)
    page = client.get("/records/").content.decode()
    assert "Jan Vermeulen" in page
    assert "Aurora Pearl" in page
    vessels = client.get("/records/?thing=Vessel").content.decode()
    assert "Aurora Pearl" in vessels
    assert "Jan Vermeulen" not in vessels
    taken = client.post("/records/take-out/", {"form": "csv"})
    assert b"Jan Vermeulen" in taken.content
    assert taken["Content-Disposition"].startswith("attachment")
    refused = client.post("/records/take-out/", {"form": "ftm"})
    assert refused.status_code == 422
    assert "different handlings" in refused.content.decode()
    assert visit(DE, "front_line_officer").post("/records/take-out/", {"form": "csv"}).status_code == 404


def test_values_are_text_and_never_markup(office: Office, visit: Any) -> None:
    evil = '<script>alert(1)</script>"><img src=x>'
    record = office.give(draft("1", name=Claim(property="name", value=evil, original=evil + "o"))).records["1"]
    for address in (f"/records/{record}/", "/records/", f"/records/{record}/correct/", f"/records/{record}/who/"):
        page = visit(NL).get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
