"""Findings: what is wrong with a procedure's file although it can be read; each says where and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from alidade.procedures.definition import Definition
from alidade.procedures.positions import positions_of

__all__ = ["Finding", "Findings", "check_known", "check_roles", "with_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong: a stable code, the place (`$.states[2].turn`), its line where known, and what to do.

    `error`: the procedure may not be used. `warning`: it works, but not for everybody or not as it should.
    """

    code: str
    severity: Literal["error", "warning"]
    path: str
    message: str
    remedy: str
    line: int | None = None


class Findings:
    """Gathers findings."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def error(self, code: str, path: str, message: str, remedy: str) -> None:
        """Notes something that forbids the use of the procedure."""
        self.found.append(Finding(code=code, severity="error", path=path, message=message, remedy=remedy))

    def warning(self, code: str, path: str, message: str, remedy: str) -> None:
        """Notes something that should be mended."""
        self.found.append(Finding(code=code, severity="warning", path=path, message=message, remedy=remedy))


def with_lines(found: list[Finding], text: str) -> list[Finding]:
    """The findings with the lines of the text from which the definition was read."""
    positions = positions_of(text)
    return [
        Finding(
            code=each.code,
            severity=each.severity,
            path=each.path,
            message=each.message,
            remedy=each.remedy,
            line=positions.line(each.path),
        )
        for each in found
    ]


def check_known(kind: str, path: str, named: Iterable[str], known: set[str], found: Findings) -> None:
    """Notes each name that is not among those known, as `unknown_<kind>`."""
    for each in named:
        if each not in known:
            found.error(f"unknown_{kind}", path, f"There is no {kind} {each}.", f"Use a {kind} that exists, or add it.")


def check_roles(definition: Definition, path: str, named: Iterable[str], found: Findings) -> None:
    """Notes each role that the procedure does not have."""
    check_known("role", path, named, {each.code for each in definition.roles}, found)
