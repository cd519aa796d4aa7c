"""Two registers that share three in ten of their rows, with the errors in which copies of a row come.

Copies: name in error 70 of 100, birth date 12 wrong and 8 missing, document 6 with one wrong digit, country 10 wrong.
Documents are missing on each side in 40 of 100 rows. The rest of the second register is other rows of the same making.
"""

from __future__ import annotations

import hashlib
import random as chance
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars

from benchmarks.matching import corruption, queries
from benchmarks.matching.composing import BLOCK, KINDS, Numbers, compose
from benchmarks.matching.material import Material, make_material
from benchmarks.matching.queries import corrupted, make_source
from benchmarks.matching.register import SETS, folder_of

SHARED = 0.3
_SCHEMAS = {"person": "Person", "organisation": "Company", "vessel": "Vessel"}
#: How often each way of error comes among the names in error.
_ERRORS = {
    "typo1": 25, "typo2": 8, "transpose": 8, "translit": 14, "otherscript": 2, "reorder": 13, "nomiddle": 8,
    "initial": 5, "nickname": 3, "splitmerge": 6, "ocr": 5, "legalform": 3,
}  # fmt: skip
_FIRST = date(1935, 1, 1)
_DAYS = 26_000


def link_registers(name: str, size: int) -> Path:
    """The folder with left.parquet, right.parquet (name, birthDate, idNumber, country, schema) and
    truth.parquet (left, right)."""
    sources = [Path(str(module.__file__)).read_bytes() for module in (queries, corruption)]
    sources.append(Path(__file__).read_bytes())
    folder = folder_of(name) / f"link-{size}-{hashlib.sha256(b''.join(sources)).hexdigest()[:12]}"
    if not folder.exists():
        for older in folder.parent.glob(f"link-{size}-*"):
            shutil.rmtree(older)
        partial = folder.with_name(folder.name + "-partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        _write(name, size, partial)
        partial.rename(folder)
    return folder


def _write(name: str, size: int, folder: Path) -> None:
    seed = SETS[name]
    made, random = make_material(seed), np.random.default_rng([seed, 5])
    shared = int(size * SHARED)
    left = polars.concat(_blocks(made, 0, size))
    new = polars.concat(_blocks(made, -(-size // BLOCK), size - shared))
    chosen = np.sort(random.choice(size, size=shared, replace=False))
    copies = left[chosen].with_columns(name=polars.Series(_names(name, made, chosen, left["name"])))
    copies = _wrong_fields(random, copies, made)
    right = polars.concat([copies, new])
    order = random.permutation(right.height)
    right = right[order]
    place = np.empty(right.height, dtype=np.int64)
    place[order] = np.arange(right.height)
    _holes(random, left).write_parquet(folder / "left.parquet")
    _holes(random, right).write_parquet(folder / "right.parquet")
    polars.DataFrame({"left": chosen, "right": place[:shared]}).write_parquet(folder / "truth.parquet")


def _blocks(made: Material, first: int, count: int) -> list[polars.DataFrame]:
    found = []
    for number in range(-(-count // BLOCK)):
        rows = compose(made, first + number)
        random = np.random.default_rng([made.seed, 6, first + number])
        days = (random.beta(2.2, 1.6, BLOCK) * _DAYS).astype(int)
        letters = random.integers(0, 26, (BLOCK, 2))
        numbers = random.integers(0, 10**7, BLOCK)
        frame = polars.DataFrame(
            {
                "name": rows.texts(made),
                "birthDate": [(_FIRST + timedelta(days=int(each))).isoformat() for each in days],
                "idNumber": [f"{chr(65 + a)}{chr(65 + b)}{n:07d}" for (a, b), n in zip(letters, numbers, strict=True)],
                "country": [made.countries[each].lower() for each in rows.countries],
                "schema": [_SCHEMAS[KINDS[each]] for each in rows.kinds],
            }
        )
        found.append(frame[: min(BLOCK, count - number * BLOCK)])
    return found


def _names(name: str, made: Material, chosen: Numbers, old: polars.Series) -> list[str]:
    """The names of the copies, seven in ten in error."""
    random = chance.Random(f"{made.seed} copies")
    ways, weights = list(_ERRORS), list(_ERRORS.values())
    found: list[str] = []
    for block in range(int(chosen[-1]) // BLOCK + 1):
        source = make_source(name, made, compose(made, block))
        for row in chosen[(chosen >= block * BLOCK) & (chosen < (block + 1) * BLOCK)].tolist():
            text = None
            if random.random() < 0.7:
                way = random.choices(ways, weights)[0]
                text = corrupted(random, source, row - block * BLOCK, way)
                text = text or corrupted(random, source, row - block * BLOCK, "typo1")
            found.append(text or str(old[row]))
    return found


def _wrong_fields(random: np.random.Generator, copies: polars.DataFrame, made: Material) -> polars.DataFrame:
    count = copies.height
    dates, documents, countries = (copies[column].to_list() for column in ("birthDate", "idNumber", "country"))
    for row in np.flatnonzero(random.random(count) < 0.12).tolist():
        dates[row] = _wrong_date(random, dates[row])
    for row in np.flatnonzero(random.random(count) < 0.06).tolist():
        place, text = int(random.integers(2, 9)), documents[row]
        digit = str((int(text[place]) + int(random.integers(1, 10))) % 10)
        documents[row] = text[:place] + digit + text[place + 1 :]
    for row in np.flatnonzero(random.random(count) < 0.10).tolist():
        countries[row] = made.countries[int(random.integers(0, len(made.countries)))].lower()
    return copies.with_columns(
        birthDate=polars.Series(dates), idNumber=polars.Series(documents), country=polars.Series(countries)
    ).with_columns(birthDate=polars.when(polars.Series(random.random(count) >= 0.08)).then(polars.col("birthDate")))


def _wrong_date(random: np.random.Generator, text: str) -> str:
    """Day and month exchanged, a digit off, a year off, or only the year known and written as its first day."""
    year, month, day = (int(part) for part in text.split("-"))
    way = int(random.integers(0, 4))
    if way == 0 and day <= 12 and day != month:
        return f"{year:04d}-{day:02d}-{month:02d}"
    if way == 1:
        return f"{year + (1 if random.random() < 0.5 else -1):04d}-{month:02d}-{min(day, 28):02d}"
    if way == 2:
        return f"{year:04d}-01-01"
    return f"{year:04d}-{month:02d}-{(day + 8) % 28 + 1:02d}"


def _holes(random: np.random.Generator, frame: polars.DataFrame) -> polars.DataFrame:
    there = polars.Series(random.random(frame.height) >= 0.40)
    return frame.with_columns(idNumber=polars.when(there).then(polars.col("idNumber")))
