"""OFAC in XML: the same drafts as from its CSV files, on invented lists and on the real one put into XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from alidade.formats.ofac import read_ofac
from alidade.formats.ofac_files import SourceRow, read_rows, read_side_files
from alidade.formats.ofac_remarks import split_segments
from alidade.formats.ofac_xml import read_ofac_xml
from alidade.formats.table import TEXT_COLUMN
from alidade.model.draft import Draft, Place, Problem
from alidade.model.errors import Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def parted(items: Iterator[Draft | Problem]) -> tuple[dict[str, Draft], list[Problem]]:
    found = list(items)
    return {item.key: item for item in found if isinstance(item, Draft)}, [
        item for item in found if isinstance(item, Problem)
    ]


def claims(draft: Draft) -> set[tuple[str, str, str | None, str | None, str | None]]:
    return {(each.property, each.value, each.original, each.valid_from, each.valid_to) for each in draft.claims}


def of(draft: Draft, name: str) -> list[str]:
    return [each.value for each in draft.claims if each.property == name]


def test_both_forms_of_the_list_give_the_same(vocabulary: Vocabulary) -> None:
    from_csv, csv_problems = parted(read_ofac(FIXTURES / "ofac_csv", vocabulary, related=True))
    from_xml, xml_problems = parted(read_ofac_xml(FIXTURES / "ofac_sdn.xml", vocabulary, related=True))
    assert not csv_problems
    assert not xml_problems
    assert list(from_csv) == list(from_xml)
    assert len(from_xml) == 16  # fourteen entries, two links
    for key, draft in from_csv.items():
        assert (from_xml[key].thing, claims(from_xml[key])) == (draft.thing, claims(draft)), key


def test_every_element_becomes_a_claim(vocabulary: Vocabulary) -> None:
    drafts, _ = parted(read_ofac_xml(FIXTURES / "ofac_sdn.xml", vocabulary))
    person, body, vessel = drafts["900001"], drafts["900003"], drafts["900004"]
    assert of(person, "name") == ["Testina EXAMPLIA"]
    assert of(person, "alias") == ["Tina EXEMPLIA"]
    assert of(person, "weakAlias") == ["LA PRUEBA"]
    assert of(person, "previousName") == ["Testina OLDNAME"]
    assert of(person, "position") == ["Minister of Invented Affairs"]
    assert of(person, "program") == ["TESTPROG", "OTHERPROG"]
    assert of(person, "birthDate") == ["1961-03-14", "1962"]
    assert of(person, "birthPlace") == ["Sampleville, Iran"]
    assert of(person, "nationality") == ["IR"]
    assert of(person, "citizenship") == ["LB"]
    assert of(person, "gender") == ["female"]
    assert of(person, "address") == ["1 Example Street, Flat 2, Beirut 1107, Lebanon"]
    assert of(person, "notes") == ["Linked To: INVENTED TRADING COMPANY"]
    paper = next(each for each in drafts["900002"].claims if each.property == "passportNumber")
    assert (paper.valid_from, paper.valid_to) == ("2006-09-08", "2011-07-17")
    assert paper.original == "Passport AB998877 (Colombia) issued 08 Sep 2006 expires 17 Jul 2011"
    assert of(body, "email") == ["post@invented.example"]
    assert of(body, "country") == ["US", "ML"]
    assert (of(vessel, "imoNumber"), of(vessel, "flag"), of(vessel, "tonnage")) == (["IMO9074729"], ["TV"], ["160930"])
    assert "Vessel owner: Invented Shipping" in of(vessel, "notes")


def test_place_and_xml_of_an_entry_are_kept(vocabulary: Vocabulary) -> None:
    drafts, _ = parted(read_ofac_xml(FIXTURES / "ofac_sdn.xml", vocabulary))
    draft = drafts["900001"]
    assert draft.place == Place(file="ofac_sdn.xml", row=8)
    ((kind, raw),) = draft.raw
    assert kind == "xml"
    assert raw["key"] == "900001"
    assert raw[TEXT_COLUMN].startswith("<sdnEntry><uid>900001</uid>")
    assert "<uid>910001</uid>" in raw[TEXT_COLUMN]


def write(path: Path, entries: str) -> Path:
    path.write_text(f'<sdnList xmlns="http://tempuri.org/sdnList.xsd">\n{entries}\n</sdnList>', encoding="utf-8")
    return path


def test_what_is_not_known_is_kept_and_told_of_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    one = "<sdnEntry><uid>{0}</uid><lastName>MADE UP</lastName><sdnType>Entity</sdnType><newThing a='b'>odd</newThing>"
    one += "<akaList><aka><lastName>M</lastName><script>Latin</script></aka></akaList></sdnEntry>\n"
    path = write(tmp_path / "sdn.xml", one.format(1) + one.format(2) + "<surprise/>")
    drafts, problems = parted(read_ofac_xml(path, vocabulary))
    for draft in drafts.values():
        assert {"newThing: odd", "newThing/a: b", "akaList/aka/script: Latin"} <= set(of(draft, "notes"))
    assert [(each.field, each.place.row, each.fatal) for each in problems] == [
        ("newThing", 2, False),
        ("newThing/a", 2, False),
        ("akaList/aka/script", 2, False),
        ("surprise", 4, False),
    ]


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        ("<lastName>A</lastName><sdnType>Entity</sdnType>", "key", "uid"),
        ("<uid>12a</uid><lastName>A</lastName><sdnType>Entity</sdnType>", "key", "uid"),
        ("<uid>1</uid><lastName>A</lastName><sdnType>Planet</sdnType>", "thing_unknown", "type"),
        ("<uid>1</uid><firstName/><lastName> , </lastName><sdnType>Entity</sdnType>", "name_missing", "name"),
    ],
)
def test_an_entry_that_cannot_be_taken_is_named(
    entry: str, code: str, field: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    good = "<sdnEntry><uid>9</uid><lastName>B</lastName><sdnType>Entity</sdnType></sdnEntry>"
    path = write(tmp_path / "sdn.xml", f"<sdnEntry>{entry}</sdnEntry>\n{good}")
    drafts, (problem,) = parted(read_ofac_xml(path, vocabulary))
    assert list(drafts) == ["9"]
    assert (problem.code, problem.field, problem.fatal) == (code, field, True)
    assert problem.place == Place(file="sdn.xml", row=2)
    assert problem.raw[TEXT_COLUMN].startswith("<sdnEntry>")


def test_a_key_twice_is_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    one = "<sdnEntry><uid>9</uid><lastName>B</lastName><sdnType>Entity</sdnType></sdnEntry>\n"
    drafts, (problem,) = parted(read_ofac_xml(write(tmp_path / "sdn.xml", one * 2), vocabulary))
    assert list(drafts) == ["9"]
    assert (problem.code, problem.place.row) == ("key_twice", 3)


def test_a_bad_value_is_kept_in_the_notes_and_named_by_its_place(tmp_path: Path, vocabulary: Vocabulary) -> None:
    entry = """<sdnEntry><uid>1</uid><firstName>A</firstName><lastName>B</lastName><sdnType>Individual</sdnType>
    <dateOfBirthList><dateOfBirthItem><dateOfBirth>some time</dateOfBirth></dateOfBirthItem></dateOfBirthList>
    <addressList><address><country>Neverland</country></address></addressList></sdnEntry>"""
    drafts, problems = parted(read_ofac_xml(write(tmp_path / "sdn.xml", entry), vocabulary))
    assert {"DOB some time", "country: Neverland"} <= set(of(drafts["1"], "notes"))
    assert sorted((each.code, each.place.row) for each in problems) == [("country", 4), ("date", 2)]
    assert all(not each.fatal and each.raw for each in problems)


def test_another_list_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(Unreadable) as caught:
        read_ofac_xml(FIXTURES / "un_consolidated.xml", vocabulary)
    assert caught.value.code == "wrong_list"


@pytest.mark.parametrize("filling", [" ", ",", "(;", "; (", " issued 1999"])
def test_long_hostile_remarks_do_not_hang(filling: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = f"Passport A{filling * (60_000 // len(filling))}B" + ")" * filling.count("(")
    entry = f"""<sdnEntry><uid>1</uid><lastName>B</lastName><sdnType>Individual</sdnType><remarks>{text}</remarks>
    <idList><id><idType>Passport</idType><idNumber>{text}</idNumber></id></idList></sdnEntry>"""
    drafts, _ = parted(read_ofac_xml(write(tmp_path / "sdn.xml", entry), vocabulary))
    assert list(drafts) == ["1"]


PAPER = re.compile(r"(?:alt\. )?(Passport|Cedula No\.|National ID No\.|Tax ID No\.|RUC #) ([^;()]+?) \(([^()]+)\)")
BIRTHS = (
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "DOB "),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "POB "),
    ("nationalityList", "nationality", "country", "nationality "),
    ("citizenshipList", "citizenship", "country", "citizen "),
)


def as_entry(own: SourceRow, others: list[SourceRow]) -> str:
    """An entry of the CSV form in XML, its births and commonest papers taken out of the remarks."""
    cells = own.cells
    remarks = cells["remarks"] + "".join(each.cells.get("remarks_continued", "") for each in others)
    lists: dict[str, str] = {}
    left: list[str] = []
    segments = split_segments(remarks)
    # A kind of paper of which one is written otherwise stays in the remarks, so that "alt." stands where it stood.
    odd = [each.removeprefix("alt. ") for each in segments if not PAPER.fullmatch(each)]
    for segment in segments:
        bare = segment.removeprefix("alt. ")
        paper = PAPER.fullmatch(segment)
        if paper is not None and any(each.startswith(paper[1]) for each in odd):
            paper = None
        if bare.startswith("nationality possibly"):
            left.append(segment)
            continue
        for outer, inner, name, label in BIRTHS:
            if bare.startswith(label) and paper is None:
                main = "true" if bare == segment else "false"
                item = f"<{inner}><{name}>{escape(bare[len(label) :])}</{name}><mainEntry>{main}</mainEntry></{inner}>"
                lists[outer] = lists.get(outer, "") + item
                break
        else:
            if paper is None:
                left.append(segment)
            else:
                kind, number, country = map(escape, paper.groups())
                item = f"<idType>{kind}</idType><idNumber>{number}</idNumber><idCountry>{country}</idCountry>"
                lists["idList"] = lists.get("idList", "") + f"<id>{item}</id>"
    last, comma, first = cells["sdn_name"].partition(",") if cells["sdn_type"] == "individual" else ("", "", "")
    last = last or cells["sdn_name"]
    names = f"<lastName>{escape(last)}</lastName>" + (
        f"<firstName>{escape(first.strip())}</firstName>" if comma else ""
    )
    text = f"<uid>{cells['ent_num']}</uid>{names}<sdnType>{cells['sdn_type'] or 'Entity'}</sdnType>"
    text += f"<title>{escape(cells['title'])}</title><remarks>{escape('; '.join(left))}</remarks>"
    text += "<programList>" + "".join(
        f"<program>{escape(each.strip(' ['))}</program>" for each in cells["program"].split("]")
    )
    text += "</programList>" + "".join(f"<{outer}>{inner}</{outer}>" for outer, inner in lists.items())
    vessel = {
        "callSign": "call_sign",
        "vesselType": "vess_type",
        "vesselFlag": "vess_flag",
        "vesselOwner": "vess_owner",
        "tonnage": "tonnage",
        "grossRegisteredTonnage": "grt",
    }
    text += "<vesselInfo>" + "".join(f"<{to}>{escape(cells[column])}</{to}>" for to, column in vessel.items())
    text += "</vesselInfo>"
    aliases = addresses = ""
    for each in others:
        if each.kind == "alt":
            kind = ".".join(each.cells["alt_type"]) + "."
            name = f"<lastName>{escape(each.cells['alt_name'])}</lastName>"
            aliases += f"<aka><type>{kind}</type><category>strong</category>{name}</aka>"
        elif each.kind == "add":
            parts = (("address1", "address"), ("city", "city"), ("country", "country"))
            inner = "".join(f"<{to}>{escape(each.cells[column])}</{to}>" for to, column in parts)
            addresses += f"<address>{inner}</address>"
    return f"<sdnEntry>{text}<akaList>{aliases}</akaList><addressList>{addresses}</addressList></sdnEntry>\n"


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.full)])
def test_the_real_list_put_into_xml_gives_the_same(
    step: int, shared_data: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    folder = shared_data / "ofac"
    side = read_side_files(folder)
    rows = [row for row in read_rows(folder, "sdn") if isinstance(row, SourceRow)][::step]
    entries = "".join(as_entry(row, side.take(row.cells["ent_num"])) for row in rows)
    path = write(tmp_path / "sdn.xml", entries)
    from_csv, _ = parted(read_ofac(folder, vocabulary))
    from_xml, problems = parted(read_ofac_xml(path, vocabulary))
    assert list(from_xml) == [row.cells["ent_num"] for row in rows]
    assert not [each for each in problems if each.fatal]
    different = [key for key, draft in from_xml.items() if claims(draft) != claims(from_csv[key])]
    assert different == []
