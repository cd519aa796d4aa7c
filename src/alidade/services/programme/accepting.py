"""Reading a paper at work: read in a process apart, shown to a person, and kept as far as he accepts it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Final

import msgspec

from alidade.formats.paper_apart import SECONDS, PaperErrand, PaperRead, PaperRefused
from alidade.model.errors import Invalid, NotFound, Unreadable
from alidade.model.viewer import Actor
from alidade.programme.accepting import answers_of_states, entries_of, paper_of, round_of
from alidade.programme.reading import Reading
from alidade.programme.register import Instrument
from alidade.services.acting import log, require_right
from alidade.services.node import Node
from alidade.services.programme import pieces
from alidade.services.programme.pieces import default_handling
from alidade.services.programme.register import ENTRY, keep_paper
from alidade.services.programme.rounds import ANSWER, ROUND
from alidade.store import drafts

__all__ = ["LARGEST", "accept", "proposal", "propose"]

LARGEST: Final = 25 * 1024 * 1024
KIND: Final = "paper"
_PATIENCE: Final = 2 * SECONDS
_ENDINGS: Final = frozenset({".txt", ".md", ".docx", ".pdf", ".html", ".htm"})


def propose(node: Node, actor: Actor, content: bytes, name: str, language: str | None = None) -> str:
    """Read a paper and keep the proposals as a draft of this officer; its reference. Nothing of it is in the register.

    The file itself is not kept, and its name is not looked at but for its ending. Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"The file is larger than {LARGEST} bytes.", remedy="Give a smaller file.", code="too_large")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
    read = _read_apart(content, PurePath(name).suffix.casefold(), language)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        kept = msgspec.msgpack.encode(read)
        reference = drafts.keep_draft(tx, actor.viewer.authority, str(actor.officer), KIND, kept)
        log(tx, actor, "programme_write", objects=[reference], results=len(read.measures), details={"what": "read"})
    return reference


def proposal(node: Node, actor: Actor, reference: str) -> Reading:
    """The proposals that this officer has before him. Raises NotFound."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        kept = drafts.draft_of(tx, actor.viewer.authority, str(actor.officer), KIND, reference)
    if kept is None:
        raise NotFound("There is nothing with this reference that you may see.")
    return msgspec.msgpack.decode(kept.content, type=Reading)


def accept(
    node: Node,
    actor: Actor,
    reference: str,
    chosen: Collection[str],
    titles: Mapping[str, str] | None = None,
    head: Mapping[str, str] | None = None,
    *,
    answers: bool = True,
) -> str:
    """Keep the paper with the measures that were chosen, and the answers that it tells; its reference in the register.

    `titles` are titles that the officer changed; `head` may change number, kind, title and date of the paper. The draft
    goes. Raises NotFound, Invalid, and Conflict where one's authority keeps this paper already.
    """
    found = proposal(node, actor, reference)
    paper = paper_of(found, chosen, titles)
    if head:
        paper = _with_head(paper, head)
    kept = keep_paper(node, actor, paper)
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "programme_write")
        round_ = round_of(found, kept, tx.now.date()) if answers else None
        said = 0
        how = default_handling(node, actor.viewer.authority)
        for entry in entries_of(found, kept, paper):
            pieces.keep(node, tx, actor, ENTRY, f"{paper.number} {entry.measure}", entry, how)
        if round_ is not None:
            held = pieces.keep(node, tx, actor, ROUND, next(iter(round_.title.values()))[:200], round_, how)
            for answer in answers_of_states(found, held):
                pieces.keep(node, tx, actor, ANSWER, answer.state, answer, how)
                said += 1
        keys = drafts.drop_drafts(tx, [reference])
        log(tx, actor, "programme_write", objects=[kept], results=said, details={"what": "accepted"})
    node.store.keys.destroy_field_keys(keys)
    return kept


def _with_head(paper: Instrument, head: Mapping[str, str]) -> Instrument:
    changed = dict(head)
    day = changed.pop("date", "")
    title = changed.pop("title", "")
    try:
        date = dt.date.fromisoformat(day) if day else paper.date
    except ValueError as error:
        raise Invalid("The date of the paper is no day.", remedy="Write it as YYYY-MM-DD.") from error
    titles = {**paper.title, paper.language: title} if title else paper.title
    number, kind = changed.get("number") or paper.number, changed.get("kind") or paper.kind
    return msgspec.structs.replace(paper, number=number, kind=kind, title=titles, date=date)


def _read_apart(content: bytes, ending: str, language: str | None) -> Reading:
    errand = PaperErrand(ending=ending if ending in _ENDINGS else ".txt", language=language, content=content)
    try:
        done = subprocess.run(  # our own interpreter and module
            [sys.executable, "-I", "-m", "alidade.formats.paper_apart"],
            input=msgspec.msgpack.encode(errand),
            capture_output=True,
            timeout=_PATIENCE,
            env={"LANG": "C.UTF-8"},
            check=False,
        )
        answer = msgspec.msgpack.decode(done.stdout, type=PaperRead | PaperRefused)
    except (subprocess.TimeoutExpired, msgspec.DecodeError, OSError) as error:
        raise Unreadable(
            "The file asks for more time or memory than a paper should; it was not read.",
            remedy="Give its text, or a part of it.",
            code="too_heavy",
        ) from error
    if isinstance(answer, PaperRefused):
        raise Unreadable(answer.message, remedy=answer.remedy, code=answer.code)
    return answer.reading
