"""Registers: names of two sets, kept in the benchmark's cache; the smaller is the beginning of the larger.

`tuning` is looked at while the index is improved; `blind` has other seeds, other groups held out, other names, and
gives the published figures.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache as remembered
from pathlib import Path

import polars

from benchmarks.matching import composing
from benchmarks.matching.composing import BLOCK, KINDS, compose
from benchmarks.matching.material import TABLES, make_material
from benchmarks.places import cache

SETS = {"tuning": 20_261_101, "blind": 90_417_733}
SIZES = {"100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}


def register(name: str, size: int) -> polars.DataFrame:
    """The columns `name`, `folded` (as string engines are given it) and `kind` of the first `size` rows of a set."""
    return polars.concat([polars.read_parquet(path) for path in files(name, size)])


def names(name: str, size: int) -> polars.Series:
    """The names as written of the first `size` rows of a set."""
    paths = files(name, size)
    return polars.concat([polars.read_parquet(path, columns=["name"]) for path in paths]).to_series()


def files(name: str, size: int) -> list[Path]:
    """The files of the blocks of a register, written where they are missing."""
    folder = folder_of(name)
    paths = [folder / f"{block:03d}.parquet" for block in range(-(-size // BLOCK))]
    if any(not path.exists() for path in paths):
        made = make_material(SETS[name])
        for block, path in enumerate(paths):
            if not path.exists():
                rows = compose(made, block)
                partial = path.with_suffix(".partial")
                frame = polars.DataFrame(
                    {
                        "name": rows.texts(made),
                        "folded": rows.texts(made, folded=True),
                        "kind": polars.Series([KINDS[kind] for kind in rows.kinds.tolist()], dtype=polars.Categorical),
                    }
                )
                frame.write_parquet(partial, compression="zstd", compression_level=1)
                partial.rename(path)
    return paths


def folder_of(name: str) -> Path:
    """Where the register of a set is kept."""
    folder = cache() / "matching" / f"{name}-{version()}"
    if not folder.exists():
        for older in folder.parent.glob(f"{name}-*"):
            shutil.rmtree(older, ignore_errors=True)
        folder.mkdir(parents=True)
    return folder


@remembered
def version() -> str:
    """What the registers were made with: changes with the generator and its tables."""
    folder = Path(composing.__file__).parent
    sources = [folder / f"{module}.py" for module in ("groups", "material", "composing")]
    return hashlib.sha256(
        b"".join(path.read_bytes() for path in [*sources, *sorted(TABLES.glob("*.json"))])
    ).hexdigest()[:12]
