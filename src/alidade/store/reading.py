"""The one read path: everything that anybody learns of what others gave comes through a `ReaderView`.

A view answers from the rows that its viewer may see and from no others: neither the answer nor the work behind it
depends on what else is there (design rules 2 and 3). It exists only inside a transaction that leaves a ledger entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from alidade.model.evaluation import Evaluation
from alidade.model.handling import Handling, decode_handling
from alidade.model.viewer import Viewer
from alidade.policy.world import World
from alidade.store.database import Transaction
from alidade.store.guard import ViewNames
from alidade.store.judgement_content import UNSAID, accepted_by, judgement_content
from alidade.store.name_index.names import VisibleSet, first_records
from alidade.store.question_rows import RawRow, heads_said, rows_of_records, rows_said
from alidade.store.references import BareReference, Reference, all_references, batches, references_to
from alidade.store.rights import Layer, viewer_class
from alidade.store.seen import Candidate, Compared, SeenJudgement, SeenPiece, SeenRecord, SeenStatement, moment_said
from alidade.store.seen_rulings import bring_up_to_date
from alidade.store.workpieces import bound_to, opened
from alidade.store.writing import record_number

__all__ = [
    "Candidate",
    "Compared",
    "ReaderView",
    "SeenJudgement",
    "SeenPiece",
    "SeenRecord",
    "SeenStatement",
    "reading",
]

_BATCH = 300
_COLUMNS = (
    "number, statement, record, thing, owner, source_list, source_key, contribution, given_at, property, value,"
    " original, language, grade, grade_given, grade_scheme, grade_original, handling, valid_from, valid_to"
)


class ReaderView:
    """What one viewer may read, and where he may at least learn of a hit."""

    def __init__(
        self,
        tx: Transaction,
        layers: Mapping[Layer, ViewNames],
        visible: Mapping[Layer, VisibleSet] | None = None,
        accepts: frozenset[str] | None = None,
        authority: str = "",
    ) -> None:
        """`visible` has, for each layer, the handlings in it with their owners, where names are to be searched.

        `accepts` has the authorities whose judgements join records for this viewer; None: all.
        """
        self._tx = tx
        self._layers = layers
        self._visible = visible or {}
        self._accepts = accepts
        self.authority = authority  # whose eyes these are
        self._handlings: dict[bytes, Handling] = {}

    # -- what may be read -----------------------------------------------------------------------------------------

    def count(self) -> int:
        """How many statements the viewer may read."""
        return int(
            self._rows(f"select count(*) from {self._layers['read'].sweep}", [])[0][0]
        )  # sql: constant parts only

    def newest(self, limit: int) -> list[SeenStatement]:
        """The `limit` statements given last, newest first.

        The newest n stand under the n handlings whose own newest statements are the newest. They are asked in that
        order, and no further once the next one's newest is older than what has been found: so the work depends on
        what is visible and on nothing else.
        """
        if self._tx.store.guard.at_once:
            return list(reversed(self._numbered(self._newest_at_once(limit))))
        heads = self._rows(
            # sql: constant parts only
            f"select number, handling_id from {self._layers['read'].newest} order by 1 desc limit %s",
            [limit],
        )
        found: list[tuple[int, int]] = []
        for head, handling in heads:
            # Handlings without a statement sort last; a condition would have SQLite look for each newest twice.
            if head is None or (len(found) >= limit and head < found[limit - 1][0]):
                break
            least = found[limit - 1][0] if len(found) >= limit else 0
            found.extend(
                self._rows(
                    # sql: constant parts only
                    f"select number, handling_id from {self._layers['read'].sweep} where handling_id = %s"
                    " and number > %s order by number desc limit %s",
                    [handling, least, limit],
                )
            )
            found = sorted(found, reverse=True)[:limit]
        return list(reversed(self._numbered(found)))

    def _newest_at_once(self, limit: int) -> list[tuple[int, int]]:
        """The same by one query: of the handlings whose newest are the newest, the newest of each."""
        names = self._layers["read"]
        # sql: constant parts only
        sql = (
            "select s.number, s.handling_id"
            f" from (select handling_id from {names.newest} order by number desc limit %s) h"
            f" cross join lateral (select number, handling_id from {names.sweep}"
            " where seen.handling_id = h.handling_id order by number desc limit %s) s order by 1 desc limit %s"
        )
        return [(number, handling) for number, handling in self._rows(sql, [limit] * 3)]

    def _numbered(self, wanted: Sequence[tuple[int, int]]) -> list[SeenStatement]:
        """The statements with these numbers, each with its handling, oldest first."""
        if not wanted:
            return []
        pairs = ", ".join(["(%s, %s)"] * len(wanted))
        # sql: constant parts only
        sql = (
            f"with wanted (n, h) as (values {pairs}) select {_COLUMNS} from wanted {self._tx.store.guard.ordered_join}"
            f" {self._layers['read'].statements} on handling_id = h and number = n order by number"
        )
        return [self._seen(row) for row in self._rows(sql, [cell for pair in wanted for cell in pair])]

    def record(self, record: str) -> list[SeenStatement]:
        """The statements of one record that the viewer may read; none where it is absent, or not for him."""
        number = record_number(record) if _is_public_id(record) else 0
        return self._statements(self._layers["read"], "record_id = %s and record = %s", [number, record])

    def record_by_number(self, number: int, owner: str) -> list[SeenStatement]:
        """The same for a record that a visible statement led to."""
        return self._statements(self._layers["read"], "record_id = %s and owner = %s", [number, owner])

    def statements_of(self, records: Sequence[tuple[str, str | None]]) -> dict[str, list[SeenStatement]]:
        """The same for many records, each a public id and the owner under whom it stands (None: not known), by id.

        A record of which nothing is visible has no place in the answer. To know the owner saves most of the work.
        """
        wanted: dict[str, dict[int, str]] = {}
        for record, owner in records:
            if _is_public_id(record):
                wanted.setdefault(owner or "", {})[record_number(record)] = record
        found: dict[str, list[SeenStatement]] = {}
        views = self._layers["read"]
        for owner, named in sorted(wanted.items()):
            numbers = sorted(named)
            size, swept = batches(self._rows, views, len(numbers), views.sweep, owner)
            whose, asked = (" and owner = %s", [owner]) if owner else ("", [])
            for start in range(0, len(numbers), size):
                part = numbers[start : start + size]
                if swept:
                    condition = f"record_id + 0 in ({', '.join(['%s'] * len(part))}){whose}"
                    rows = self._statements(views, condition, [*part, *asked])
                else:
                    rows = self._sought(views, part, whose, asked)
                for each in rows:
                    if named.get(record_number(each.record)) == each.record:
                        found.setdefault(each.record, []).append(each)
        return found

    def _sought(self, views: ViewNames, numbers: Sequence[int], whose: str, asked: list[str]) -> list[SeenStatement]:
        """The statements of these records, each record looked for under every handling."""
        values = ", ".join(["(%s)"] * len(numbers))
        # sql: constant parts only
        sql = (
            f"with wanted (n) as (values {values}) select {_COLUMNS} from wanted {self._tx.store.guard.ordered_join}"
            f" {views.statements} on record_id = n{whose} order by number"
        )
        return [self._seen(row) for row in self._rows(sql, [*numbers, *asked])]

    def records(self) -> list[SeenRecord]:
        """Every record that the viewer may read something of, by public id."""
        # sql: constant parts only
        rows = self._rows(f"select distinct record, thing, owner from {self._layers['read'].values} order by 1, 3", [])
        return [SeenRecord(str(record), str(thing), str(owner)) for record, thing, owner in rows]

    def references(self, to: Sequence[str]) -> list[Reference]:
        """What refers to these records, ordered by the record referred to and by the time of giving."""
        return references_to(self._rows, self._layers["read"], to)

    def all_references(self) -> list[BareReference]:
        """Everything that refers to anything, by numbers alone, in the order of giving."""
        return all_references(self._rows, self._layers["read"])

    def said(self, owner: str, things: Sequence[str], properties: Sequence[str]) -> Iterator[RawRow]:
        """What one owner says by these properties of things of these types, for questions."""
        return rows_said(self._rows, self._layers["read"], owner, things, properties)

    def said_of(
        self, owner: str, numbers: Sequence[int], things: Sequence[str], properties: Sequence[str]
    ) -> Iterator[RawRow]:
        """The same of some of its records, by their numbers."""
        return rows_of_records(self._rows, self._layers["read"], owner, numbers, things, properties)

    def heads(self, owner: str, things: Sequence[str], properties: Sequence[str]) -> list[tuple[str, str]]:
        """The records of these types of which an owner says anything by these properties: (record, thing)."""
        return heads_said(self._rows, self._layers["read"], owner, things, properties)

    def facets(self) -> list[tuple[str, int]]:
        """How many records of each type of thing the viewer may read something of, most first."""
        rows = self._rows(
            # sql: constant parts only
            f"select thing, count(distinct record_id) from {self._layers['read'].things}"
            " group by thing order by 2 desc, 1",
            [],
        )
        return [(str(thing), int(count)) for thing, count in rows]

    def suggest(self, prefix: str, limit: int) -> list[str]:
        """Words of names that begin so, from what the viewer may read, in alphabetical order."""
        start = "t:" + prefix
        rows = self._rows(
            # sql: constant parts only
            f"select distinct key from {self._layers['read'].lookups} where kind = 'name' and key >= %s and key < %s"
            " order by 1 limit %s",
            [start, start + "\U0010ffff", limit],
        )
        return [str(key)[2:] for (key,) in rows]

    def everything(self, layer: Layer) -> Iterator[SeenStatement]:
        """Every statement of a layer, in the order in which they were given."""
        yield from self._statements(self._layers[layer], "1 = 1", [])

    # -- what may be joined -----------------------------------------------------------------------------------------

    def judgements(self, *, said: bool = True) -> list[SeenJudgement]:
        """The rulings in force that the viewer may use; he may join both records of each, or he does not see it.

        Without `said` what they say (reason, evidence) is left out: for whoever only joins very many records.
        """
        return self._judgements("1 = 1", [], said)

    def judgements_about(self, records: Sequence[str], *, said: bool = True) -> list[SeenJudgement]:
        """Of these rulings those about any of the records, however many others there are."""
        numbers = sorted({record_number(record) for record in records if _is_public_id(record)})
        found: dict[str, SeenJudgement] = {}
        for start in range(0, len(numbers), _BATCH):
            part = numbers[start : start + _BATCH]
            marks = ", ".join(["%s"] * len(part))
            for side in ("left_id", "right_id"):  # two questions, each of an index
                rulings = self._judgements(f"{side} in ({marks})", list(part), said)  # sql: constant parts only
                found.update((each.judgement, each) for each in rulings)
        return [found[judgement] for judgement in sorted(found)]

    def _judgements(self, condition: str, parameters: list[Any], said: bool) -> list[SeenJudgement]:
        rows = self._rows(
            # sql: constant parts only (the condition is one of those written above)
            "select judgement, left_record, right_record, ruling, authority, ruled_at, statements_to, handling, reason,"
            f" content, field_key from {self._layers['merge'].judgements} where {condition} order by judgement",
            parameters,
        )
        found: list[SeenJudgement] = []
        for row in rows:
            spoken = judgement_content(self._tx.store.keys, row[0], row[8], row[9], row[10]) if said else UNSAID
            found.append(
                SeenJudgement(
                    judgement=row[0], left=row[1], right=row[2], ruling=row[3], authority=row[4],
                    ruled_at=moment_said(row[5]), statements_to=int(row[6]), handling=self._handling(row[7]),
                    reason=spoken.reason, evidence=spoken.evidence,
                    accepted=self._accepts is None or row[4] in self._accepts,
                )
            )  # fmt: skip
        return found

    def record_to_merge(self, record: str) -> list[SeenStatement]:
        """The statements of a record that may be joined with those of others."""
        number = record_number(record) if _is_public_id(record) else 0
        return self._statements(self._layers["merge"], "record_id = %s and record = %s", [number, record])

    def mergeable(self, records: Sequence[str]) -> set[str]:
        """Those of the records that may be joined with those of others."""
        numbers = {record_number(record): record for record in records if _is_public_id(record)}
        wanted = sorted(numbers)
        found: set[str] = set()
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            rows = self._rows(
                # sql: constant parts only
                f"select distinct record from {self._layers['merge'].values}"
                f" where record_id in ({', '.join(['%s'] * len(part))})",
                list(part),
            )
            found.update(str(record) for (record,) in rows)
        return found & set(records)

    def described(self, layer: Layer, properties: Sequence[str], owner: str) -> list[tuple[str, str, str, str]]:
        """All values that an owner gave of some properties, in a layer: (record, thing, property, value)."""
        marks = ", ".join(["%s"] * len(properties))
        rows = self._rows(
            # sql: constant parts only
            f"select record, thing, property, value from {self._layers[layer].values} where owner = %s"
            f" and property in ({marks}) order by number",
            [owner, *properties],
        )
        return [(row[0], row[1], row[2], row[3] or "") for row in rows]

    def numbers(self, layer: Layer, kind: str, owner: str) -> list[tuple[int, str]]:
        """All identifiers of a kind that an owner gave, in a layer, in normal form: (number of the record, key)."""
        rows = self._rows(
            # sql: constant parts only
            f"select record_id, key from {self._layers[layer].lookups} where kind = %s and owner = %s order by number",
            [kind, owner],
        )
        return [(int(number), str(key)) for number, key in rows]

    def by_number(self, layer: Layer, number: int) -> list[Candidate]:
        """A record of which the layer holds anything, as a candidate; none where it does not."""
        rows = self._rows(
            # sql: constant parts only
            f"select distinct owner from {self._layers[layer].values} where record_id = %s",
            [number],
        )
        return [Candidate(record_number=number, owner=str(owner), layer=layer) for (owner,) in rows]

    def later(self, layer: Layer, since: Mapping[str, int]) -> set[str]:
        """Those of the records of which a statement of the layer has a higher number than is said for each."""
        numbers = {record_number(record): record for record in since if _is_public_id(record)}
        wanted = sorted(numbers)
        found: set[str] = set()
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            rows = self._rows(
                # sql: constant parts only
                f"select record, max(number) from {self._layers[layer].values}"
                f" where record_id in ({', '.join(['%s'] * len(part))}) group by record",
                list(part),
            )
            found.update(str(record) for record, last in rows if record in since and last > since[record])
        return found

    def owners(self) -> list[str]:
        """Every authority that is in the directory, whether or not it has given anything."""
        return [str(owner) for (owner,) in self._rows("select id from authority order by id", [])]

    # -- what others made of it ----------------------------------------------------------------------------------------

    def pieces(self, kind: str) -> list[SeenPiece]:
        """The pieces of work of a kind that the viewer may open, the one changed last first."""
        return self._pieces("kind = %s", [kind])

    def piece(self, piece: str) -> SeenPiece | None:
        """One piece of work; None where it is absent, or not for this viewer."""
        found = self._pieces("piece = %s", [piece])
        return found[0] if found else None

    def _pieces(self, condition: str, parameters: list[Any]) -> list[SeenPiece]:
        rows = self._rows(
            # sql: constant parts only (the condition is one of those written above)
            "select piece, kind, authority, officer, version, content, field_key, made_at, changed_at, handling"
            f" from {self._layers['read'].pieces} where {condition} order by changed_at desc, number desc",
            parameters,
        )
        found: list[SeenPiece] = []
        for row in rows:
            plain = self._tx.store.keys.unseal(bytes(row[5]), row[6], bound_to(row[0], row[4]))
            if plain is None:
                continue
            written = opened(plain)
            found.append(
                SeenPiece(
                    piece=row[0], kind=row[1], authority=row[2], officer=row[3], version=row[4], title=written.title,
                    body=bytes(written.body), made_at=moment_said(row[7]), changed_at=moment_said(row[8]),
                    handling=decode_handling(bytes(row[9])),
                )
            )  # fmt: skip
        return found

    # -- what a check may find --------------------------------------------------------------------------------------

    def candidates(
        self, kind: str, keys: Sequence[str], layer: Layer, owner: str | None = None
    ) -> list[tuple[str, Candidate]]:
        """Which records, of one owner or of all, stand under these keys in a layer, as (key, candidate)."""
        views = self._layers[layer]
        whose, named = ("", []) if owner is None else (" and owner = %s", [owner])
        found: list[tuple[str, Candidate]] = []
        for key in keys:
            rows = self._rows(
                # sql: constant parts only
                f"select record_id, owner from {views.lookups} where kind = %s and key = %s{whose}",
                [kind, key, *named],
            )
            found.extend(
                (key, Candidate(record_number=int(number), owner=str(owner), layer=layer)) for number, owner in rows
            )
        return found

    def named(self, name: str, layer: Layer, most: int, owner: str | None = None) -> list[Candidate]:
        """The records of a layer, of one owner or of all, with the names nearest to this one, best first.

        At most `most` records, all of them the viewer's: what he may not see takes no place in the search.
        """
        visible = self._visible[layer]
        allowed = visible.of(owner)
        limit = 2 * most
        while True:
            found = self._tx.store.names.search(name, limit, allowed)
            best = first_records(found, most)
            if len(best) == most or len(found) < limit:
                break
            limit *= 4
        return [Candidate(record_number=each.record, owner=visible.owners[each.handling], layer=layer) for each in best]

    def to_compare(self, candidates: Sequence[Candidate], layer: Layer) -> list[Compared]:
        """The values of candidates of one layer, for the comparison; in the order of the candidates.

        They are not to be shown unless the layer is "read".
        """
        views = self._layers[layer]
        values: dict[int, dict[str, list[str]]] = {}
        named: dict[int, tuple[str, str]] = {}
        owners = sorted({candidate.owner for candidate in candidates})
        for owner in owners:
            numbers = [candidate.record_number for candidate in candidates if candidate.owner == owner]
            for start in range(0, len(numbers), _BATCH):
                part = numbers[start : start + _BATCH]
                rows = self._rows(
                    # sql: constant parts only
                    f"select record_id, property, value, thing, record, number from {views.values} where owner = %s"
                    f" and record_id in ({', '.join(['%s'] * len(part))}) order by number",
                    [owner, *part],
                )
                for number, name, value, thing, record, _ in rows:
                    named[number] = (str(thing), str(record))
                    values.setdefault(number, {}).setdefault(str(name), []).append(str(value))
        return [
            Compared(candidate=each, thing=named[number][0], record=named[number][1], values=values[number])
            for each in candidates
            if (number := each.record_number) in named
        ]

    # -- in common ----------------------------------------------------------------------------------------------------

    def _statements(self, views: ViewNames, condition: str, parameters: list[Any]) -> list[SeenStatement]:
        # sql: constant parts only (the condition is one of those written above)
        sql = f"select {_COLUMNS} from {views.statements} where {condition} order by number"
        return [self._seen(row) for row in self._rows(sql, parameters)]

    def _seen(self, row: tuple[Any, ...]) -> SeenStatement:
        handling = self._handling(row[17])
        return SeenStatement(
            number=row[0], statement=row[1], record=row[2], thing=row[3], owner=row[4], source_list=row[5],
            source_key=row[6], contribution=row[7], given_at=row[8], property=row[9], value=row[10] or "",
            original=row[11], language=row[12],
            evaluation=Evaluation(
                source=row[13][0], information=row[13][1], given=bool(row[14]), scheme=row[15], original=row[16]
            ),
            handling=handling, valid_from=row[18], valid_to=row[19],
        )  # fmt: skip

    def _handling(self, content: Any) -> Handling:
        key = bytes(content)
        found = self._handlings.get(key)
        if found is None:
            found = self._handlings[key] = decode_handling(key)
        return found

    def _rows(self, sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        return self._tx.rows(sql, parameters)


@contextmanager
def reading(
    tx: Transaction,
    viewer: Viewer,
    world: World,
    layers: tuple[Layer, ...] = ("read",),
    *,
    names: bool = False,
) -> Iterator[ReaderView]:
    """The view of a viewer, with the layers that the use case needs; with `names`, names can be searched in them.

    The transaction cannot be committed unless it also leaves a ledger entry.
    """
    tx.read = True
    guard = tx.store.guard
    classes = {layer: viewer_class(tx, viewer, layer, world) for layer in layers}
    visible: dict[Layer, VisibleSet] = {}
    if names:  # before the guard stands: the index is made of all names, and searched by what is visible
        tx.store.names.bring_up_to_date(tx)
        visible = {layer: tx.store.names.visible(tx, number) for layer, number in classes.items()}
    accepts = None
    if "merge" in classes:
        bring_up_to_date(tx, classes["merge"])
        accepts = accepted_by(tx, viewer.authority)
    views = {layer: guard.views(number) for layer, number in classes.items()}
    with guard.watching(*views.values()):
        yield ReaderView(tx, views, visible, accepts, viewer.authority)


def _is_public_id(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)
