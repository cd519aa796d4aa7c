"""Checks the rules of the house that no general tool knows; CONTRIBUTING.md says why each of them is there.

Usage: python script/lint_code.py [file or folder ...]; without arguments the whole repository. Prints one
line for each breach (path:line: rule: what to do) and ends with 1 if there is any, otherwise with 0.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("src", "tests", "script", "benchmarks")
PACKAGE = "src/alidade/"
STORE = PACKAGE + "store/"
# The framework serves these two; they may not reach the database through it (import-linter sees to the store).
NETWORK_FACES = (PACKAGE + "web/", PACKAGE + "api/")
# The only modules that may ask the machine for the time or for chance; all others are given both.
MACHINE = (
    PACKAGE + "services/machine.py", PACKAGE + "store/keystore.py", PACKAGE + "cli/", PACKAGE + "client/",
    *NETWORK_FACES,
)  # fmt: skip

MODULE_LINES, FUNCTION_LINES = 500, 60
#: Compiled code hands over every array of a table at each call: a loop cut in two is a slower loop.
COMPILED_LINES = 150
FORBIDDEN_FILES = {"utils.py", "helpers.py", "common.py", "managers.py"}
FORBIDDEN_NAMES = {"data", "info"}
STORE_ONLY = {"django", "sqlite3"}
NO_LOGGING = {"logging", "structlog", "loguru"}
CLOCKS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "os.urandom", "os.getrandom", "django.utils.timezone.now",
}  # fmt: skip
CHANCE = {"random", "secrets", "uuid"}
HARMLESS = {"random.Random", "secrets.compare_digest", "uuid.UUID"}  # seeded, constant-time, and mere reading
EXECUTE = {"execute", "executemany", "executescript", "raw", "extra", "RawSQL"}
SQL_CONSTANT = "# sql: constant parts only"
ORM_CALLS = {
    "filter", "exclude", "create", "get", "update", "get_or_create", "update_or_create", "annotate", "alias",
    "aggregate", "acreate", "aget", "aupdate",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Breach:
    path: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


class Reading(ast.NodeVisitor):
    """Walks one module and collects its breaches; `path` is relative to the root, with forward slashes."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.ours = path.startswith(PACKAGE)
        self.in_store = path.startswith(STORE)
        self.machine = path.startswith(MACHINE)
        self.imported: dict[str, str] = {}  # name in this module -> dotted name where it comes from
        self.built_sql: set[str] = set()  # variables that hold a text put together
        self.breaches: list[Breach] = []
        if Path(path).name in FORBIDDEN_FILES:
            self.say(1, "file name", "name the module by the one idea it holds")
        if self.ours and len(self.lines) > MODULE_LINES:
            self.say(1, "module length", f"{len(self.lines)} lines, at most {MODULE_LINES}: split by idea")

    def say(self, line: int, rule: str, advice: str) -> None:
        self.breaches.append(Breach(path=self.path, line=line, rule=rule, advice=advice))

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.split(".")[0]
            self.imported[alias.asname or top] = alias.name if alias.asname else top
            self.check_import(node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or node.module is None:
            return
        for alias in node.names:
            self.imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        self.check_import(node.lineno, node.module)

    def check_import(self, line: int, module: str) -> None:
        top = module.split(".")[0]
        if top == "django" and self.path.startswith(NETWORK_FACES):
            return
        if self.ours and not self.in_store and top in STORE_ONLY:
            self.say(line, "database", f"{top} belongs in the store; ask for a Protocol instead")
        if self.ours and top in NO_LOGGING:
            self.say(line, "logging", "acts go to the ledger, errors to the person")

    def dotted(self, node: ast.expr) -> str | None:
        """The full name of what an expression speaks of, as far as the imports of the module tell."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id)
        if isinstance(node, ast.Attribute) and (base := self.dotted(node.value)):
            return f"{base}.{node.attr}"
        return None

    def check_machine(self, node: ast.Name | ast.Attribute) -> None:
        name = self.dotted(node)
        if name is None or not self.ours or self.machine or name in HARMLESS:
            return
        chance = "." in name and name.split(".")[0] in CHANCE and not name.startswith(tuple(HARMLESS))
        if name in CLOCKS or chance:
            self.say(node.lineno, "clock and chance", f"{name}: take it as a parameter")

    def visit_Name(self, node: ast.Name) -> None:
        self.check_machine(node)
        if isinstance(node.ctx, ast.Store):
            self.check_name(node.id, node.lineno)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.check_machine(node)
        if isinstance(node.ctx, ast.Store):
            self.check_name(node.attr, node.lineno)
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        self.check_name(node.arg, node.lineno)
        self.generic_visit(node)

    def check_name(self, name: str, line: int) -> None:
        if self.ours and name in FORBIDDEN_NAMES:
            self.say(line, "empty name", f"{name!r} says nothing: use the word of the field")

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.check_name(node.name, node.lineno)
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        most = COMPILED_LINES if self.path.endswith("_kernel.py") else FUNCTION_LINES
        if self.ours and length > most:
            self.say(node.lineno, "function length", f"{node.name}: {length} lines, at most {most}")
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.built_sql.discard(target.id)
                if self.put_together(node.value) and not self.excused(node):
                    self.built_sql.add(target.id)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if self.ours and called in EXECUTE and node.args and not self.excused(node):
            first = node.args[0]
            if self.put_together(first) or (isinstance(first, ast.Name) and first.id in self.built_sql):
                self.say(node.lineno, "SQL", f"pass values as parameters, or state {SQL_CONSTANT!r}")
        if self.in_store and called in ORM_CALLS and isinstance(node.func, ast.Attribute):
            for keyword in node.keywords:
                if keyword.arg is None and not literal(keyword.value):
                    self.say(node.lineno, "ORM", f"name the arguments of {called}(), without **")
        if self.ours and self.dotted(node.func) == "random.Random" and not node.args:
            self.say(node.lineno, "clock and chance", "random.Random without a seed: take one")
        if self.dotted(node.func) == "contextlib.suppress" and any(broad(a) for a in node.args):
            self.say(node.lineno, "swallowed error", "name the error that is expected")
        self.generic_visit(node)

    def put_together(self, node: ast.expr) -> bool:
        """Whether a text is put together from parts that are not all constant."""
        if isinstance(node, ast.JoinedStr):
            return any(isinstance(part, ast.FormattedValue) for part in node.values)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            return not (isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant))
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "join", "replace"}
        )

    def excused(self, node: ast.stmt | ast.expr) -> bool:
        """Whether the statement, or the line above it, states that all parts of the SQL are constant."""
        first = max(node.lineno - 2, 0)
        return any(SQL_CONSTANT in line for line in self.lines[first : node.end_lineno])

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is None:
            self.say(node.lineno, "bare except", "name the error that is expected")
        elif broad(node.type) and all(isinstance(s, ast.Pass | ast.Continue) for s in node.body):
            self.say(node.lineno, "swallowed error", "name the error that is expected")
        self.generic_visit(node)


def literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys)


def broad(node: ast.expr) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"} for part in parts)


def breaches(path: str, text: str) -> list[Breach]:
    """All breaches of one module in the order of its lines; `path` is relative to the root."""
    reading = Reading(path, text)
    reading.visit(ast.parse(text, filename=path))
    return sorted(set(reading.breaches), key=lambda breach: (breach.line, breach.rule))


def modules(places: list[Path]) -> Iterator[Path]:
    for place in places:
        yield from sorted(place.rglob("*.py")) if place.is_dir() else [place]


def main(arguments: list[str]) -> int:
    places = [Path(a).resolve() for a in arguments] or [ROOT / name for name in PLACES if (ROOT / name).is_dir()]
    found = [
        breach
        for module in modules(places)
        for breach in breaches(module.relative_to(ROOT).as_posix(), module.read_text(encoding="utf-8"))
    ]
    for breach in found:
        print(breach)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
