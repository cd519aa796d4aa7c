"""A desk: one home folder, and the command line run at it in this process as a person or a program would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # what all folders of tests share

from alidade.cli.main import run
from databases import address_of, copy_node

ANALYST = "nl-politie/j.devries"
CASE = "nl-politie/case"
FRONT = "nl-politie/front"
LIAISON = "nl-politie/liaison"
DPO = "nl-politie/dpo"
ADMIN = "nl-politie/admin"
PORTUGUESE = "pt-pj/m.silva"
POLICY, OTHER_POLICY = "nl-politie/policy", "pt-pj/policy"  # of the desk with a register
PAPERS = Path(__file__).resolve().parents[1] / "programme" / "papers"
GROUNDS = ("--ground", "criminal_investigation", "--case", "2026-118", "--why", "name on a bill of lading")

OPEN = """number,surname,first name,birth date,phone
1,Vermeer,Johannes,1970-02-01,+31 6 12345678
2,Achterberg,Wilhelmina,1981-05-06,+31 6 23456789
3,Kwartelbaan,Ypsilanti,1990-11-12,+31 6 34567890
"""
CLOSED = """number,surname,first name,birth date,phone
1,Geslotenius,Quirijn,1961-03-04,+31 6 45678901
"""
SILENT = """number,surname,first name,birth date,phone
1,Zwijgertjes,Xanthippe,1959-09-09,+31 6 56789012
"""
WAITING = """number,surname,first name,birth date,phone
1,Wachtkamer,Theodora,1977-07-07,+31 6 67890123
"""
FOREIGN = """number,surname,first name,birth date,phone
1,Figueiroa,Sebastiana,1984-01-02,+351 912 345 678
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The JSON it printed."""
        return json.loads(self.out)


class _Keyboard(io.StringIO):
    def __init__(self, typed: str, *, terminal: bool) -> None:
        super().__init__(typed)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@dataclass(slots=True, kw_only=True)
class Desk:
    """Runs commands with one home; `names` has the references that later commands need."""

    home: Path
    folder: Path
    names: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, typed: str = "", terminal: bool = False) -> Said:
        """Run one command. Without `terminal` nobody is there to be asked."""
        # As Python opens them for a process: what cannot be written is refused on the one and escaped on the other.
        out, err = (
            io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors, newline="", write_through=True)
            for errors in ("strict", "backslashreplace")
        )
        database = address_of(self.home)
        if database is not None:
            os.environ["ALIDADE_DATABASE"] = database
        before = sys.stdin
        sys.stdin = _Keyboard(typed, terminal=terminal)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run(["--home", str(self.home), *arguments])
        finally:
            sys.stdin = before
            if database is not None:
                del os.environ["ALIDADE_DATABASE"]
        # The file beneath is read without a newline being changed: what is compared is bytes.
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Said(code=code, out=texts[0], err=texts[1])

    def ask(self, *arguments: str, officer: str | None = None) -> Any:
        """Run one command as a program and return its answer; it must succeed."""
        said = self.run("--json", *arguments, *(("--as", officer) if officer else ()))
        assert said.code == 0, said.err
        return said.answer

    def table(self, name: str, text: str) -> Path:
        """A CSV file of this content in the working folder."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def give(self, name: str, text: str, officer: str, *options: str) -> Any:
        """Import a CSV file; the report."""
        return self.ask("import", str(self.table(name, text)), "--yes", *options, officer=officer)

    def copy(self, folder: Path) -> Desk:
        """The same desk in a folder of its own."""
        copy_node(self.home, folder / "home")
        (folder / "work").mkdir()
        return Desk(home=folder / "home", folder=folder / "work", names=dict(self.names))

    def statements(self, officer: str) -> Iterator[Any]:
        """Every statement that an officer may read."""
        yield from self.ask("record", "list", "--newest", "1000", officer=officer)["newest"]


def set_up(folder: Path) -> Desk:
    """A node with three authorities: what one gives openly, closed, silently and in quarantine; one that gives too."""
    (folder / "work").mkdir()
    desk = Desk(home=folder / "home", folder=folder / "work")
    officers = ("j.devries:analyst", "front:front_line_officer", "case:case_officer", "liaison:liaison_officer",
                "dpo:data_protection_officer")  # fmt: skip
    begin = ("init", "--authority", "nl-politie", "--name", "Politie", "--function", "police", "--state", "NL")
    assert desk.run(*begin, "--contact", "desk@politie.example", *(f"--officer={o}" for o in officers)).code == 0
    for code, name, function, state, officer in (
        ("pt-pj", "Polícia Judiciária", "police", "PT", "m.silva"),
        ("be-customs", "Douane", "customs", "BE", "a.peeters"),
    ):
        entered = ("authority", "add", code, "--name", name, "--function", function, "--state", state)
        proposed = desk.ask(*entered, "--contact", f"desk@{code}.example", officer=ADMIN)
        for waiting in proposed["waits_for"]:
            desk.ask("authority", "consent", proposed["reference"], officer=f"{waiting}/admin")
        role = ("authority", "officer", f"{code}/{officer}", "--role", "case_officer")
        assert desk.run(*role, "--as", f"{code}/admin").code == 0
    kind = ("--category", "suspect_or_convicted")
    desk.give("open.csv", OPEN, ANALYST, *kind, "--community", "all")
    desk.give("closed.csv", CLOSED, ANALYST, *kind)
    desk.give("silent.csv", SILENT, ANALYST, *kind, "--hit", "silent")
    desk.give("waiting.csv", WAITING, ANALYST, "--community", "all")
    desk.give("foreign.csv", FOREIGN, PORTUGUESE, *kind)
    _name_references(desk)
    return desk


def _name_references(desk: Desk) -> None:
    for officer, prefix in ((ANALYST, "nl"), (PORTUGUESE, "pt")):
        for statement in desk.statements(officer):
            if statement["property"] == "lastName" and statement["owner"] == officer.partition("/")[0]:
                desk.names[statement["value"]] = statement["record"]
                desk.names[f"{prefix} contribution"] = statement["contribution"]
    (waiting,) = desk.ask("contribution", "quarantine", officer=ANALYST)
    desk.names["Wachtkamer"] = waiting["record"]
    asked = desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=PORTUGUESE)
    desk.names["pt check"], desk.names["pt hit"] = asked["check"], asked["hits"][0]["reference"]
    asked = desk.ask("check", "Johannes Vermeer", *GROUNDS, officer=ANALYST)
    desk.names["nl check"], desk.names["nl hit"] = asked["check"], asked["hits"][0]["reference"]
