"""The papers tell the truth: commands, options, variables, files, tables and errors exist, and all are told of."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from alidade.cli.main import COMMANDS, EXIT_CODES, cli
from alidade.model import errors

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alidade"
REFERENCE = ROOT / "docs" / "reference"
PAPERS = sorted(
    [
        *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
GUIDES = [path for path in PAPERS if path.parent.name == "guides"]
UPDATE = "ALIDADE_UPDATE_REFERENCE"
by_name = pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())


def _text(paper: Path) -> str:
    return paper.read_text(encoding="utf-8")


def _blocks(paper: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _text(paper), re.MULTILINE | re.DOTALL)


def _without_blocks(paper: Path) -> str:
    return re.sub(r"^```.*?^```", "", _text(paper), flags=re.MULTILINE | re.DOTALL)


# -- commands ------------------------------------------------------------------------------------------------


def _commands() -> dict[str, click.Command]:
    context = click.Context(cli)
    found: dict[str, click.Command] = {}
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found.update({f"{name} {sub}": each for sub, each in command.commands.items()})
    return found


COMMAND_LINES = re.compile(r"^(?:\.venv/bin/)?alidade (.+)$", re.MULTILINE)


def _command_lines(paper: Path) -> list[list[str]]:
    blocks = "\n".join(_blocks(paper, "sh"))
    return [shlex.split(line) for line in COMMAND_LINES.findall(blocks)]


def _resolve(words: list[str]) -> tuple[str, click.Command, list[str]]:
    """The command that a line calls, and the words after it; fails where there is none."""
    commands = _commands()
    while words[0].startswith("--"):
        words = words[1:] if words[0] == "--json" else words[2:]
    name, rest = words[0], words[1:]
    assert name in commands, f"alidade {name} does not exist"
    if isinstance(commands[name], click.Group):
        name, rest = f"{name} {rest[0]}", rest[1:]
        assert name in commands, f"alidade {name} does not exist"
    return name, commands[name], rest


@pytest.mark.parametrize("paper", [p for p in PAPERS if _command_lines(p)], ids=lambda path: path.name)
def test_every_command_shown_can_be_parsed(paper: Path) -> None:
    """Parsed with click itself: an option that is gone, or an argument that is missing, fails here."""
    for words in _command_lines(paper):
        name, command, rest = _resolve(words)
        stands_for = {"ofac", "suspects.csv", "suspects.json", "names.csv", "photograph.jpg", "rehearsal"}
        here = [str(ROOT) if word in stands_for or word.endswith((".backup", ".json")) or word == "keys" else word
                for word in rest]  # fmt: skip
        if name in ("ledger verify", "question ask", "question save"):
            here = [str(ROOT / "LICENSE") if word == str(ROOT) else word for word in here]
        if "--as" not in here and any("--as" in option.opts for option in command.params):
            here += ["--as", "nl-politie/x"]
        command.make_context(name, here, parent=click.Context(cli, help_option_names=["-h", "--help"]))


@by_name
def test_every_command_mentioned_exists(paper: Path) -> None:
    for mention in re.findall(r"`alidade ([a-z][^`]*)`", _without_blocks(paper)):
        words = [word for word in mention.split() if not word.startswith("-")]
        if words[0] == "words":
            continue
        command = _commands().get(words[0])
        assert command is not None, mention
        if isinstance(command, click.Group) and len(words) > 1:
            assert words[1] in command.commands, mention


def test_every_command_is_taught_in_a_guide() -> None:
    told = " ".join(_text(path) for path in (*GUIDES, ROOT / "README.md"))
    silent = [name for name, command in _commands().items() if not isinstance(command, click.Group)
              and f"alidade {name}" not in told and f"restored {name}" not in told and name != "demo"]  # fmt: skip

    assert silent == []
    assert all(f"## alidade {name}" in _text(REFERENCE / "command-line.md") for name in COMMANDS)


def test_lists_of_the_vocabulary_that_are_named_exist() -> None:
    from alidade.vocabulary import load_vocabulary

    lists = {*load_vocabulary().lists(), "things"}
    named = {name for paper in PAPERS for name in re.findall(r"alidade words ([a-z_]+)", _text(paper))}

    assert named
    assert named <= lists


# -- variables, scripts, files -------------------------------------------------------------------------------


def _variables(*folders: str) -> set[str]:
    found: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in ("", ".py") and "__pycache__" not in path.parts:
                found |= set(re.findall(r"\bALIDADE_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    return found


def test_environment_variables_are_told_and_exist() -> None:
    used = _variables("src", "script", "tests", "benchmarks")
    told = set(re.findall(r"\bALIDADE_[A-Z_]+\b", _text(REFERENCE / "environment.md")))
    mentioned = {name for paper in PAPERS for name in re.findall(r"\bALIDADE_[A-Z_]+\b", _text(paper))}

    assert told == used
    assert mentioned <= used


@by_name
def test_scripts_and_files_that_are_mentioned_exist(paper: Path) -> None:
    text = _text(paper)
    paths = set(re.findall(r"\bscript/[a-z_]+(?:\.py)?", text))
    paths |= set(re.findall(r"`((?:src|tests|docs|script|benchmarks)/[\w./-]*)", text))
    missing = [path for path in sorted(paths) if not (ROOT / path).exists() and "/x/" not in path and "/y" not in path]

    assert missing == []


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@by_name
def test_links_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _without_blocks(paper)):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        found = (paper.parent / path).resolve() if path else paper
        assert found.exists(), target
        assert found.is_relative_to(ROOT), target
        if anchor:
            assert anchor in {_anchor(h) for h in re.findall(r"^#+ (.+)$", _text(found), re.MULTILINE)}, target


def test_every_guide_and_reference_can_be_reached() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        paper = waiting.pop()
        reached.add(paper)
        for target in re.findall(r"\]\(([^)\s#]+)", _text(paper)):
            found = (paper.parent / target).resolve()
            if found.suffix == ".md" and found.is_relative_to(ROOT) and found not in reached:
                waiting.append(found)

    assert {path for path in PAPERS if path.parent.name in ("guides", "reference")} <= reached


@by_name
def test_shell_blocks_parse(paper: Path) -> None:
    for block in _blocks(paper, "sh"):
        done = subprocess.run(["sh", "-n"], input=block, text=True, capture_output=True, check=False, timeout=20)
        assert done.returncode == 0, done.stderr


@by_name
def test_python_blocks_parse(paper: Path) -> None:
    for block in _blocks(paper, "python"):
        ast.parse(block)


def test_the_picture_fetches_nothing() -> None:
    svg = (ROOT / "docs" / "images" / "demo.svg").read_text(encoding="utf-8")

    assert "@font-face" not in svg
    assert "url(http" not in svg
    assert "<script" not in svg
    assert "href" not in svg


AMERICAN = re.compile(
    r"\b(color|behavior|center|license[ds]|licensing|organiz\w+|recogniz\w+|authoriz(?!er)\w+|analyz\w+|defense|catalog)\b",
    re.IGNORECASE,
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|TBD|XXX|lorem ipsum)\b")


@pytest.mark.parametrize(
    "paper", [*GUIDES, ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.name
)
def test_the_language_is_british_and_finished(paper: Path) -> None:
    text = re.sub(r"`[^`]*`", "", _without_blocks(paper))

    assert AMERICAN.findall(text) == []
    assert UNFINISHED.findall(text) == []
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 160


# -- architecture --------------------------------------------------------------------------------------------


def test_every_table_stands_in_the_architecture() -> None:
    tables = {
        name
        for path in (SOURCE / "store" / "models").glob("*.py")
        for name in re.findall(r'db_table = "(\w+)"', path.read_text(encoding="utf-8"))
    }
    section = _text(ROOT / "ARCHITECTURE.md").split("## The data\n")[1].split("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == tables


def test_every_part_stands_in_the_architecture() -> None:
    parts = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    text = _text(ROOT / "ARCHITECTURE.md")

    assert {part for part in parts if f"`{part}`" not in text and f"`src/alidade/{part}`" not in text} == set()


# -- exit codes and errors -----------------------------------------------------------------------------------


def _subclasses(base: type[errors.AlidadeError]) -> Iterator[type[errors.AlidadeError]]:
    yield base
    for each in base.__subclasses__():
        if each.__module__.startswith("alidade."):
            yield from _subclasses(each)


def test_exit_codes_are_told() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d) \|", _text(REFERENCE / "exit-codes.md"), re.MULTILINE)}
    listed = {int(code) for code in re.findall(r"(?<!\S)(\d)  \S", EXIT_CODES)}

    assert told == listed == set(range(8))
    assert {each.exit_code for each in _subclasses(errors.AlidadeError)} <= told


KINDS = {name: each for name, each in vars(errors).items()
         if isinstance(each, type) and issubclass(each, errors.AlidadeError)}  # fmt: skip


def _plain(node: ast.expr | None) -> str | None:
    """A text of the code, with an ellipsis for what is filled in; None where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.IfExp):
        return _plain(node.orelse)
    return None


def _raised() -> Iterator[tuple[str, str, str, str]]:
    """Every error in the code as (code, kind, sentence, remedy)."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.is_relative_to(SOURCE / "web"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS):
                continue
            kind = KINDS[node.func.id]
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            code = _plain(named.get("code")) or kind.code
            sentence = _plain(node.args[0]) if node.args else None
            yield (
                code,
                kind.__name__,
                sentence or "…",
                _plain(named.get("remedy")) or ("…" if "remedy" in named else ""),
            )


def errors_reference() -> str:
    """The reference of errors as it should stand in the documentation."""
    rows: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for code, kind, sentence, remedy in _raised():
        rows[code, kind].add((sentence, remedy))
    lines = [
        "# Errors",
        "",
        "Written by `tests/contracts/test_documentation.py` from the code; do not edit it. After a change:",
        "",
        f"```sh\n{UPDATE}=1 script/test tests/contracts/test_documentation.py\n```",
        "",
        "An error says what is wrong and what to do. It names files, rows and fields, never a person's name or number.",
        "`…` stands for what is filled in. The kind decides the [exit code](exit-codes.md).",
        "",
        "| kind | exit code | means |",
        "| --- | ---: | --- |",
        *(f"| {each.__name__} | {each.exit_code} | {(each.__doc__ or '').splitlines()[0]} |"
          for each in KINDS.values() if each is not errors.AlidadeError),
        "",
        "| code | kind | sentence | what to do |",
        "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for (code, kind), sentences in sorted(rows.items()):
        for sentence, remedy in sorted(sentences):
            cells = (f"`{code}`", kind, sentence, remedy)
            lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def test_the_reference_of_errors_is_true() -> None:
    text, path = errors_reference(), REFERENCE / "errors.md"
    if os.environ.get(UPDATE):
        path.write_text(text, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == text, f"run with {UPDATE}=1 and look at the difference"


def test_every_code_in_the_source_is_an_error_or_a_problem_that_is_told() -> None:
    """Both ways: no code is raised that the reference lacks, and the reference has no code that is not raised."""
    told = set(re.findall(r"^\| `(\w+)` \|", _text(REFERENCE / "errors.md"), re.MULTILINE))
    raised = {code for code, _, _, _ in _raised()}

    assert told == raised
    assert {"not_found", "not_allowed", "invalid", "damaged", "conflict", "unreadable"} <= told
