"""OFAC: the list as drafts, on the real list of 2021 and on small invented ones."""

from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path

import pytest

from alidade.formats.countries import CountryNames
from alidade.formats.ofac import natural_name, read_ofac
from alidade.formats.ofac_files import COLUMNS
from alidade.formats.ofac_rejects import OfacRejects, erase_ofac_rows
from alidade.formats.ofac_remarks import RemarksReader, load_labels, split_segments
from alidade.formats.recognise import recognise
from alidade.formats.table import Row, open_table
from alidade.model.draft import Claim, Draft, Problem
from alidade.model.errors import Invalid, Unreadable
from alidade.vocabulary import Vocabulary, load_vocabulary

SMALLEST_SHARE_UNDERSTOOD = 0.997
N = "-0- "


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="module")
def real(shared_data: Path, vocabulary: Vocabulary) -> tuple[dict[str, Draft], list[Problem]]:
    items = list(read_ofac(shared_data / "ofac", vocabulary))
    drafts = [item for item in items if isinstance(item, Draft)]
    assert len(drafts) == 8976
    found = {draft.key: draft for draft in drafts}
    assert len(found) == 8976
    return found, [item for item in items if isinstance(item, Problem)]


def values(draft: Draft, name: str) -> list[str]:
    return [claim.value for claim in draft.claims if claim.property == name]


def claim(draft: Draft, name: str, value: str) -> Claim:
    return next(each for each in draft.claims if (each.property, each.value) == (name, value))


# The real list


def test_every_entry_has_its_type(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    things = Counter(draft.thing for draft in real[0].values())
    assert things == {"Person": 4620, "Organization": 3673, "Vessel": 406, "Airplane": 277}


def test_every_claim_fits_its_type(real: tuple[dict[str, Draft], list[Problem]], vocabulary: Vocabulary) -> None:
    for draft in real[0].values():
        properties = vocabulary.properties_of(draft.thing)
        assert all(each.property in properties for each in draft.claims)
        assert values(draft, "name")


def test_every_alias_is_attached(real: tuple[dict[str, Draft], list[Problem]], shared_data: Path) -> None:
    table = open_table(shared_data / "ofac" / "alt.csv", columns=COLUMNS["alt"], delimiter=",")
    rows = [row for row in table.rows() if isinstance(row, Row)]
    assert len(rows) == 11910
    names = {
        key: {
            " ".join((each.original or each.value).split())
            for each in draft.claims
            if each.property in ("alias", "previousName", "name")
        }
        for key, draft in real[0].items()
    }
    for row in rows:
        assert " ".join(row.cells[3].split()) in names[row.cells[0].strip()], row.number


def test_few_problems_and_none_fatal(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    problems = real[1]
    assert len(problems) < 60
    assert not any(problem.fatal for problem in problems)


def test_share_of_remarks_understood(shared_data: Path, vocabulary: Vocabulary) -> None:
    labels = load_labels()
    reader = RemarksReader(labels, CountryNames(vocabulary, labels.country_names).code)
    table = open_table(shared_data / "ofac" / "sdn.csv", columns=COLUMNS["sdn"], delimiter=",")
    total = understood = 0
    for row in table.rows():
        if isinstance(row, Row) and row.cells[11].strip() != "-0-":
            for fact in reader.facts(row.cells[11], row.cells[4]):
                total += 1
                understood += fact.understood
    assert total > 32_000
    assert understood / total > SMALLEST_SHARE_UNDERSTOOD


def test_nothing_of_the_remarks_is_lost(
    real: tuple[dict[str, Draft], list[Problem]],
) -> None:
    for draft in real[0].values():
        text = " ".join(f"{each.value} {each.original or ''}".casefold() for each in draft.claims)
        rows = [cells for kind, cells in draft.raw if kind == "sdn"]
        for segment in split_segments(rows[0]["remarks"])[:-1]:
            # Labels become properties; the last word of a segment is always part of what it says.
            word = segment.casefold().split()[-1].strip("().'\",")
            assert word in text, draft.key


def test_a_vessel(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    draft = real[0]["15036"]
    assert values(draft, "name") == ["ARTAVIL"]
    assert values(draft, "imoNumber") == ["IMO9187629"]
    assert values(draft, "mmsi") == ["572469210"]
    assert values(draft, "callSign") == ["T2EU4"]
    assert values(draft, "flag") == ["IR"]
    assert values(draft, "pastFlags") == ["MT", "TV", "TZ"]
    assert claim(draft, "tonnage", "99144").original == "99,144"
    assert values(draft, "previousName")[-1] == "ALPHA"
    assert "Linked To: NATIONAL IRANIAN TANKER COMPANY" in values(draft, "notes")


def test_an_aircraft(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    draft = real[0]["25547"]
    assert values(draft, "name") == ["EP-IBQ"]
    assert claim(draft, "registrationNumber", "EPIBQ").original == "EP-IBQ"
    assert values(draft, "model") == ["A310"]
    assert values(draft, "serialNumber") == ["389"]
    assert values(draft, "buildDate") == ["1986-01-20"]


def test_a_person_with_papers(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    draft = next(each for each in real[0].values() if "AL720622" in values(each, "passportNumber"))
    assert values(draft, "birthDate") == ["1965-05-13", "1968-04-13", "1964-07-07"]
    assert claim(draft, "passportNumber", "AL720622").original == "Passport AL720622 (Colombia)"
    assert claim(draft, "idNumber", "7548733").original == "Cedula No. 7548733 (Colombia)"
    assert "CIVJ650513HNEFLR06" in values(draft, "idNumber")
    assert "CIVJ650513LJA" in values(draft, "taxNumber")
    assert draft.raw[-1][0] == "sdn_comments"
    assert any(note.startswith("Linked To: PROMO RAIZ S.A.S.") for note in values(draft, "notes"))
    assert values(draft, "notes")[-1] == "Linked To: R D I S.A."


def test_a_well_known_person(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    draft = real[0]["2676"]
    assert values(draft, "birthDate") == ["1951-06-19"]
    assert values(draft, "birthPlace") == ["Giza, Egypt"]
    assert values(draft, "passportNumber") == ["1084010", "19820215"]
    assert claim(draft, "alias", "Ayman AL-ZAWAHIRI").original == "AL-ZAWAHIRI, Ayman"


def test_remarks_that_go_on_in_the_other_file(real: tuple[dict[str, Draft], list[Problem]]) -> None:
    draft = real[0]["29703"]
    assert values(draft, "passportNumber") == ["4005504207"]
    assert values(draft, "phone") == ["+7 931 540-36-78"]
    notes = " ".join(values(draft, "notes"))
    assert "Digital Currency Address - ETH 0x8576acc5c05d6ce88f4e49bf65bdf0c62f91353c" in notes


def test_wallets_and_links_where_asked_for(shared_data: Path, vocabulary: Vocabulary) -> None:
    items = list(read_ofac(shared_data / "ofac", vocabulary, related=True))
    things = Counter(item.thing for item in items if isinstance(item, Draft))
    assert things["CryptoWallet"] > 90
    assert things["UnknownLink"] > 3000
    keys = {item.key for item in items if isinstance(item, Draft)}
    assert len(keys) == sum(things.values())
    for item in items:
        if isinstance(item, Draft) and item.thing in ("CryptoWallet", "UnknownLink"):
            assert all(each.value in keys for each in item.claims if each.refers)


# Small invented lists


def folder_of(root: Path, **kinds: str) -> Path:
    root.mkdir(exist_ok=True)
    for kind, text in kinds.items():
        (root / f"{kind}.csv").write_text(text, encoding="utf-8", newline="")
    return root


def entry(number: str, name: str, kind: str = "individual", remarks: str = N, flag: str = N) -> str:
    quoted = remarks if remarks == N else f'"{remarks}"'
    shown = flag if flag == N else f'"{flag}"'
    middle = ",".join([f'"{kind}"' if kind != N else N, '"TEST] [SDGT"', N, N, N, N, N, shown, N])
    return f'{number},"{name}",{middle},{quoted}\r\n'


def read(folder: Path, vocabulary: Vocabulary) -> tuple[list[Draft], list[Problem]]:
    items = list(read_ofac(folder, vocabulary))
    return [i for i in items if isinstance(i, Draft)], [i for i in items if isinstance(i, Problem)]


@pytest.mark.parametrize(
    ("listed", "natural"),
    [
        ("DOE, Jane Ann", "Jane Ann DOE"),
        ("DELOS REYES, Invented, Jr.", "Invented DELOS REYES Jr."),
        ("ZULKARNAEN", "ZULKARNAEN"),
        ("DOE, Jane, the elder", "Jane, the elder DOE"),
    ],
)
def test_names_in_natural_order(listed: str, natural: str) -> None:
    assert natural_name(listed)[0] == natural


def test_remarks_of_every_kind(tmp_path: Path, vocabulary: Vocabulary) -> None:
    remarks = (
        "DOB circa 1965; alt. DOB 1957 to 1959; alt. DOB Mar 1960; POB Nowhere; nationality Korea, North; "
        "citizen Atlantis; Passport X123 (Iran) issued 21 Aug 2006 expires 20 Aug 2008; Gender Female; "
        "a.k.a. 'DOE, J.'; Email Address a@example.org; Website www.example.org; SSN 123-45-6789; "
        "Tax ID No. 77 (Russia); Minister of Fictions; something quite new; Chamber of Commerce Number none."
    )
    folder = folder_of(tmp_path / "l", sdn=entry("1", "DOE, Jane", remarks=remarks))
    drafts, problems = read(folder, vocabulary)
    (draft,) = drafts
    assert values(draft, "birthDate") == ["~1965", "1957/1959", "1960-03"]
    assert values(draft, "nationality") == ["KP"]
    assert values(draft, "weakAlias") == ["J. DOE"]
    paper = claim(draft, "passportNumber", "X123")
    assert (paper.valid_from, paper.valid_to) == ("2006-08-21", "2008-08-20")
    assert values(draft, "gender") == ["female"]
    assert values(draft, "position") == ["Minister of Fictions"]
    assert values(draft, "program") == ["TEST", "SDGT"]
    notes = values(draft, "notes")
    assert "something quite new" in notes
    assert "Chamber of Commerce Number none" in notes
    assert "remarks: Atlantis" in notes
    assert [(p.code, p.fatal) for p in problems] == [("country", False)]


def test_bad_rows_are_told_and_take_nothing_along(tmp_path: Path, vocabulary: Vocabulary) -> None:
    folder = folder_of(
        tmp_path / "l",
        sdn=entry("1", "A, B") + "2,broken\r\n" + entry("x", "C, D") + entry("1", "E, F") + entry("3", " , ")
        + entry("4", "G", kind="dragon") + entry("5", "H, I") + "\x1a",
        alt='5,1,"aka","J, K",-0- \r\n5,2,"aka"\r\n9,3,"aka","L",-0- \r\n',
        add='5,1,-0- ,-0- ,"Nowhereland",-0- \r\n',
    )  # fmt: skip
    drafts, problems = read(folder, vocabulary)
    assert [draft.key for draft in drafts] == ["1", "5"]
    assert values(drafts[1], "alias") == ["K J"]
    assert Counter(p.code for p in problems) == {
        "columns": 2,
        "key": 1,
        "key_twice": 1,
        "name_missing": 1,
        "thing_unknown": 1,
        "country": 1,
        "orphan": 1,
    }


def test_rejects_can_be_mended_and_given_again(tmp_path: Path, vocabulary: Vocabulary) -> None:
    folder = folder_of(
        tmp_path / "l",
        sdn=entry("1", "A, B") + entry("2", "C, D", kind="dragon") + entry("3", "=E, F") + entry("4", "G, H"),
        alt='1,1,"aka","J, K",-0- \r\n2,2,"aka","L, M",-0- \r\n3,3,"aka"\r\n3,4,"fka","N, O",-0- \r\n',
        add='4,1,-0- ,"Town","Nowhereland",-0- \r\n',
    )
    _, problems = read(folder, vocabulary)
    rejected = tmp_path / "rejected"
    with OfacRejects(rejected) as writer:
        for problem in problems:
            writer.write(problem)
    assert stat.S_IMODE((rejected / "sdn.csv").stat().st_mode) == 0o600
    assert "dragon" in (rejected / "sdn.csv").read_text()
    assert '"\'=E, F"' in (rejected / "sdn.csv").read_text()
    assert recognise(rejected).format == "ofac-sdn-rejects"
    again, same = read(rejected, vocabulary)
    assert [draft.key for draft in again] == ["3", "4"]
    assert values(again[0], "lastName") == ["=E"]
    assert sorted(p.code for p in same) == sorted(p.code for p in problems)

    sdn = (rejected / "sdn.csv").read_text().replace('"dragon"', '"individual"')
    alt = (rejected / "alt.csv").read_text().replace('3,3,"aka"\n', '3,3,"aka","P, Q",-0- \n')
    (rejected / "sdn.csv").write_text(sdn)
    (rejected / "alt.csv").write_text(alt.replace('3,3,"aka"\r\n', '3,3,"aka","P, Q",-0- \r\n'))
    (rejected / "add.csv").write_text((rejected / "add.csv").read_text().replace("Nowhereland", "Peru"))
    mended, left = read(rejected, vocabulary)
    assert [draft.key for draft in mended] == ["2", "3", "4"]
    assert values(mended[0], "alias") == ["M L"]
    assert values(mended[1], "alias") == ["Q P"]
    assert values(mended[1], "previousName") == ["O N"]
    assert values(mended[2], "country") == ["PE"]
    assert left == []

    assert erase_ofac_rows(rejected, lambda row: row.get("ent_num") == "3") == 3
    kept = "".join(path.read_text() for path in rejected.iterdir())
    assert "=E" not in kept
    assert "N, O" not in kept
    assert [draft.key for draft in read(rejected, vocabulary)[0]] == ["2", "4"]


def test_rejects_need_a_folder_of_their_own(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "l", sdn=entry("1", "A, B"))
    with pytest.raises(Invalid), OfacRejects(folder):
        pass


def test_a_folder_without_the_list(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path, vocabulary)
    with pytest.raises(Unreadable):
        read(tmp_path / "none", vocabulary)


def test_recognise(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "l", sdn=entry("1", "A, B"))
    assert recognise(folder).format == "ofac-sdn"
    assert recognise(folder / "sdn.csv").format == "ofac-sdn"
    table = tmp_path / "t.csv"
    table.write_text("name;born\nAnna;1990\n")
    assert recognise(table).format == "table"
    assert "2 columns divided by semicolons" in recognise(table).sentence
    table.write_bytes(b"%PDF-1.4")
    found = recognise(table)
    assert found.format == "unknown"
    assert "PDF" in found.sentence
    assert recognise(tmp_path / "none").format == "unknown"
    assert recognise(tmp_path).format == "unknown"
