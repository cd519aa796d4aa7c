"""What the project stands on is explained, lawfully licensed, pinned and checked by hash."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
RUNTIME_LOCK, DEV_LOCK = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
LICENCE = re.compile(r"\b(MIT|BSD|Apache|ISC|LGPL|GPL|MPL|PSF|Zlib|CC0)", re.ASCII)
STRONG_COPYLEFT = re.compile(r"(?<![Ll])\bA?GPL|(?<!Lesser )\bGeneral Public Licen[cs]e", re.ASCII)


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _direct() -> dict[str, list[Requirement]]:
    project = _project()
    return {
        "runtime": [Requirement(text) for text in project["project"]["dependencies"]],
        "dev": [Requirement(text) for text in project["dependency-groups"]["dev"]],
    }


DIRECT = [(kind, requirement.name) for kind, found in _direct().items() for requirement in found]


def _pins(lock: Path) -> dict[str, tuple[str, int]]:
    """The version and the number of hashes of each package of a lock."""
    pins: dict[str, tuple[str, int]] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8")):
        if found := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block):
            pins[canonicalize_name(found[1])] = (
                found[2],
                len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)),
            )
    return pins


def _explained() -> dict[str, list[str]]:
    """The rows of the tables in docs/dependencies.md, by the name of the package in the first cell."""
    rows: dict[str, list[str]] = {}
    for line in (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 7:
            rows[canonicalize_name(cells[0].strip("`"))] = cells
    return rows


def _licence(name: str) -> str:
    about = metadata.metadata(name)
    classifiers = [text for text in about.get_all("Classifier") or [] if text.startswith("License ::")]
    # The whole text of a licence may stand in this field; its first line names it.
    stated = (about["License"] or "").strip().split("\n")[0]
    return " | ".join([about["License-Expression"] or "", stated, *classifiers])


def _closure(names: list[str]) -> set[str]:
    """All packages that the named ones need on this machine, themselves included."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        needed = [Requirement(text) for text in metadata.requires(name) or []]
        waiting += [
            canonicalize_name(one.name) for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})
        ]
    return found


@pytest.mark.parametrize(("kind", "name"), DIRECT)
def test_every_dependency_is_explained_with_its_licence(kind: str, name: str) -> None:
    row = _explained().get(canonicalize_name(name))

    assert row is not None, f"docs/dependencies.md does not explain {name}"
    assert all(row), f"an empty cell in the row of {name}"
    assert LICENCE.search(row[3]), f"the licence of {name} is not named"
    assert row[5] == kind, f"{name} is a {kind} dependency"


def test_nothing_is_explained_that_is_not_used() -> None:
    used = {canonicalize_name(name) for _, name in DIRECT}

    assert {name for name, row in _explained().items() if row[5] in {"runtime", "dev"}} == used


@pytest.mark.parametrize("requirement", _direct()["runtime"], ids=str)
def test_the_explained_range_is_the_one_asked_for(requirement: Requirement) -> None:
    assert SpecifierSet(_explained()[canonicalize_name(requirement.name)][1].strip("`")) == requirement.specifier


def test_no_strong_copyleft_runs_with_the_program() -> None:
    needed = _closure([requirement.name for requirement in _direct()["runtime"]])

    assert "django" in needed
    assert "sqlparse" in needed, "packages that are needed by others count as well"
    unstated = {name for name in needed if not _licence(name).strip(" |")}
    assert unstated == set()
    assert {name: _licence(name) for name in needed if STRONG_COPYLEFT.search(_licence(name))} == {}


@pytest.mark.parametrize(
    ("licence", "strong"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", True),
        ("GNU Affero General Public License v3", True),
        ("LGPL", False),
        ("LGPL-2.1-or-later", False),
        ("License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)", False),
        ("MIT", False),
    ],
)
def test_strong_copyleft_is_recognised(licence: str, strong: bool) -> None:
    assert bool(STRONG_COPYLEFT.search(licence)) is strong


def test_the_only_strong_copyleft_is_a_test_oracle() -> None:
    assert STRONG_COPYLEFT.search(_licence("pymerkle"))
    assert "pymerkle" not in _pins(RUNTIME_LOCK)


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEV_LOCK], ids=lambda path: path.name)
def test_each_pin_has_its_hashes(lock: Path) -> None:
    pins = _pins(lock)

    assert pins
    assert {name for name, (_, hashes) in pins.items() if hashes == 0} == set()


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEV_LOCK], ids=lambda path: path.name)
def test_a_lock_says_nothing_of_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|\s@\s|^-e\b|^\./", text, re.MULTILINE)


def test_the_locks_cover_what_the_project_asks_for() -> None:
    runtime, dev, direct = _pins(RUNTIME_LOCK), _pins(DEV_LOCK), _direct()

    for requirement in direct["runtime"]:
        assert runtime[canonicalize_name(requirement.name)][0] in requirement.specifier
    for requirement in direct["dev"]:
        assert dev[canonicalize_name(requirement.name)][0] in requirement.specifier
    assert _closure([requirement.name for requirement in direct["runtime"]]) <= set(runtime)


def test_what_is_tested_is_what_runs() -> None:
    runtime, dev = _pins(RUNTIME_LOCK), _pins(DEV_LOCK)

    assert {name: pin for name, pin in runtime.items() if dev.get(name) != pin} == {}
