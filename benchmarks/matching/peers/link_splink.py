"""Linking of two registers by Splink on DuckDB. Run by the Python of the peers: ASKED TOLD.

Settings after its own examples: first and last word of the folded name, the whole of it, date, document, country;
trained on the registers themselves.
"""

from __future__ import annotations

import importlib
import time
from typing import Any

from benchmarks.matching.peers.asking import asked, tell


def main() -> None:
    """Train, predict, write the pairs."""
    given = asked()
    polars: Any = importlib.import_module("polars")
    duckdb: Any = importlib.import_module("duckdb")
    splink: Any = importlib.import_module("splink")
    library: Any = importlib.import_module("splink.comparison_library")
    duck_api: Any = importlib.import_module("splink.backends.duckdb").DuckDBAPI
    frames = [_fields(polars, polars.read_parquet(given[side]), given[f"{side} folded"]) for side in ("left", "right")]
    start = time.perf_counter()
    connection = duckdb.connect(":memory:")
    connection.execute("SET threads = 2")
    api = duck_api(connection=connection)
    tables = [
        api.register(frame.to_arrow(), dataset_display_name=side) for side, frame in zip("lr", frames, strict=True)
    ]
    block = splink.block_on
    rules = [
        block("document"), block("whole"), block("first", "last"), block("date", "first"), block("date", "last"),
        block("last", "year", "country"), block("first", "year", "country"), block("date", "country"),
    ]  # fmt: skip
    surname = library.JaroWinklerAtThresholds("last", [0.92, 0.8]).configure(term_frequency_adjustments=True)
    settings = splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            library.JaroWinklerAtThresholds("first", [0.92, 0.8]),
            surname,
            library.JaroWinklerAtThresholds("whole", [0.95, 0.88, 0.8]),
            library.LevenshteinAtThresholds("date", [1, 2]),
            library.LevenshteinAtThresholds("document", [1]),
            library.ExactMatch("country"),
        ],
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
    )
    linker = splink.Linker(tables, settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match([block("document"), block("whole", "date")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block("document"))
    training.estimate_parameters_using_expectation_maximisation(block("date", "country"))
    trained = time.perf_counter()
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    pairs = predicted.as_pandas_dataframe()
    done = time.perf_counter()
    swapped = pairs["source_dataset_l"] != "l"
    left = pairs["unique_id_l"].where(~swapped, pairs["unique_id_r"])
    right = pairs["unique_id_r"].where(~swapped, pairs["unique_id_l"])
    columns = {"left": left.to_numpy(), "right": right.to_numpy(), "score": pairs["match_weight"].to_numpy()}
    polars.DataFrame(columns).write_parquet(given["pairs"])
    tell({"link s": done - start, "train s": trained - start, "pairs": len(pairs)})


def _fields(polars: Any, frame: Any, folded: str) -> Any:
    whole = polars.read_parquet(folded)["folded"]
    words = whole.str.split(" ")
    frame = polars.DataFrame(
        {
            "unique_id": polars.int_range(frame.height, eager=True),
            "first": words.list.first(),
            "last": words.list.last(),
            "whole": words.list.sort().list.join(" "),
            "date": frame["birthDate"],
            "year": frame["birthDate"].str.slice(0, 4),
            "document": frame["idNumber"],
            "country": frame["country"],
        }
    )
    return frame


if __name__ == "__main__":
    main()
