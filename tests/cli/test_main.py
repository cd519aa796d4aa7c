"""The command as a whole: help, version, exit codes, settings, errors without tracebacks, the reference of options."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from desk import ADMIN, ANALYST, CASE, FRONT, GROUNDS, Desk

from alidade import __version__
from alidade.cli.main import COMMANDS, cli
from databases import address_of, alter

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "command-line.md"
UPDATE = "ALIDADE_UPDATE_REFERENCE"
WIDTH = 100


def commands() -> list[tuple[str, click.Command]]:
    """Every command and sub-command by its whole name, in the order of a working day."""
    context = click.Context(cli)
    found: list[tuple[str, click.Command]] = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found.extend((f"{name} {sub}", command.commands[sub]) for sub in command.list_commands(context))
    return found


def _help(name: str, command: click.Command) -> str:
    parent: click.Context | None = None
    for part in ("alidade", *name.split()[:-1]):
        parent = click.Context(cli, parent=parent, info_name=part, help_option_names=["-h", "--help"])
    context = click.Context(command, parent=parent, info_name=name.split()[-1], terminal_width=WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def reference() -> str:
    """The reference of the command line as it should stand in the documentation."""
    whole = click.Context(cli, info_name="alidade", terminal_width=WIDTH, help_option_names=["-h", "--help"])
    parts = [
        "# The command line",
        "Written by `tests/cli/test_main.py` from the program itself; do not edit it. After a change of the commands:",
        "```sh\nALIDADE_UPDATE_REFERENCE=1 script/test tests/cli/test_main.py\n```",
        "See also: [exit codes](exit-codes.md), [environment variables](environment.md), [errors](errors.md),"
        " [files of a node](files.md).",
        "## alidade",
        "```text\n" + "\n".join(line.rstrip() for line in cli.get_help(whole).splitlines()) + "\n```",
    ]
    for name, command in commands():
        parts += [f"{'##' if ' ' not in name else '###'} alidade {name}", f"```text\n{_help(name, command)}\n```"]
    return "\n\n".join(parts) + "\n"


def test_the_reference_is_true() -> None:
    text = reference()
    if os.environ.get(UPDATE):
        REFERENCE.write_text(text, encoding="utf-8")

    assert REFERENCE.read_text(encoding="utf-8") == text, f"run with {UPDATE}=1 and look at the difference"


@pytest.mark.parametrize("name", [name for name, _ in commands()])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(desk: Desk, name: str, option: str) -> None:
    said = desk.run(*name.split(), option)

    assert said.code == 0
    assert said.err == ""
    assert f"Usage: alidade {name}" in said.out
    first = said.out.split("\n\n")[1].strip()
    assert len(first) > 15, "help begins with a sentence"


def test_the_list_of_commands_says_what_the_commands_are() -> None:
    assert list(COMMANDS) == [name for name, _ in commands() if " " not in name]
    assert all(line.endswith(("?", ".")) or "?" in line for _, _, line in COMMANDS.values())


def test_version(desk: Desk) -> None:
    said = desk.run("--version")

    assert (said.code, said.out) == (0, f"alidade, version {__version__}\n")


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("record", "nonsense"), ("--language", "nl", "words")])
def test_wrong_use_ends_with_2(desk: Desk, arguments: tuple[str, ...]) -> None:
    said = desk.run(*arguments)

    assert said.code == 2
    assert said.out == ""
    assert "Usage: alidade" in said.err


def test_3_is_not_allowed(desk: Desk) -> None:
    refused = desk.run("export", "--out", str(desk.folder / "e.csv"), "--as", FRONT)
    allowed = desk.run("export", "--out", str(desk.folder / "e.csv"), "--as", ANALYST)

    assert (refused.code, allowed.code) == (3, 0)
    assert refused.err.startswith("alidade: The role front_line_officer does not permit this")
    assert refused.err.count("\n") == 1


def test_4_is_not_found(prepared: Desk, tmp_path: Path) -> None:
    nowhere = Desk(home=tmp_path / "no such home", folder=tmp_path)

    assert nowhere.run("authority", "list").code == 4
    assert not nowhere.home.exists(), "a wrong --home makes no folder"
    assert prepared.run("words", "nonsense").code == 4


def test_5_is_conflict(desk: Desk) -> None:
    path = desk.folder / "e.csv"
    first = desk.run("export", "--out", str(path), "--as", ANALYST)
    before = path.read_bytes()
    again = desk.run("export", "--out", str(path), "--as", ANALYST)

    assert (first.code, again.code) == (0, 5)
    assert path.read_bytes() == before


def test_6_is_damaged(desk: Desk) -> None:
    assert desk.run("ledger", "verify").code == 0
    alter(desk.home, "update ledger_entry set leaf = zeroblob(32) where sequence = 2")
    said = desk.run("ledger", "verify")

    assert said.code == 6
    assert "DAMAGED" in said.out
    assert desk.run("--json", "ledger", "verify").answer["sound"] is False


def test_6_is_a_key_that_others_may_read(desk: Desk) -> None:
    key = desk.home / "node.key"
    key.chmod(0o644)
    said = desk.run("authority", "list")
    key.chmod(0o600)

    assert said.code == 6
    assert "chmod 600" in said.err
    assert desk.run("authority", "list").code == 0


def test_7_is_done_but_rows_were_rejected(desk: Desk) -> None:
    table = desk.table("mixed.csv", 'surname,first name\nGoedhart,Anna\nQuote"d,"x\nKwaad,Piet,too,many\n')
    said = desk.run("import", str(table), "--yes", "--category", "witness", "--as", ANALYST)

    assert said.code == 7
    assert "Rows to mend" in said.out


def test_1_is_stopped_and_nothing_was_done(desk: Desk) -> None:
    record = desk.names["Vermeer"]
    said = desk.run("erase", "record", record, "--reason", "unlawful", "--as", CASE, typed="n\n", terminal=True)

    assert said.code == 1
    assert said.err == "alidade: stopped.\n"
    assert desk.run("record", "show", record, "--as", CASE).code == 0


def test_an_unforeseen_error_says_its_kind_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Vermeer, Johannes")

    monkeypatch.setattr("alidade.services.authorities.list_directory", fail)
    said = desk.run("authority", "list")

    assert said.code == 1
    assert said.err == "alidade: unexpected error (RuntimeError). Run again with --debug to see it.\n"
    with pytest.raises(RuntimeError, match="Vermeer"):
        desk.run("--debug", "authority", "list")


def test_settings_come_from_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALIDADE_OFFICER", ANALYST)
    monkeypatch.setenv("ALIDADE_PURPOSE", "18.2.c")
    for name, value in zip(("GROUND", "CASE", "WHY"), GROUNDS[1::2], strict=True):
        monkeypatch.setenv(f"ALIDADE_{name}", value)
    monkeypatch.setenv("ALIDADE_LANGUAGE", "fr")

    assert desk.run("check", "Johannes Vermeer").code == 0
    entry = desk.ask("ledger", "list", "--newest", "1", officer="nl-politie/dpo")[0]["entry"]
    assert (entry["act"], entry["officer"], entry["purpose"]) == ("check", ANALYST, "18.2.c")
    assert ["language", "fr"] in entry["details"]
    assert "Personne soupçonnée" in desk.run("words", "subject_categories").out


def _database(desk: Desk) -> dict[str, str]:
    """What a process of its own must be told of where the data lies."""
    address = address_of(desk.home)
    return {} if address is None else {"ALIDADE_DATABASE": address}


def test_the_home_comes_from_the_environment(desk: Desk) -> None:
    environment = {**os.environ, **_database(desk), "ALIDADE_HOME": str(desk.home)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    call = [sys.executable, "-c", "from alidade.cli.main import main; main()", "authority", "list"]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Polícia Judiciária" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("nonsense",), 2),
        (("authority", "join", "k", "--as", ANALYST), 3),
        (("record", "show", "0" * 32, "--as", ANALYST), 4),
        (("init", "--authority", "x", "--name", "X", "--function", "police", "--state", "NL", "--contact", "c"), 5),
    ],
)
def test_a_process_ends_with_the_code(desk: Desk, arguments: tuple[str, ...], code: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= _database(desk)
    call = [sys.executable, "-c", "from alidade.cli.main import main; main()", "--home", str(desk.home), *arguments]
    done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_help_needs_no_store() -> None:
    """Help and the list of commands come at once: neither the framework nor the tables are loaded for them."""
    look = "import sys; from alidade.cli.main import run; run(['--help']); sys.exit('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0


def test_an_administrator_sees_no_content(desk: Desk) -> None:
    for arguments in (
        ("check", "Johannes Vermeer", *GROUNDS),
        ("record", "list"),
        ("record", "show", desk.names["Vermeer"]),
        ("notices",),
        ("export", "--out", str(desk.folder / "e.csv")),
    ):
        assert desk.run(*arguments, "--as", ADMIN).code == 3
    assert not (desk.folder / "e.csv").exists()
