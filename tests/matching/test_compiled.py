"""What was compiled of an earlier version is thrown away, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from alidade.matching.compiled import throw_away_outdated


def _written(path: Path, at: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    os.utime(path, (at, at))
    return path


def test_what_was_compiled_before_any_source_changed_goes(tmp_path: Path) -> None:
    _written(tmp_path / "caller.py", 100)
    _written(tmp_path / "deeper" / "called.py", 200)
    before = _written(tmp_path / "__pycache__" / "caller.f-1.py311.nbi", 150)
    also = _written(tmp_path / "__pycache__" / "caller.f-1.py311.1.nbc", 150)
    since = _written(tmp_path / "deeper" / "__pycache__" / "called.g-1.py311.nbi", 250)
    bytecode = _written(tmp_path / "__pycache__" / "caller.cpython-311.pyc", 50)
    assert throw_away_outdated(tmp_path) == 2
    assert not before.exists()
    assert not also.exists()
    assert since.exists()
    assert bytecode.exists()
    assert throw_away_outdated(tmp_path) == 0


def test_a_folder_without_anything_compiled_is_left_alone(tmp_path: Path) -> None:
    assert throw_away_outdated(tmp_path) == 0
    _written(tmp_path / "alone.py", 100)
    assert throw_away_outdated(tmp_path) == 0
