"""The command `alidade`: its options, its errors and exit codes. Each command is loaded only when it is called."""

from __future__ import annotations

import errno
import importlib
import sys
from pathlib import Path

import click

from alidade import __version__
from alidade.cli.plain import plain
from alidade.model.errors import AlidadeError, Invalid

# name: (module, function, one line of help)
COMMANDS = {
    "init": ("begin", "init", "Begin: the first authority, its administrator and an officer."),
    "authority": ("begin", "authority", "Authorities, officers, communities and agreements."),
    "import": ("giving", "import_", "Take in a file or list, with a report of every row."),
    "contribution": ("giving", "contribution", "Withdraw what was given; say the category of quarantined records."),
    "erase": ("giving", "erase", "Erase for good: a record, one property of it, or a question."),
    "check": ("checking", "check", "Is this name or number known to anybody? One question, or a file of them."),
    "verdict": ("checking", "verdict", "Rule on a hit: same, not the same, unsure."),
    "standing": ("standing", "standing", "Questions that are asked again until a day."),
    "notices": ("checking", "notices", "Who asked about what we gave."),
    "feedback": ("standing", "feedback", "What became of what we gave."),
    "day": ("standing", "day", "What waits for me."),
    "inbox": ("threads", "inbox", "Exchanges with other authorities that wait, what expires first first."),
    "thread": ("threads", "thread", "Exchanges with other authorities: open, read, answer, refuse, hand over, print."),
    "procedure": ("procedures", "procedure", "Kinds of exchange: which are offered; check and publish an own one."),
    "record": ("records", "record", "Read, list and join records; who may see them, and why not."),
    "entity": ("entity", "entity", "A thing as you may know it: who says what, its ties, its history; take it out."),
    "picture": ("picture", "picture", "Map, timeline and countries, as you may see them; take them out as a file."),
    "chart": ("chart", "chart", "Link charts: draw, keep, open, and take out as a file."),
    "question": ("question", "question", "Questions to the picture: ask from a file, keep, list, run a kept one."),
    "dossier": ("dossier", "dossier", "Dossiers of networks: list, show, make, add members, compare, nominate."),
    "judgement": ("judgements", "judgement", "What might be the same, who ruled what; confirm, revoke, suggest."),
    "release": ("records", "release", "Let one authority do one thing with a record of ours."),
    "export": ("records", "export", "Everything I may take out, with its handling."),
    "token": ("tokens", "token", "Keys by which programs use the API in our name."),
    "ledger": ("ledger", "ledger", "Verify the ledger, carry its head elsewhere, read our own entries."),
    "keys": ("keys", "keys", "Our keys for the exchange with other nodes: root, manifest, new keys, lost keys."),
    "peer": ("peers", "peer", "Authorities of other nodes with which we exchange."),
    "exchange": ("exchange", "exchange", "Exchange with other nodes: run, status, folders, parked messages."),
    "backup": ("keeping", "backup", "Write a sealed backup."),
    "restore": ("keeping", "restore", "Restore a backup into an empty folder; erasures stay erased."),
    "programme": ("programme_register", "programme", "Policy papers: measures and how they stand, rounds, reports."),
    "index": ("index", "index", "The index in which names are found: how it stands, making it anew."),
    "database": ("database", "database", "Where the data lies; move it to a PostgreSQL server and back."),
    "upgrade": ("database", "upgrade", "Bring the tables up to date after an update; a backup is made first."),
    "serve": ("serve", "serve", "Serve the pages in the browser and the API."),
    "account": ("accounts", "account", "Let an officer into the pages, or let him in anew."),
    "words": ("words", "words", "Show a list of the vocabulary."),
    "rehearsal": ("rehearsal", "rehearsal", "Invented networks with the truth known: make them, score what is found."),
    "demo": ("demo", "demo", "Look around in an invented case: pages in the browser, or a walk in the terminal."),
}

# What the system answers where a named file or folder is at fault, not the disk.
_WRONG_PLACE = {errno.ENOENT, errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG}

EXIT_CODES = """
\b
Exit codes:
  0  done                      4  nothing that you may see has this reference
  1  unexpected error          5  does not fit the present state
  2  input or options wrong    6  store or ledger damaged
  3  not allowed               7  done, but rows were rejected
"""


class Commands(click.Group):
    """Finds commands by name and imports nothing else."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(f"alidade.cli.{module}"), function)
        if not isinstance(command, click.Command):
            raise AssertionError
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.command(cls=Commands, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path("~/.alidade"),
    envvar="ALIDADE_HOME",
    show_default=True,
    help="Folder of the node: database, keys.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")
@click.option(
    "--language", type=click.Choice(["en", "fr", "es", "pt", "pt_BR"]), default="en", envvar="ALIDADE_LANGUAGE"
)
@click.option("--debug", is_flag=True, help="Show where an error arose (may show personal data).")
@click.version_option(__version__, prog_name="alidade")
@click.pass_context
def cli(context: click.Context, home: Path, as_json: bool, language: str, debug: bool) -> None:
    """Alidade: what several authorities know, crossed under each owner's rules."""
    context.obj = {"home": home.expanduser(), "json": as_json, "language": language}


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. An error is one line on standard error, never a traceback."""
    debug = "--debug" in arguments
    try:
        _only_text(arguments)
        result = cli.main(args=arguments, prog_name="alidade", standalone_mode=False)
    except AlidadeError as error:
        if debug:
            raise
        click.echo(plain(f"alidade: {error}"), err=True)
        return error.exit_code
    except click.exceptions.Abort:
        click.echo("alidade: stopped.", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        return 1
    except Exception as error:
        return _unforeseen(error, debug)
    return result if isinstance(result, int) else 0


def _unforeseen(error: Exception, debug: bool) -> int:
    if debug:
        raise error
    if isinstance(error, OSError) and error.errno in _WRONG_PLACE:
        click.echo(f"alidade: A file or folder that was named cannot be used ({error.strerror}).", err=True)
        return 2
    # The text of an unforeseen error may quote what somebody typed or a value of the store.
    click.echo(f"alidade: unexpected error ({type(error).__name__}). Run again with --debug to see it.", err=True)
    return 1


def _only_text(arguments: list[str]) -> None:
    """Refuse what neither the ledger nor a file system can carry, before anything is done with it."""
    for argument in arguments:
        if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in argument):
            raise Invalid("An argument holds characters that are no text (NUL or half a letter).")
