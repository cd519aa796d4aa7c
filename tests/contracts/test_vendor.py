"""What the browser is given of others' work is listed, licensed and unchanged."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAWFUL = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"}


@pytest.fixture(scope="module")
def vendor() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "script" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["vendor"] = module
    spec.loader.exec_module(module)
    return module


def test_every_file_is_the_one_that_was_looked_at(vendor: ModuleType) -> None:
    assert vendor.kept()
    assert list(vendor.breaches()) == []


def test_each_library_states_its_licence_and_its_use(vendor: ModuleType) -> None:
    listed = tomllib.loads((vendor.FOLDER / vendor.LIST).read_text(encoding="utf-8"))["library"]

    assert {library["licence"] for library in listed} <= LAWFUL
    assert all(library["why"] and library["version"] and library["npm"] for library in listed)


@pytest.mark.parametrize("spoilt", ["changed", "missing", "added"])
def test_a_file_that_differs_is_told(vendor: ModuleType, tmp_path: Path, spoilt: str) -> None:
    folder = tmp_path / "vendor"
    shutil.copytree(vendor.FOLDER, folder)
    victim = folder / vendor.kept()[0].name
    if spoilt == "changed":
        victim.write_bytes(victim.read_bytes() + b" ")
    elif spoilt == "missing":
        victim.unlink()
    else:
        (folder / "other.js").write_text("1")

    (line,) = vendor.breaches(folder)

    assert line.startswith("other.js" if spoilt == "added" else victim.name)
