"""Whatever is typed, every command ends with a documented code and a plain line, never with a traceback.

Each command has one call that is right; then each of its values in turn is replaced by something hostile.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from desk import ADMIN, ANALYST, CASE, DPO, GROUNDS, LIAISON, Desk

from alidade.cli.main import cli


class Fence:
    """Refuses, while it stands, every write outside the folders of the test: what is hostile stays in its cage.

    An audit hook cannot be taken away again, so it is switched.
    """

    def __init__(self) -> None:
        self._allowed: tuple[Path, ...] = ()
        self.breaches: list[str] = []
        sys.addaudithook(self._look)

    def put_up(self, *allowed: Path) -> None:
        """Allow these folders only; none at all takes the fence down."""
        self._allowed = tuple(folder.resolve() for folder in allowed)

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._allowed:
            return
        if event == "open":
            path, _, flags = arguments
            writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
            if isinstance(path, str) and isinstance(flags, int) and flags & writes:
                self._touch(path)
        elif event == "sqlite3.connect" or event in ("os.mkdir", "os.remove", "os.chmod", "os.truncate"):
            self._touch(str(arguments[0]))
        elif event in ("os.rename", "shutil.copyfile"):
            self._touch(str(arguments[1]))

    def is_outside(self, folder: Path) -> bool:
        """Whether a folder is outside, whatever stands in it."""
        return folder.is_dir() and not any(
            allowed.is_relative_to(folder.resolve()) or folder.resolve().is_relative_to(allowed)
            for allowed in self._allowed
        )

    def _touch(self, path: str) -> None:
        if path.startswith("file:") or "\x00" in path or "__pycache__" in path or path == os.devnull:
            return
        if not any(Path(path).resolve().is_relative_to(folder) for folder in self._allowed):
            self.breaches.append(path)
            raise PermissionError(f"the test may not write to {path}")


FENCE = Fence()

HOSTILE = {
    "empty": "",
    "long": "x" * 10_000,
    "NUL": "a\x00b",
    "control characters": "\x1b[2J\x07\x7f\r\n\t",
    "half a letter": "a\udcff\ud800b",
    "an option": "--json",
    "a short option": "-h-",
    "a huge number": "9" * 400,
    "a negative number": "-1",
    "a path upwards": "../upwards",
    "SQL": "' or 1=1; drop table statement; --",
    "a format": "%s%n{0}[bold]",
    "no folder": "{work}/nowhere/at/all/file.csv",
    "a folder": "{work}",
}
RECORD = "0123456789abcdef" * 2
POLICY = "nl-politie/policy"  # is not there: the same as one who may not
KEPT = ("--restriction", "r", "--community", "all", "--category", "suspect_or_convicted")

# One right call of each command; {work} is the working folder. What is replaced is every value, never an option's name.
CALLS: dict[str, tuple[str, ...]] = {
    "init": (
        "--authority",
        "x",
        "--name",
        "X",
        "--function",
        "police",
        "--state",
        "NL",
        "--contact",
        "c",
        "--officer",
        "a:analyst",
    ),
    "authority list": (),
    "authority add": (
        "xx",
        "--name",
        "X",
        "--function",
        "police",
        "--state",
        "NL",
        "--contact",
        "c",
        "--as",
        ADMIN,
        "--purpose",
        "18.2.a",
    ),
    "authority officer": (
        "nl-politie/new",
        "--role",
        "analyst",
        "--clearance",
        "BPL",
        "--unit",
        "u",
        "--case",
        "c",
        "--as",
        ADMIN,
    ),
    "authority join": ("k", "--authority", "nl-politie", "--as", ADMIN),
    "authority leave": ("k", "--as", ADMIN),
    "authority proposals": ("--as", ADMIN),
    "authority consent": ("0" * 32, "--as", ADMIN),
    "authority refuse": ("0" * 32, "--reason", "r", "--as", ADMIN),
    "authority withdraw": ("0" * 32, "--as", ADMIN),
    "authority end-agreement": ("K1", "--as", ADMIN),
    "authority agreement": (
        "K1",
        "--between",
        "NL",
        "EC",
        "--instrument",
        "I",
        "--flow",
        "personal",
        "--since",
        "2020-01-01",
        "--until",
        "2030-01-01",
        "--crime-area",
        "drugs",
        "--source",
        "S",
        "--as",
        ADMIN,
    ),
    "import": (
        "{work}/open.csv",
        "--list",
        "L",
        "--mapping",
        "{work}/none.json",
        "--save-mapping",
        "{work}/m.json",
        "--set",
        "surname=lastName",
        "--rejects",
        "{work}/r.csv",
        "--code",
        "H1",
        "--restriction",
        "r",
        "--condition",
        "no_court",
        "--classification",
        "BPL",
        "--for-purpose",
        "18.2.a",
        "--release-to",
        "pt-pj",
        "--exclude",
        "be-customs",
        "--community",
        "all",
        "--for-case",
        "c",
        "--category",
        "suspect_or_convicted",
        "--crime-area",
        "drugs",
        "--review-on",
        "2030-01-01",
        "--expires-on",
        "2031-01-01",
        "--as",
        ANALYST,
        "--look",
        "--yes",
    ),
    "contribution withdraw": (RECORD, "--reason", "wrong", "--as", CASE),
    "contribution quarantine": ("--as", ANALYST),
    "contribution categorise": (RECORD, "--category", "witness", "--as", ANALYST),
    "erase record": (RECORD, "--property", "name", "--reason", "unlawful", "--as", CASE, "--yes"),
    "erase question": (RECORD, "--reason", "unlawful", "--as", CASE, "--yes"),
    "check": (
        "Johannes Vermeer",
        "--kind",
        "name",
        "--born",
        "1970-02-01",
        "--nationality",
        "NL",
        "--country",
        "NL",
        *GROUNDS,
        "--as",
        ANALYST,
        "--purpose",
        "18.2.a",
    ),
    "verdict": (RECORD, "same", "--reason", "same_identifier", "--note", "n", "--as", ANALYST),
    "standing keep": (
        "x",
        "--until",
        "2026-12-31",
        "--kind",
        "name",
        "--born",
        "1970",
        "--nationality",
        "NL",
        "--country",
        "NL",
        *GROUNDS,
        "--as",
        ANALYST,
    ),
    "standing list": ("--as", ANALYST),
    "standing look": ("--as", ANALYST),
    "standing end": ("0" * 32, "--as", ANALYST),
    "standing run": (),
    "feedback": ("0" * 32, "--as", ANALYST),
    "day": ("--as", ANALYST),
    "notices": ("--as", ANALYST),
    "inbox": ("--folder", "mine", "--after", "2026-01-01T00:00:00+00:00/1", "--size", "5", "--as", LIAISON),
    "thread open": (
        "information_request",
        "--to",
        "pt-pj=requested",
        "--title",
        "t",
        "--case",
        "c",
        "--role",
        "requester",
        "--set",
        "asked=x",
        "--reason",
        "r",
        "--note",
        "n",
        "--in",
        "en",
        "--attach",
        "{work}/open.csv",
        "--record",
        RECORD,
        "--quote",
        RECORD,
        "--as",
        LIAISON,
    ),
    "thread show": (RECORD, "--as", LIAISON),
    "thread search": ("lorry", "--procedure", "information_request", "--with", "pt-pj", "--as", LIAISON),
    "thread awaited": ("--as", LIAISON),
    "thread drafts": ("--as", LIAISON),
    "thread step": (RECORD, "message", "--translates", "pt-pj/1", "--note", "n", "--set", "a=b", "--as", LIAISON),
    "thread attach": (RECORD, "{work}/open.csv", "--note", "n", "--as", LIAISON),
    "thread approve": (RECORD, "--as", LIAISON),
    "thread return": (RECORD, "--remark", "r", "--as", LIAISON),
    "thread take": (RECORD, "--as", LIAISON),
    "thread assign": (RECORD, ANALYST, "--unit", "u", "--as", LIAISON),
    "thread hand-over": (ANALYST, "--of", ANALYST, "--as", LIAISON),
    "thread duty-desk": ("--as", LIAISON),
    "thread desk-rules": (
        "--unit",
        "u",
        "--officer",
        LIAISON,
        "--approval",
        "information_request:open",
        "--desk-address",
        "duty@politie.example",
        "--address",
        f"{LIAISON}=l@politie.example",
        "--as",
        ADMIN,
    ),
    "thread note": (RECORD, "n", "--as", LIAISON),
    "thread print": (RECORD, "--out", "{work}/thread.txt", "--as", LIAISON),
    "thread export": (RECORD, "--out", "{work}/thread.json", "--as", LIAISON),
    "thread file": (RECORD, RECORD, "--out", "{work}/thread.bin", "--as", LIAISON),
    "thread statistics": (
        "information_request",
        "--since",
        "2026-01-01",
        "--until",
        "2026-12-31",
        "--as",
        LIAISON,
    ),
    "procedure list": ("--as", LIAISON),
    "procedure show": ("information_request", "--step", "open", "--version", "1", "--as", LIAISON),
    "procedure check": ("{work}/open.csv", "--as", ADMIN),
    "procedure dry-run": ("{work}/open.csv", "--script", "{work}/open.csv", "--as", ADMIN),
    "procedure propose": ("{work}/open.csv", "--as", ADMIN),
    "procedure proposed": ("--as", ADMIN),
    "procedure publish": ("call_back", "1", "--digest", "0" * 64, "--as", ADMIN),
    "procedure withdraw": ("call_back", "1", "--as", ADMIN),
    "record show": (RECORD, "--as", ANALYST),
    "record list": ("--newest", "5", "--as", ANALYST),
    "record suggest": ("ver", "--as", ANALYST),
    "record who": (RECORD, "--action", "read", "--as", ANALYST),
    "record why": (RECORD, "--action", "read", "--to", "pt-pj", "--as", ANALYST),
    "record judge": (
        RECORD,
        "f" * 32,
        "same",
        "--reason",
        "r",
        "--restriction",
        "r",
        "--classification",
        "BPL",
        "--as",
        ANALYST,
    ),
    "record unjudge": (RECORD, "--as", ANALYST),
    "release": (
        RECORD,
        "--to",
        "pt-pj",
        "--action",
        "read",
        "--for-purpose",
        "18.2.a",
        "--until",
        "2030-01-01",
        "--as",
        CASE,
    ),
    "export": ("--out", "{work}/export.csv", "--as", ANALYST),
    "ledger verify": ("--since", "{work}/none.json"),
    "ledger head": ("--out", "{work}/head.json"),
    "ledger list": ("--newest", "5", "--as", DPO),
    "backup": ("{work}/backup",),
    "restore": ("{work}/none", "--keys", "{work}"),
    "words": ("purposes",),
    "contribution list": ("--as", ANALYST),
    "token make": ("night import", "--act", "check", "--days", "5", *GROUNDS, "--as", ANALYST),
    "token list": ("--as", ANALYST),
    "token end": ("0" * 32, "--as", ANALYST),
    "ledger export": ("--out", "{work}/bundle.json", "--since", "2026-01-01", "--until", "2026-12-31", "--as", DPO),
    "ledger verify-file": ("{work}/none.json", "--head", "{work}/none.json"),
    "index show": (),
    "index build": (),
    "database show": (),
    "keys new-root": ("{work}/new.root", "--as", ADMIN),
    "keys publish": ("--root", "{work}/none.root", "--address", "h:1", "--out", "{work}/m.manifest", "--as", ADMIN),
    "keys rotate": ("--root", "{work}/none.root", "--out", "{work}/m.manifest", "--as", ADMIN),
    "keys renew": ("--root", "{work}/none.root", "--manifest", "{work}/m.manifest", "--as", ADMIN),
    "keys revoke": ("0" * 32, "--from-size", "5", "--root", "{work}/none.root", "--as", ADMIN),
    "keys show": ("--out", "{work}/m.manifest", "--as", ADMIN),
    "peer add": (
        "{work}/open.csv",
        "--fingerprint",
        "0123 4567 89ab cdef 0123 4567 89ab cdef",
        "--name",
        "X",
        "--function",
        "police",
        "--state",
        "NL",
        "--contact",
        "c",
        "--as",
        ADMIN,
    ),
    "peer confirm": ("pt-pj", "--fingerprint", "0123 4567 89ab cdef 0123 4567 89ab cdef", "--as", ADMIN),
    "peer list": ("--as", ADMIN),
    "peer show": ("pt-pj", "--as", ADMIN),
    "peer suspend": ("pt-pj", "--reason", "r", "--as", ADMIN),
    "peer resume": ("pt-pj", "--as", ADMIN),
    "peer relay": (
        "pt-pj",
        "--at",
        "h:1",
        "--certificate",
        "{work}/open.csv",
        "--fingerprint",
        "0123",
        "--as",
        ADMIN,
    ),
    "picture map": ("--around", "{work}/open.csv", "--since", "2026-01", "--as", ANALYST),
    "picture timeline": ("--kind", "span", "--until", "2026", "--as", ANALYST),
    "picture matrix": ("--type", "Person", "--least", "good", "--as", ANALYST),
    "picture export": ("map", "--form", "csv", "--out", "{work}/map.csv", "--since", "2026", "--as", ANALYST),
    "chart export": (RECORD, "--form", "csv", "--out", "{work}/chart.csv", "--as", ANALYST),
    "chart list": ("--as", ANALYST),
    "chart save": (RECORD, "--title", "t", "--open", RECORD, "--depth", "1", *KEPT, "--as", ANALYST),
    "chart show": (RECORD, "--open", RECORD, "--depth", "1", "--as", ANALYST),
    "dossier compare": ("2024", "2026", "--as", ANALYST),
    "dossier list": ("--as", ANALYST),
    "dossier make": ("--name", "n", "--mapping", "2026", "--member", RECORD, *KEPT, "--as", ANALYST),
    "dossier member": (RECORD, RECORD, "--role", "broker", "--certainty", "B2", "--as", ANALYST),
    "dossier nominate": (
        RECORD,
        "--dossier",
        RECORD,
        "--identifier",
        "+31205550101",
        "--contact",
        "c",
        "--never-tell",
        "pt-pj",
        "--as",
        ANALYST,
    ),
    "dossier show": (RECORD, "--as", ANALYST),
    "entity export": (RECORD, "--form", "csv", "--out", "{work}/entity.csv", "--as", ANALYST),
    "entity show": (RECORD, "--at", "2026-03-01", "--as", ANALYST),
    "judgement confirm": (RECORD, "--as", ANALYST),
    "judgement list": ("--state", "to_confirm", "--as", ANALYST),
    "judgement make": (RECORD, "f" * 32, "same", "--reason", "r", "--evidence", RECORD, *KEPT, "--as", ANALYST),
    "judgement revoke": (RECORD, "--reason", "r", "--as", ANALYST),
    "judgement suggest": (RECORD, "--order", "doubt", "--after", "a", "--size", "5", "--as", ANALYST),
    "programme read": ("{work}/open.csv", "--paper-language", "en"),
    "programme list": ("--as", POLICY),
    "programme show": (RECORD, "--as", POLICY),
    "programme accept": ("{work}/open.csv", "--number", "1", "--only", "1", "--as", POLICY),
    "programme report make": (
        RECORD,
        "--template",
        "state_report",
        "--in",
        "fr",
        "--form",
        "html",
        "--state",
        "PRT",
        "--meeting",
        "m",
        "--until",
        "2027-01-01",
        "--previous",
        RECORD,
        "--out",
        "{work}/report.html",
        "--as",
        POLICY,
    ),
    "programme report list": ("--as", POLICY),
    "programme report show": (
        RECORD,
        "--against",
        RECORD,
        "--form",
        "html",
        "--out",
        "{work}/report.html",
        "--as",
        POLICY,
    ),
    "programme calendar": ("--out", "{work}/calendar.ics", "--as", POLICY),
    "programme round list": ("--as", POLICY),
    "programme round show": (RECORD, "--as", POLICY),
    "programme round hold": (
        RECORD,
        "--title",
        "t",
        "--ask",
        "pt-pj",
        "--until",
        "2027-01-01",
        "--from",
        "2026-12-01",
        "--only",
        "1",
        "--questions",
        "{work}/open.csv",
        "--previous",
        RECORD,
        "--as",
        POLICY,
    ),
    "programme round form": (RECORD, "--form", "xlsx", "--out", "{work}/form.xlsx", "--as", POLICY),
    "programme round take-form": (RECORD, "{work}/open.csv", "--because", "b", "--version", "1", "--as", POLICY),
    "programme round answer": (RECORD, "{work}/open.csv", "--because", "b", "--version", "1", "--as", POLICY),
    "programme round close": (RECORD, "--version", "1", "--as", POLICY),
    "question ask": ("{work}/open.csv", "--as", ANALYST),
    "question list": ("--as", ANALYST),
    "question run": (RECORD, "--as", ANALYST),
    "question save": ("{work}/open.csv", "--title", "t", *KEPT, "--as", ANALYST),
    "question stand": (RECORD, "--until", "2027-01-01", "--as", ANALYST),
    "question standing": ("--as", ANALYST),
    "question look": (RECORD, "--as", ANALYST),
    "question end": (RECORD, "--as", ANALYST),
    "rehearsal make": ("{work}/made", "--authorities", "none", "--records", "none", "--seed", "none"),
    "rehearsal score": ("{work}/none", "--viewer", "nl-politie"),
    "exchange relay begin": ("{work}/relay",),
    "exchange relay serve": ("{work}/relay", "{work}/m.manifest", "--fingerprint", "0123 4567"),
    "exchange relay drop": ("{work}/relay", "pt-pj"),
    "exchange relay status": ("{work}/relay",),
    "exchange relay run": ("{work}/relay", "--listen", "nowhere:99999", "--room", "x"),
    "exchange orders list": ("--as", DPO),
    "exchange orders keep": ("pt-pj", "o", "--because", "own_proceedings", "--as", DPO),
    "exchange orders erase": ("pt-pj", "o", "--as", DPO),
    "exchange orders hold": ("0" * 32, "--because", "own_proceedings", "--until", "2027-06-30", "--as", DPO),
    "exchange orders held": ("--as", DPO),
    "exchange status": ("--as", ADMIN),
    "exchange run": ("--listen", "nowhere:99999", "--pull-every", "x"),
    "exchange once": (),
    "exchange export": ("{work}/outgoing", "--to", "pt-pj", "--as", ADMIN),
    "exchange import": ("{work}/outgoing", "--as", ADMIN),
    "exchange verify": ("--as", DPO),
    "exchange retry": ("pt-pj", "0" * 32, "--as", ADMIN),
    "exchange skip": ("pt-pj", "0" * 32, "--as", ADMIN),
    "exchange seen": ("1", "--as", ADMIN),
    "database move": ("--to", "postgresql://nobody@127.0.0.1:1/none"),
    "upgrade": ("--backup", "{work}/before-upgrade"),
    "serve": ("--certificate", "{work}/none.pem", "--key", "{work}/none.key"),
    "account open": ("nl-politie/nobody",),
    "demo": ("--keep", "{work}/open.csv"),
}
STARTS_PROCESSES = {"demo", "account open"}  # each call takes its time


def every_command() -> Iterator[str]:
    """The name of every command and sub-command that does something."""
    return _commands(cli, click.Context(cli), ())


def _commands(group: click.Group, context: click.Context, before: tuple[str, ...]) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, context, (*before, name))
        else:
            yield " ".join((*before, name))


def test_every_command_has_a_call() -> None:
    assert sorted(every_command()) == sorted(CALLS)


@pytest.fixture(scope="module")
def walked(prepared: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for the whole walk, in a cage: nothing that is hostile may hurt it, or leave it."""
    folder = tmp_path_factory.mktemp("walk")
    desk = prepared.copy(folder)
    for path in prepared.folder.iterdir():
        (desk.folder / path.name).write_bytes(path.read_bytes())
    deep = desk.folder / "deep"
    deep.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(deep)
        FENCE.put_up(folder, Path(tempfile.gettempdir()))
        yield desk
        FENCE.put_up()


def _calls(command: str, work: Path) -> Iterator[tuple[str, list[str]]]:
    words = [word.replace("{work}", str(work)) for word in CALLS[command]]
    places = [place for place, word in enumerate(words) if not word.startswith("--")]
    for place, (label, hostile) in itertools.product(places, HOSTILE.items()):
        if command in STARTS_PROCESSES and label not in ("long", "NUL", "half a letter"):
            continue  # a good name for a folder is good for the demonstration
        value = hostile.replace("{work}", str(work))
        yield f"{label} for {words[place][:20]}", [*words[:place], value, *words[place + 1 :]]


@pytest.mark.parametrize("command", CALLS)
def test_nothing_hostile_brings_a_traceback(walked: Desk, command: str) -> None:
    wrong = []
    for label, call in _calls(command, walked.folder):
        for path in (walked.folder / name for name in ("head.json", "export.csv", "bundle.json")):
            path.unlink(missing_ok=True)
        said = walked.run(*command.split(), *call)
        if said.code not in {0, 2, 3, 4, 5} or "Traceback" in said.out + said.err or "unexpected error" in said.err:
            wrong.append((label, said.code, said.err[-200:]))
        elif said.code and not said.err.strip():
            wrong.append((label, said.code, "no word of explanation"))
        elif any(ord(letter) < 32 and letter != "\n" for letter in said.err):
            wrong.append((label, said.code, "control characters reach the terminal: " + repr(said.err[-80:])))
    assert wrong == []


@pytest.mark.parametrize("label", HOSTILE)
def test_no_home_brings_a_traceback(walked: Desk, label: str) -> None:
    home = HOSTILE[label].replace("{work}", str(walked.folder))
    said = walked.run("--home", home, "authority", "list")

    assert said.code in {0, 2, 4}
    assert "Traceback" not in said.err
    assert "unexpected error" not in said.err


def test_the_fence_holds(walked: Desk) -> None:
    outside = next(folder for folder in Path("/").iterdir() if FENCE.is_outside(folder)) / "alidade-test-outside"
    with pytest.raises(PermissionError):
        outside.write_text("x")
    assert not outside.exists()
    assert FENCE.breaches == [str(outside)], "nothing but this test has tried to leave the cage"


def test_the_desk_is_unhurt(walked: Desk) -> None:
    assert walked.run("ledger", "verify").code == 0
    assert walked.ask("check", "Johannes Vermeer", *GROUNDS, officer=ANALYST)["answer"] == "hit"
