"""Charts: kept, changed in versions, shared under a handling of their own. Whoever opens one sees what he may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right
from alidade.services.contribute import intern_all
from alidade.services.node import Node
from alidade.services.picture.chart import Drawn, seen_chart
from alidade.services.picture.chart_state import ChartState, decode_state, encode_state
from alidade.store import directory, workpieces
from alidade.store.database import Transaction
from alidade.store.reading import SeenPiece, reading

KIND: Final = "chart"
_LONGEST_TITLE: Final = 120
_LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChart:
    """A kept chart in a list. `ours`: one's own authority made it, and may change it."""

    piece: str
    title: str
    authority: str
    officer: str
    version: int
    made_at: str
    changed_at: str
    handling: Handling
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChart:
    """A kept chart as this viewer sees it."""

    kept: KeptChart
    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartVersion:
    """One version of a chart of one's own authority."""

    version: int
    officer: str
    saved_at: str
    title: str
    reason: str
    newest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Where a chart was kept."""

    piece: str
    version: int


def list_charts(node: Node, actor: Actor) -> tuple[KeptChart, ...]:
    """The charts that this viewer may open, the one changed last first."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx)) as view:
            found = tuple(_kept(actor, piece) for piece in view.pieces(KIND))
        log(tx, actor, "picture_read", objects=[each.piece for each in found], results=len(found),
            details={"view": "charts"})  # fmt: skip
    return found


def open_chart(node: Node, actor: Actor, piece: str) -> OpenChart:
    """A kept chart, drawn anew from what this viewer may see. Raises NotFound where it is absent, or not for him."""
    found: OpenChart | None = None
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "picture_read")
        with reading(tx, actor.viewer, directory.world(tx), ("read", "merge")) as view:
            seen = view.piece(piece)
            if seen is not None and seen.kind == KIND:
                drawn = seen_chart(view, node.vocabulary, actor.viewer, decode_state(seen.body))
                found = OpenChart(kept=_kept(actor, seen), drawn=drawn)
        things = found.drawn.things.values() if found else ()
        records = sorted({record for thing in things for record in thing.records})
        log(tx, actor, "picture_read", objects=[piece, *records], results=len(records), details={"view": "chart"})
    if found is None:
        raise _absent()
    return found


def keep_chart(
    node: Node,
    actor: Actor,
    state: ChartState,
    title: str,
    *,
    piece: str | None = None,
    version: int = 0,
    reason: str = "",
    handling: Handling | None = None,
) -> Saved:
    """Keep a new chart, or leave one of one's own authority in a new version.

    A new one stands under `handling`; without it one's own authority alone opens it, for the purpose in force. Of an
    earlier version what this officer does not see is kept as it was. Raises Invalid without a title, NotFound for a
    chart that is not one's own, Conflict where somebody has changed it since `version`.
    """
    named = title.strip()
    if not named or len(named) > _LONGEST_TITLE:
        raise Invalid("A chart needs a title of at most 120 letters.", code="title_missing")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        kept = _only_seen(tx, actor, state)
        if piece is None:
            stated = handling or Handling(owner=actor.viewer.authority, purposes=(actor.viewer.purpose,))
            interned = intern_all(node, tx, actor.viewer.authority, {KIND: stated})[KIND]
            saved = Saved(piece=_new(tx, actor, kept, named, interned.number, reason), version=1)
        else:
            saved = Saved(piece=piece, version=_changed(tx, actor, piece, kept, named, version, reason))
        log(tx, actor, "piece_keep", objects=[saved.piece], details={"version": str(saved.version), "kind": KIND})
    return saved


def chart_versions(node: Node, actor: Actor, piece: str) -> tuple[ChartVersion, ...]:
    """The versions of a chart of one's own authority, newest first. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        kept = workpieces.versions_of(tx, actor.viewer.authority, piece)
        newest = max((each.version for each in kept), default=0)
        log(tx, actor, "piece_keep", objects=[piece], results=len(kept), details={"view": "versions", "kind": KIND})
    return tuple(
        ChartVersion(
            version=each.version, officer=each.officer, saved_at=each.saved_at.isoformat(), title=each.title,
            reason=each.reason, newest=each.version == newest,
        )
        for each in kept
    )  # fmt: skip


def restore_chart(node: Node, actor: Actor, piece: str, version: int, *, newest: int, reason: str = "") -> Saved:
    """Make an earlier version of a chart of one's own authority the newest again; nothing in between is lost.

    Raises NotFound where there is no such version, Conflict where `newest` is no longer the newest.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        kept = {each.version: each for each in workpieces.versions_of(tx, actor.viewer.authority, piece)}
        if version not in kept:
            raise NotFound("This chart has no such version.")
        earlier = kept[version]
        state = decode_state(earlier.body)
        number = workpieces.change_piece(
            tx, actor.viewer.authority, piece, officer=actor.officer, title=earlier.title, body=encode_state(state),
            version=newest, mentions=state.records(), reason=reason[:_LONGEST_REASON],
        )  # fmt: skip
        log(tx, actor, "piece_keep", objects=[piece],
            details={"version": str(number), "restored": str(version), "kind": KIND})  # fmt: skip
    return Saved(piece=piece, version=number)


def share_chart(node: Node, actor: Actor, piece: str, handling: Handling) -> None:
    """Put a chart of one's own authority under another handling: others may open it, or no longer.

    Raises NotFound for another's chart, Invalid where a chart that tells of persons does not say of which kind they
    are: then nobody else could open it.
    """
    if handling.content == "personal" and handling.subject_category is None and _reaches(handling):
        raise Invalid(
            "A chart that others are to open must say what kind of persons it tells of.",
            remedy="State the category, or that the title and the notes hold no personal data.",
            code="category_missing",
        )
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        interned = intern_all(node, tx, actor.viewer.authority, {KIND: handling})[KIND]
        workpieces.reclassify_piece(tx, actor.viewer.authority, piece, interned.number)
        log(tx, actor, "piece_keep", objects=[piece], details={"change": "handling", "kind": KIND})


def _reaches(handling: Handling) -> bool:
    return bool(handling.communities or handling.released_to)


def withdraw_chart(node: Node, actor: Actor, piece: str) -> None:
    """Take a chart of one's own authority away from everybody; `bring_back_chart` undoes it. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        _own(tx, actor, piece)
        workpieces.withdraw_piece(tx, actor.viewer.authority, piece)
        log(tx, actor, "piece_keep", objects=[piece], details={"change": "withdrawn", "kind": KIND})


def bring_back_chart(node: Node, actor: Actor, piece: str) -> None:
    """Bring a withdrawn chart of one's own authority back. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "piece_keep")
        workpieces.restore_piece(tx, actor.viewer.authority, piece)
        if _seen(tx, actor, piece) is None:
            raise _absent()
        log(tx, actor, "piece_keep", objects=[piece], details={"change": "brought back", "kind": KIND})


def _new(tx: Transaction, actor: Actor, state: ChartState, title: str, handling: int, reason: str) -> str:
    return workpieces.keep_piece(
        tx, kind=KIND, authority=actor.viewer.authority, officer=actor.officer, title=title, body=encode_state(state),
        handling_number=handling, mentions=state.records(), reason=reason[:_LONGEST_REASON],
    )  # fmt: skip


def _changed(
    tx: Transaction, actor: Actor, piece: str, state: ChartState, title: str, version: int, reason: str
) -> int:
    earlier = decode_state(_own(tx, actor, piece).body)
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        seen = {record for record in earlier.records() if view.record(record)}
    unseen = earlier.within(lambda record: record not in seen)
    whole = state.joined(msgspec.structs.replace(unseen, free_notes=()))
    return workpieces.change_piece(
        tx, actor.viewer.authority, piece, officer=actor.officer, title=title, body=encode_state(whole),
        version=version, mentions=whole.records(), reason=reason[:_LONGEST_REASON],
    )  # fmt: skip


def _only_seen(tx: Transaction, actor: Actor, state: ChartState) -> ChartState:
    """The chart without records that this officer does not see: nobody keeps what he only guessed."""
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        return state.within({record for record in state.records() if view.record(record)}.__contains__)


def _seen(tx: Transaction, actor: Actor, piece: str) -> SeenPiece | None:
    with reading(tx, actor.viewer, directory.world(tx)) as view:
        found = view.piece(piece)
    return found if found is not None and found.kind == KIND else None


def _own(tx: Transaction, actor: Actor, piece: str) -> SeenPiece:
    """A chart of one's own authority that this officer may open. Raises NotFound."""
    found = _seen(tx, actor, piece)
    if found is None or found.authority != actor.viewer.authority:
        raise _absent()
    return found


def _absent() -> NotFound:
    return NotFound("There is no chart with this reference that you may open.")


def _kept(actor: Actor, piece: SeenPiece) -> KeptChart:
    return KeptChart(
        piece=piece.piece, title=piece.title, authority=piece.authority, officer=piece.officer, version=piece.version,
        made_at=piece.made_at, changed_at=piece.changed_at, handling=piece.handling,
        ours=piece.authority == actor.viewer.authority,
    )  # fmt: skip
