"""Look-up by trigrams in tantivy, the hundred best scored anew. Run by the Python of the peers: ASKED TOLD."""

from __future__ import annotations

import importlib
import tempfile
import time
from typing import Any

from benchmarks.matching.peers.asking import FETCHED, Answer, again, answer_all, asked, rows, tell


def main() -> None:
    """Build, ask, tell."""
    given = asked()
    names = rows(given)
    tantivy: Any = importlib.import_module("tantivy")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("grams", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("row", stored=False, indexed=False, fast=True)
        schema = builder.build()
        index = tantivy.Index(schema, path=folder)
        writer = index.writer(256_000_000, 2)
        for row, name in enumerate(names):
            document = tantivy.Document()
            document.add_text("grams", " ".join(grams(name)))
            document.add_unsigned("row", row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        build = time.perf_counter() - start
        searcher = index.searcher()

        def search(query: str) -> Answer:
            terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "grams", gram)) for gram in grams(query)]
            hits = searcher.search(tantivy.Query.boolean_query(terms), FETCHED, count=False).hits
            found = searcher.fast_field_values("row", [address for _, address in hits]) if hits else []
            return again(query, found, names)

        tell(answer_all(given, search, build))


def grams(name: str) -> list[str]:
    """The trigrams of each word with a mark before and after it."""
    found = []
    for word in name.split():
        marked = f"_{word}_"
        found += [marked[place : place + 3] for place in range(max(len(marked) - 2, 1))]
    return found


if __name__ == "__main__":
    main()
