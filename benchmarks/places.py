"""Places: where filled stores are kept between runs, and where public lists are found."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import alidade.store.migrations

_REPOSITORY = Path(__file__).resolve().parents[1]


def cache() -> Path:
    """The folder of filled stores: ALIDADE_BENCH_CACHE, or one under the system's temporary folder."""
    named = os.environ.get("ALIDADE_BENCH_CACHE")
    return Path(named) if named else Path(tempfile.gettempdir()) / "alidade-bench"


def shared_data() -> Path | None:
    """The folder of public lists: ALIDADE_SHARED_DATA, or shared/data beside the repository; None without it."""
    named = os.environ.get("ALIDADE_SHARED_DATA")
    folder = Path(named) if named else _REPOSITORY.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def kept(name: str, source: str, build: Callable[[Path], None]) -> Path:
    """The folder `name` of the cache, built on first use, and again when the tables or `source` have changed.

    `source` is the file of the module that builds it.
    """
    folder = cache() / f"{name}-{_version(source)}"
    if not folder.exists():
        for older in cache().glob(f"{name}-*"):
            shutil.rmtree(older)
        partial = cache() / f"{name}-partial"
        partial.mkdir(parents=True)
        build(partial)
        partial.rename(folder)
    return folder


def _version(source: str) -> str:
    migrations = Path(alidade.store.migrations.__path__[0])
    files = [*sorted(migrations.glob("0*.py")), Path(source), Path(__file__).parent / "staging.py"]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


@contextmanager
def passing() -> Iterator[Path]:
    """A folder for one measurement, removed after it. It lies in the cache, so on the same disk."""
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache()) as text:
        yield Path(text)
