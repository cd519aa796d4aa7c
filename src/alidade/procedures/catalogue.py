"""The catalogue: every procedure that a node knows, in every version; a running thread keeps its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from alidade.model.errors import Conflict, NotFound
from alidade.procedures.definition import Definition
from alidade.procedures.reading import definition_digest, read_definition

__all__ = ["FOLDER", "Catalogue", "load_catalogue", "read_folder"]

FOLDER: Final = Path(__file__).parent / "catalogue"


class Catalogue:
    """Procedures by code and version. Immutable: `with_definitions` gives a new one."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        """Raises Conflict where the same version of a procedure is given with two different contents."""
        found: dict[str, dict[int, Definition]] = {}
        for each in definitions:
            versions = found.setdefault(each.code, {})
            known = versions.setdefault(each.version, each)
            if definition_digest(known) != definition_digest(each):
                raise Conflict(
                    f"Version {each.version} of the procedure {each.code} exists already and says something else.",
                    remedy="Give the changed procedure the next version number.",
                    code="procedure_version_taken",
                )
        self._found = found

    def codes(self) -> tuple[str, ...]:
        """The codes of all procedures, sorted."""
        return tuple(sorted(self._found))

    def versions(self, code: str) -> tuple[int, ...]:
        """The versions of a procedure, oldest first; empty where there is none of this code."""
        return tuple(sorted(self._found.get(code, ())))

    def newest(self, code: str) -> Definition:
        """The newest version of a procedure: what new threads are opened with. Raises NotFound."""
        versions = self.versions(code)
        if not versions:
            raise _unknown()
        return self._found[code][versions[-1]]

    def get(self, code: str, version: int) -> Definition:
        """This very version of a procedure: what a running thread goes by. Raises NotFound."""
        definition = self._found.get(code, {}).get(version)
        if definition is None:
            raise _unknown()
        return definition

    def all_newest(self) -> tuple[Definition, ...]:
        """The newest version of every procedure, by code."""
        return tuple(self.newest(code) for code in self.codes())

    def all_versions(self) -> tuple[Definition, ...]:
        """Every version of every procedure, by code, oldest first."""
        return tuple(self._found[code][version] for code in self.codes() for version in self.versions(code))

    def digests(self) -> Mapping[tuple[str, int], str]:
        """SHA-256 of every definition, by code and version."""
        return MappingProxyType({(each.code, each.version): definition_digest(each) for each in self.all_versions()})

    def with_definitions(self, definitions: Iterable[Definition]) -> Catalogue:
        """This catalogue and further definitions, such as the node's own. Raises Conflict as the constructor."""
        return Catalogue((*self.all_versions(), *definitions))


def _unknown() -> NotFound:
    return NotFound(
        "This node does not know that procedure in that version.", remedy="Load its file, or ask the other authority."
    )


def read_folder(folder: Path) -> tuple[Definition, ...]:
    """The procedures of all files `*.json` in a folder. Raises Unreadable for the first that cannot be read."""
    return tuple(read_definition(path.read_bytes(), path.name) for path in sorted(folder.glob("*.json")))


@lru_cache(maxsize=1)
def _packaged() -> Catalogue:
    return Catalogue(read_folder(FOLDER))


def load_catalogue(own: Path | Iterable[Definition] | None = None) -> Catalogue:
    """The catalogue that comes with Alidade, and the node's own procedures from a folder or as definitions."""
    packaged = _packaged()
    if own is None:
        return packaged
    return packaged.with_definitions(read_folder(own) if isinstance(own, Path) else own)
