"""Opening: a thread begins with its first step; to several who must not learn of each other, a thread for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from alidade.model.errors import Invalid, NotFound
from alidade.model.handling import Handling, make_handling
from alidade.model.ids import AuthorityId
from alidade.model.viewer import Actor
from alidade.procedures import COPY, Definition, Opened, course_of, definition_digest
from alidade.services.acting import log, require_right
from alidade.services.contribute import require_owner
from alidade.services.node import Node
from alidade.services.signing import signing_key
from alidade.services.threads.approving import Written, approval_needed
from alidade.services.threads.own_drafts import drop_own
from alidade.services.threads.repeating import Repeat, answer_before, note_answer
from alidade.services.threads.running import Head, Running, catalogue
from alidade.services.threads.sending import keep_for_approval, send_step
from alidade.services.threads.view import Opening, Preview, Sent
from alidade.services.threads.wording import Asking, Prepared, preview_of, require_ready
from alidade.store import directory, rights
from alidade.store.database import Transaction
from alidade.store.threads import desks, kept

LONGEST_TITLE: Final = 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A thread that is about to be opened, with everything looked up that its first step needs."""

    definition: Definition
    opening: Opening
    own_role: str
    handling: Handling
    prepared: Prepared
    approval: str


def preview_opening(node: Node, actor: Actor, opening: Opening, *, language: str = "en") -> Preview:
    """What would be sent to whom, and why not more, if the thread were opened now; nothing is kept.

    Raises Invalid where the handling cannot be computed or the parties do not fit the procedure at all, NotFound for
    a procedure that is not known.
    """
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_open")
        beginning = begin(node, tx, actor, opening, language=language)
        found = preview_of(opening.procedure, beginning.prepared, beginning.approval)
        log(tx, actor, "thread_open", results=len(found.recipients), details={"step": "preview"})
    return found


def open_thread(node: Node, actor: Actor, opening: Opening, *, draft: str = "", repeat: Repeat | None = None) -> Sent:
    """Send the first step of a thread, or keep it for approval where a second officer must look first.

    `draft` is the draft from which it was written, which goes. Raises StepRefused with the preview where something is
    missing or must not be passed on; else as `preview_opening`. `repeat`: what was answered to the same before is
    answered again, and nothing is done; Conflict where something else was asked.
    """
    gone: list[str] = []
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "thread_open")
        before = answer_before(node, tx, actor, repeat)
        if before is not None:
            log(tx, actor, "thread_open", objects=before.threads, details={"step": "answered again"})
            return before
        beginning = begin(node, tx, actor, opening)
        require_ready(beginning.prepared)
        if beginning.approval:
            waiting = keep_for_approval(
                node,
                tx,
                actor,
                Written(order=beginning.opening.order, opening=opening),
                running=None,
                procedure=beginning.definition.code,
                classification=beginning.handling.classification,
                urgent=opening.order.values.get("urgent") is True,
                draft=draft,
            )
            log(tx, actor, "thread_open", objects=[waiting], details={"step": "waits for approval"})
            return note_answer(node, tx, actor, repeat, Sent(thread="", state="waiting_for_approval", draft=waiting))
        sent = send_opening(node, tx, actor, beginning, officer=str(actor.officer))
        note_answer(node, tx, actor, repeat, sent)
        if draft:
            gone = drop_own(node, tx, actor, draft)
    node.store.keys.destroy_field_keys(gone)
    return sent


def begin(node: Node, tx: Transaction, actor: Actor, opening: Opening, *, language: str = "en") -> Beginning:
    """Look everything up. Raises as `preview_opening`."""
    known = catalogue(tx)
    definition = known.get(opening.procedure, opening.version) if opening.version else known.newest(opening.procedure)
    own_role = opening.own_role or definition.opening.by[0]
    if not opening.title.strip() or len(opening.title) > LONGEST_TITLE:
        raise Invalid(f"A thread needs a title of at most {LONGEST_TITLE} characters.", code="title")
    _check_parties(tx, actor.viewer.authority, own_role, opening.parties, definition)
    handling = _handling(node, actor, opening)
    order = replace(opening.order, code="open")
    asking = Asking(
        node=node,
        tx=tx,
        actor=actor,
        definition=definition,
        course=course_of(definition, ()),
        role=own_role,
        parties=opening.parties,
        handling=handling,
        language=language,
    )
    prepared = asking.prepare(order)
    return Beginning(
        definition=definition,
        opening=replace(opening, order=order),
        own_role=own_role,
        handling=handling,
        prepared=prepared,
        approval=approval_needed(
            tx, actor.viewer.authority, definition, "open", four_eyes=definition.opening.four_eyes
        ),
    )


def send_opening(
    node: Node, tx: Transaction, actor: Actor, beginning: Beginning, *, officer: str, approved_by: str | None = None
) -> Sent:
    """Open the thread, or one for each addressee who must not learn of the others; logged here."""
    references = [
        _open(node, tx, actor, beginning, parties, officer=officer, approved_by=approved_by)
        for parties in _apart(beginning)
    ]
    log(
        tx,
        actor,
        "thread_open",
        objects=references,
        results=len(beginning.opening.parties),
        details={
            "procedure": f"{beginning.definition.code} {beginning.definition.version}",
            "handling": beginning.handling.classification,
        },
    )
    return Sent(
        thread=references[0],
        threads=tuple(references),
        state="sent",
        step=f"{actor.viewer.authority}/1",
    )


def _open(
    node: Node,
    tx: Transaction,
    actor: Actor,
    beginning: Beginning,
    parties: Mapping[AuthorityId, str],
    *,
    officer: str,
    approved_by: str | None,
) -> str:
    definition, opening, own = beginning.definition, beginning.opening, actor.viewer.authority
    everybody = {own: beginning.own_role, **parties}
    # Of each thread's own parties alone: the conditions are read by them, and tell nobody who else was asked.
    handling = _audience(make_handling(opening.handling, node.vocabulary), parties)
    signer = signing_key(node, own)
    _, digest = rights.intern_handling(tx, handling, signer, signer.public)
    thread = kept.add_thread(
        tx,
        reference=tx.new_id(),
        procedure=definition.code,
        version=definition.version,
        opener=own,
        parties=everybody,
        classification=handling.classification,
        state=definition.opening.to_state,
        head=msgspec.json.encode(Head(title=opening.title.strip(), case=opening.case.strip(), handling=handling)),
    )
    opened = Opened(
        procedure=definition.code,
        version=definition.version,
        parties=everybody,
        title=opening.title.strip(),
        case=opening.case.strip() or None,
        handling=digest,
        definition=definition_digest(definition),
    )
    prepared = replace(beginning.prepared, words=replace(beginning.prepared.words, opened=opened))
    running = Running(thread=thread, definition=definition, steps=(), course=course_of(definition, ()))
    after, _ = send_step(node, tx, actor, running, prepared, officer=officer, approved_by=approved_by)
    unit = directory.officer(tx, actor.officer).unit
    desks.assign(tx, thread.number, own, officer=officer, unit=unit, how="opened", by=str(actor.officer))
    return after.thread.reference


def _apart(beginning: Beginning) -> list[Mapping[AuthorityId, str]]:
    """The other parties of each thread: one, unless a role keeps its holders apart."""
    apart = {role.code for role in beginning.definition.roles if role.apart}
    parties = beginning.opening.parties
    alone = [party for party, role in sorted(parties.items()) if role in apart]
    if len(alone) < 2:
        return [parties]
    rest = {party: role for party, role in parties.items() if role not in apart}
    return [{**rest, party: parties[party]} for party in alone]


def _check_parties(
    tx: Transaction, own: AuthorityId, own_role: str, parties: Mapping[AuthorityId, str], definition: Definition
) -> None:
    known = directory.authorities(tx)
    if own in parties or not parties:
        raise Invalid("A thread needs another authority than one's own.", code="parties")
    if any(party not in known for party in parties):
        raise NotFound("An authority named is not in the directory.", remedy="Choose it from the directory.")
    if own_role not in definition.opening.by:
        raise Invalid("In this role a thread of this procedure cannot be opened.", code="parties")
    held = [own_role, *parties.values()]
    for role in definition.roles:
        count = held.count(role.code)
        if (count == 0 and not role.optional) or (count > 1 and not (role.many or role.apart)):
            raise Invalid(
                f"The role {role.code} must be held by {'one authority' if count > 1 else 'somebody'}.", code="parties"
            )
    if not {role.code for role in definition.roles} | {COPY} >= set(held):
        raise Invalid("A role is not one of this procedure.", code="parties")


def _handling(node: Node, actor: Actor, opening: Opening) -> Handling:
    handling = make_handling(opening.handling, node.vocabulary)
    require_owner(actor.viewer.authority, handling)
    return _audience(handling, opening.parties)


def _audience(handling: Handling, parties: Mapping[AuthorityId, str]) -> Handling:
    """Whoever is written to is of the audience; all other conditions stay what the officer said."""
    return msgspec.structs.replace(handling, released_to=tuple(sorted({*handling.released_to, *parties})))
