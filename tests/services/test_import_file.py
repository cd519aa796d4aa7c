"""Import: good rows kept, bad rows named and mended, and a list that comes again changes only what changed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from personas import DE, FR, NL, Office

from alidade.formats.mapping import Column, Mapping
from alidade.model.errors import Conflict, Invalid, NotAllowed, Unreadable
from alidade.model.handling import Handling
from alidade.services.correcting import waiting_for_category
from alidade.services.import_file import PORTION, ImportReport, Order, import_file, look_at, preview
from alidade.services.verdicts import rule_on_hit

MAPPING = Mapping(
    thing="Person",
    keys=("no",),
    columns=(
        Column(column="name", property="name"),
        Column(column="born", property="birthDate"),
        Column(column="phone", property="phone", country="NL"),
    ),
    evaluation_column="grade",
)
HEADER = "no,name,born,phone,grade\n"


def _write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text(header + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def _import(
    office: Office, path: Path, *, by: str = NL, handling: Handling | None = None, **order: Any
) -> ImportReport:
    fields: dict[str, Any] = {"mapping": MAPPING, "source_list": "watch"} | order
    return import_file(
        office.node, office.officer(by), look_at(path), Order(handling=handling or office.handling(by), **fields)
    )


GOOD = ("1,Jan Vermeulen,1964-07-31,0612345678,A1", "2,Piet Hein,1577-11-25,,", "3,Anna Visser,1990,0687654321,B2")


def test_rows_are_kept_with_their_evaluation(office: Office, tmp_path: Path) -> None:
    report = _import(office, _write(tmp_path / "people.csv", *GOOD))
    assert (report.read, report.new, report.kept, report.rejected, report.remarks) == (3, 3, 3, 0, 0)
    assert report.rejects is None
    assert not (tmp_path / "people.csv.rejects.csv").exists()
    graded = {
        name: office.ask(DE, name).hits[0].statements[0].evaluation
        for name in ("Jan Vermeulen", "Piet Hein", "Anna Visser")
    }
    assert {name: (grade.code, grade.given) for name, grade in graded.items()} == {
        "Jan Vermeulen": ("A1", True),
        "Piet Hein": ("X4", False),
        "Anna Visser": ("B2", True),
    }
    assert office.ask(DE, "06-12345678", kind="phone", country="NL").kind == "hit"


def test_the_guessed_mapping_is_shown_before_anything_is_kept(office: Office, tmp_path: Path) -> None:
    source = look_at(_write(tmp_path / "people.csv", *GOOD))
    found = preview(office.node, source)
    assert found.header == ("no", "name", "born", "phone", "grade")
    assert found.rows[0][1] == "Jan Vermeulen"
    assert {column.property for column in found.mapping.columns} >= {"name", "phone"}
    assert set(found.confidence) | set(found.unmapped) == set(found.header)
    with pytest.raises(Invalid, match="mapping"):
        import_file(office.node, office.officer(NL), source, Order(handling=office.handling()))
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"


def test_bad_rows_are_named_and_can_be_mended_and_given_again(office: Office, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "people.csv",
        GOOD[0],
        "4,,1970-01-01,,",
        GOOD[1],
        "5,Kees Smit,1970-13-77,,Q9",
        "6,too,many,cells,A1,x",
    )
    report = _import(office, path)
    assert (report.new, report.rejected) == (3, 2)
    named = {(p.place.file, p.place.row, p.field, p.fatal) for p in report.problems}
    assert named >= {("people.csv", 3, "", True), ("people.csv", 5, "born", False), ("people.csv", 5, "grade", False)}
    assert any(p.place.row == 6 and p.fatal for p in report.problems)
    assert all(p.reason and p.raw == {} for p in report.problems)
    assert not any(word in p.reason for p in report.problems for word in ("1970-13-77", "Q9", "Kees"))
    assert office.answers("Jan Vermeulen", of=(NL, DE)) == {NL: "hit", DE: "hit"}

    rejects = tmp_path / "people.csv.rejects.csv"
    assert report.rejects == rejects
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["alidade_row"] for row in rows] == ["3", "5", "6"]
    assert all(row["alidade_problem"] for row in rows)
    with pytest.raises(Conflict) as refused:
        _import(office, path)
    assert refused.value.code == "rejects_exist"

    rows[0]["name"], rows[1]["born"], rows[1]["grade"] = "Joost Kuiper", "1970-12-07", "B2"
    rows[2] |= {"no": "6", "name": "Ruud Mol", "alidade_text": ""}
    with rejects.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert look_at(rejects).is_reject
    mended = _import(office, rejects)
    assert (mended.new, mended.altered, mended.delisted, mended.rejected) == (2, 1, 0, 0)
    for name in ("Jan Vermeulen", "Piet Hein", "Joost Kuiper", "Kees Smit", "Ruud Mol"):
        assert office.ask(DE, name).kind == "hit", name
    seen = {s.property: s for s in office.ask(DE, "Kees Smit").hits[0].statements}
    assert (seen["birthDate"].value, seen["name"].evaluation.code) == ("1970-12-07", "B2")


def test_the_same_list_again_changes_nothing(office: Office, tmp_path: Path) -> None:
    path = _write(tmp_path / "people.csv", *GOOD)
    first = _import(office, path)
    record = office.ask(NL, "Jan Vermeulen").hits[0]
    _write(path, *reversed(GOOD))
    again = _import(office, path)
    assert (again.unchanged, again.new, again.altered, again.delisted, again.statements) == (3, 0, 0, 0, 0)
    same = office.ask(NL, "Jan Vermeulen").hits[0]
    assert same.record == record.record
    assert same.statements == record.statements
    assert again.run != first.run


def test_a_newer_list_changes_what_changed_and_delists_what_is_gone(office: Office, tmp_path: Path) -> None:
    path = _write(tmp_path / "people.csv", *GOOD)
    _import(office, path)
    before = {name: office.ask(DE, name).hits[0] for name in ("Jan Vermeulen", "Piet Hein", "Anna Visser")}
    rule_on_hit(office.node, office.officer(DE), before["Jan Vermeulen"].reference, "same", "same_context")
    rule_on_hit(
        office.node, office.officer(DE), before["Piet Hein"].reference, "not_the_same", "different_birth", note="n"
    )

    _write(path, "1,Jan Vermeulen,1964-07-31,0611111111,A1", GOOD[2], "7,Klaas Bakker,1950,,")
    newer = _import(office, path)
    assert (newer.new, newer.altered, newer.unchanged, newer.delisted) == (1, 1, 1, 1)
    after = office.ask(DE, "Jan Vermeulen").hits[0]
    assert (after.record, after.verdict) == (before["Jan Vermeulen"].record, "same")
    numbers = {s.property: s.statement for s in before["Jan Vermeulen"].statements}
    renewed = {s.property: s.statement for s in after.statements}
    assert {name for name in renewed if renewed[name] != numbers[name]} == {"phone"}
    assert office.ask(DE, "Anna Visser").hits[0].statements == before["Anna Visser"].statements
    assert office.answers("Piet Hein", of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
    assert office.ask(DE, "Klaas Bakker").kind == "hit"

    _write(path, *GOOD)
    back = _import(office, path)
    assert (back.altered, back.unchanged, back.delisted, back.new) == (2, 1, 1, 0)
    again = office.ask(DE, "Piet Hein").hits[0]
    assert (again.record, again.verdict) == (before["Piet Hein"].record, "not_the_same")


def test_a_part_delists_nothing(office: Office, tmp_path: Path) -> None:
    _import(office, _write(tmp_path / "people.csv", *GOOD))
    part = _import(office, _write(tmp_path / "part.csv", "7,Klaas Bakker,1950,,"), whole=False)
    assert (part.new, part.delisted) == (1, 0)
    for name in ("Jan Vermeulen", "Piet Hein", "Anna Visser", "Klaas Bakker"):
        assert office.ask(DE, name).kind == "hit"


def test_an_entry_that_a_newer_list_spoils_is_not_taken_for_delisted(office: Office, tmp_path: Path) -> None:
    path = _write(tmp_path / "people.csv", *GOOD)
    _import(office, path)
    _write(path, GOOD[0], "2,,,,", GOOD[2])
    newer = _import(office, path)
    assert (newer.rejected, newer.delisted) == (1, 0)
    assert office.ask(DE, "Piet Hein").kind == "hit"


def test_a_list_without_a_usable_row_delists_nothing(office: Office, tmp_path: Path) -> None:
    _import(office, _write(tmp_path / "people.csv", *GOOD))
    with pytest.raises(Conflict) as refused:
        _import(office, _write(tmp_path / "empty.csv", "9,,,,"))
    assert refused.value.code == "empty_list"
    assert office.ask(DE, "Piet Hein").kind == "hit"


def test_the_importer_states_the_category_for_a_whole_list(office: Office, tmp_path: Path) -> None:
    path = _write(tmp_path / "people.csv", *GOOD)
    without = _import(office, path, handling=office.handling(subject_category=None))
    assert (without.quarantined, without.new) == (3, 3)
    for who in (NL, DE):
        assert office.ask(who, "Jan Vermeulen").kind == "no_hit"
    assert len(waiting_for_category(office.node, office.officer(NL))) == 3
    stated = _import(office, path)
    assert (stated.quarantined, stated.altered) == (0, 3)
    assert waiting_for_category(office.node, office.officer(NL)) == []
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"


def test_the_category_of_a_list_prunes_and_names(office: Office, tmp_path: Path) -> None:
    report = _import(
        office, _write(tmp_path / "people.csv", *GOOD), handling=office.handling(subject_category="victim")
    )
    named = {(p.place.row, p.field, p.code) for p in report.problems}
    assert named == {(2, "phone", "field_not_allowed"), (4, "phone", "field_not_allowed")}
    assert report.new == 3
    assert office.ask(DE, "0612345678", kind="phone", country="NL").kind == "no_hit"


def test_a_key_twice_in_a_file_is_named_even_across_portions(office: Office, tmp_path: Path) -> None:
    rows = [f"k{number},Company{number},," for number in range(PORTION + 2)]
    mapping = Mapping(thing="Company", keys=("no",), columns=(Column(column="name", property="name"),))
    path = _write(tmp_path / "many.csv", *rows, "k0,Otherwise,,", header="no,name,a,b\n")
    steps: list[int] = []
    report = import_file(
        office.node,
        office.officer(NL),
        look_at(path),
        Order(handling=office.handling(content="non_personal"), mapping=mapping),
        steps.append,
    )
    assert (report.new, report.source_list) == (PORTION + 2, "many.csv")
    assert [p.place.row for p in report.problems if p.fatal] == [PORTION + 4]
    assert steps == [PORTION, PORTION + 3]
    assert (office.ask(DE, "Company7").kind, office.ask(DE, "Otherwise").kind) == ("hit", "no_hit")


def test_files_and_roles_that_do_not_fit_leave_nothing(office: Office, tmp_path: Path) -> None:
    path = _write(tmp_path / "people.csv", *GOOD)
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    with pytest.raises(Unreadable):
        look_at(tmp_path / "picture.csv")
    with pytest.raises(Unreadable):
        look_at(tmp_path)
    wrong = Mapping(thing="Person", columns=(Column(column="nom", property="name"),))
    for order, by, error in (
        ({"mapping": wrong}, "case_officer", Invalid),
        ({}, "front_line_officer", NotAllowed),
        ({"handling": Handling(owner=office.handling(DE).owner)}, "case_officer", NotAllowed),
        ({"handling": Handling(owner=office.handling().owner, purposes=())}, "case_officer", Invalid),
    ):
        fields: dict[str, Any] = {"handling": office.handling(), "mapping": MAPPING} | order
        with pytest.raises(error):
            import_file(office.node, office.officer(NL, by), look_at(path), Order(**fields))
        assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".csv") == ["people.csv", "picture.csv"]
    assert office.ask(NL, "Jan Vermeulen").kind == "no_hit"


# -- the OFAC form ---------------------------------------------------------------------------------------------------

SDN = (
    '1001,"VERMEULEN, Jan",individual,"SDNTK","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ",'
    '"DOB 31 Jul 1964; Passport NX1234567 (Netherlands); Digital Currency Address - XBT'
    ' 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa."',
    '1002,"OCEAN STAR",vessel,"SDNTK","-0- ","PABC","Crude Tanker","-0- ","-0- ","Panama","-0- ",'
    '"Vessel Registration Identification IMO 9811000."',
    '1003,"",individual,"SDNTK","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- "',
    '1004,"VERMEULEN TRANSPORT",-0- ,"SDNTK","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- "',
)
ALT = ('1001,5001,"aka","HET BAASJE","-0- "', '9999,5002,"aka","NOBODY AT ALL","-0- "')


def _ofac(folder: Path, sdn: tuple[str, ...] = SDN) -> Path:
    folder.mkdir()
    (folder / "sdn.csv").write_text("\r\n".join(sdn) + "\r\n")
    (folder / "alt.csv").write_text("\r\n".join(ALT) + "\r\n")
    return folder


def _import_ofac(office: Office, folder: Path, **order: Any) -> ImportReport:
    handling = office.handling(subject_category="publicly_listed_person")
    return import_file(
        office.node, office.officer(NL), look_at(folder), Order(handling=handling, source_list="ofac", **order)
    )


def test_an_ofac_list_is_read_mended_and_given_again(office: Office, tmp_path: Path) -> None:
    folder = _ofac(tmp_path / "ofac")
    assert look_at(folder / "sdn.csv").path == folder
    report = _import_ofac(office, folder)
    assert report.rejects == tmp_path / "ofac.rejects"
    assert {(p.place.file, p.field) for p in report.problems if p.fatal} == {
        ("sdn.csv", "sdn_name"),
        ("alt.csv", "ent_num"),
    }
    for text, kind in (
        ("Jan Vermeulen", None),
        ("Het Baasje", "name"),
        ("NX1234567", "document"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "crypto"),
        ("IMO 9811000", None),
        ("Vermeulen Transport", "name"),
    ):
        assert office.answers(text, kind=kind, of=(NL, DE, FR)) == {NL: "hit", DE: "hit", FR: "hit"}, text

    assert _import_ofac(office, folder, rejects=tmp_path / "again").altered == 0
    broken = report.rejects / "sdn.csv"
    broken.write_text(broken.read_text().replace("1003,-0- ,", '1003,"KUIPER, Joost",'))
    source = look_at(report.rejects)
    assert source.is_reject
    mended = _import_ofac(office, report.rejects, rejects=tmp_path / "still")
    assert (mended.new, mended.delisted) == (1, 0)
    assert office.ask(DE, "Joost Kuiper").kind == "hit"
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"


def test_a_newer_ofac_list_delists(office: Office, tmp_path: Path) -> None:
    _import_ofac(office, _ofac(tmp_path / "ofac"))
    newer = _import_ofac(office, _ofac(tmp_path / "newer", SDN[:1]))
    assert newer.delisted == 2
    assert (newer.new, newer.altered) == (0, 0)
    assert office.answers("IMO 9811000", of=(NL, DE)) == {NL: "no_hit", DE: "no_hit"}
    assert office.ask(DE, "Jan Vermeulen").kind == "hit"


# what the public list says: a name, an alias, an IMO number, a passport, a wallet
_REAL = (
    ("Ayman Al Zawahiri", None),
    ("AVIA IMPORT", "name"),
    ("IMO 9187629", None),
    ("T14553558", "document"),
    ("12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h", "crypto"),
)


def _numbered(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for row in csv.reader(file) if row[0].strip().isdigit())


def test_the_real_ofac_list_comes_in_with_its_aliases(office: Office, shared_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ofac"
    folder.mkdir()
    for path in (shared_data / "ofac").glob("*.csv"):
        (folder / path.name).symlink_to(path)
    entries, aliases = _numbered(folder / "sdn.csv"), _numbered(folder / "alt.csv")
    assert entries == 8_976
    report = _import_ofac(office, folder)
    assert report.rejected == 0
    assert report.new >= entries
    with office.store.transaction() as tx:
        ((kept,),) = tx.rows(
            "select count(*) from statement where property in ('alias', 'previousName', 'weakAlias')", []
        )
    assert kept >= aliases * 0.98
    for text, kind in _REAL:
        answers = {who: office.ask(who, text, kind=kind) for who in (NL, DE)}
        assert {answer.kind for answer in answers.values()} == {"hit"}, text
    again = _import_ofac(office, folder, rejects=tmp_path / "again")
    assert (again.new, again.altered, again.delisted, again.statements) == (0, 0, 0, 0)
    assert again.unchanged == report.new
