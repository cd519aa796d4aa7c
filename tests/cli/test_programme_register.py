"""The register at the command line: a paper is kept, listed, shown; replies that it tells become a round."""

from __future__ import annotations

from desk import FRONT, OTHER_POLICY, PAPERS, POLICY, Desk


def test_a_paper_is_accepted_listed_and_shown(register: Desk) -> None:
    kept = register.ask("programme", "accept", str(PAPERS / "report_en.txt"), officer=POLICY)
    assert kept["measures"] > 2

    (line,) = register.ask("programme", "list", officer=OTHER_POLICY)["papers"]
    assert (line["reference"], line["measures"]) == (kept["reference"], kept["measures"])
    assert line["not_known"] + sum(line["statuses"].values()) == kept["measures"]

    shown = register.ask("programme", "show", kept["reference"], officer=OTHER_POLICY)
    assert (len(shown["measures"]), shown["own"]) == (kept["measures"], False)
    for command in (("list",), ("show", kept["reference"])):
        assert line["number"] in register.run("programme", *command, "--as", POLICY).out.replace("\n", "")

    again = register.run("programme", "accept", str(PAPERS / "report_en.txt"), "--as", POLICY)
    assert (again.code, "already" in again.err) == (5, True)
    one = ("accept", str(PAPERS / "report_en.txt"), "--number", "1/99", "--only", shown["measures"][0]["key"])
    assert register.ask("programme", *one, officer=POLICY)["measures"] == 1


def test_a_measure_that_was_not_read_is_not_kept(register: Desk) -> None:
    said = register.run("programme", "accept", str(PAPERS / "report_en.txt"), "--only", "999z", "--as", POLICY)
    assert said.code == 2
    assert register.ask("programme", "list", officer=POLICY)["papers"] == []


def test_answers_of_states_become_a_round_that_is_shown(register: Desk) -> None:
    register.ask("programme", "accept", str(PAPERS / "note_es.md"), officer=POLICY)
    (line,) = register.ask("programme", "round", "list", officer=OTHER_POLICY)["rounds"]
    shown = register.ask("programme", "round", "show", line["reference"], officer=OTHER_POLICY)
    assert any(cell["kind"] == "reported" for cell in shown["cells"])
    for count in shown["counts"].values():
        assert count["answered"] + count["silent"] == count["asked"]
    assert line["reference"] in register.run("programme", "round", "list", "--as", POLICY).out.replace("\n", "")
    assert "Silent:" in register.run("programme", "round", "show", line["reference"], "--as", POLICY).out


def test_absent_and_forbidden(register: Desk) -> None:
    for command in (("programme", "show"), ("programme", "round", "show"), ("programme", "report", "show")):
        assert register.run(*command, "0" * 32, "--as", POLICY).code == 4
        assert register.run(*command, "0" * 32, "--as", FRONT).code == 3
