"""The order of the house: each part imports only what is listed before it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"


def _lint_imports(folder: Path, *path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_layers_of_the_house_are_kept() -> None:
    result = _lint_imports(ROOT, ROOT / "src")

    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 broken" in result.stdout


def test_a_part_that_imports_a_later_one_is_found(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for part in ("model", "store"):
        (house / part).mkdir(parents=True)
        (house / part / "__init__.py").write_text("", encoding="utf-8")
    (house / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "house"\n'
        '[[tool.importlinter.contracts]]\nname = "layers"\ntype = "layers"\n'
        'layers = ["house.store", "house.model"]\n',
        encoding="utf-8",
    )
    assert _lint_imports(tmp_path, tmp_path).returncode == 0

    (house / "model" / "__init__.py").write_text("import house.store\n", encoding="utf-8")
    broken = _lint_imports(tmp_path, tmp_path)

    assert broken.returncode == 1
    assert "house.model -> house.store" in broken.stdout
