"""Tokens: an officer lets a program act for him, for one purpose and case, within acts that he lists, until a day.

A program has no right of its own: at each request it has those that its officer has at that moment, and of these
only what the token lists.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from alidade.model.errors import Invalid, NotAllowed, NotFound, TooMany
from alidade.model.ids import OfficerId
from alidade.model.viewer import Actor
from alidade.services.acting import log, require_right, viewer_of
from alidade.services.node import Node
from alidade.store import directory, tokens
from alidade.store.tokens import KeptToken

PREFIX = "alidade_"  # by which a secret that lies about is recognised
Kind = Literal["requests", "checks", "exports"]
_SECRET_BYTES = 32
_LONGEST = {"name": 100, "case": 200, "justification": 500}
_NOBODY = OfficerId("")
_NEVER = frozenset({"token_manage"})  # a token that was stolen must not make others


class Allowance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often in so many seconds a token, and all tokens of an authority together, may do something."""

    seconds: int
    token: int
    authority: int


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `token_limits.json`."""

    name: str
    version: str
    source: str
    date: str
    verified: bool
    longest_days: int
    allowances: Mapping[str, Allowance]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits in force, with source and date."""
    path = Path(__file__).parent / "data" / "token_limits.json"
    return msgspec.json.decode(path.read_bytes(), type=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeToken:
    """A new token and its secret, which is shown this once and kept nowhere."""

    token: KeptToken
    secret: str


def make_token(node: Node, actor: Actor, *, name: str, acts: Iterable[str], days: int | None = None) -> MadeToken:
    """Make a token bound to the officer, purpose, legal ground, case and justification with which he acts.

    It lasts `days` (the longest permitted, where None). Raises Invalid where one of the grounds is missing or too
    long, where an act is not one of the officer's role, or for a longer time than permitted.
    """
    listed = tuple(sorted(set(acts)))
    _check_words(name, actor)
    longest = limits().longest_days
    lasts = longest if days is None else days
    if not 1 <= lasts <= longest:
        raise Invalid(f"A token lasts between 1 and {longest} days.", remedy="Make a new one when it ends.")
    secret = PREFIX + base64.urlsafe_b64encode(node.store.randomness.token_bytes(_SECRET_BYTES)).decode().rstrip("=")
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "token_manage")
        own = set(node.vocabulary.roles[actor.role].acts) - _NEVER
        if not listed or set(listed) - own:
            raise Invalid(
                "A token lists acts of your role; none lets a program manage tokens.",
                remedy=f"Acts: {', '.join(sorted(own))}.",
                code="token_acts",
            )
        token = KeptToken(
            id=tx.new_id(),
            name=name.strip(),
            authority=actor.viewer.authority,
            officer=actor.officer,
            purpose=actor.viewer.purpose,
            case=actor.case or "",
            legal_ground=actor.legal_ground or "",
            justification=actor.justification or "",
            acts=listed,
            made_at=tx.now,
            expires_at=tx.now + timedelta(days=lasts),
        )
        tokens.keep_token(tx, token, digest_of(secret))
        log(tx, actor, "token_manage", objects=[token.id], details={"change": "made", "acts": " ".join(listed)})
    return MadeToken(token=token, secret=secret)


def _check_words(name: str, actor: Actor) -> None:
    given = {
        "name": name,
        "case": actor.case or "",
        "legal ground": actor.legal_ground or "",
        "justification": actor.justification or "",
    }
    missing = [field for field, text in given.items() if not text.strip()]
    if missing:
        raise Invalid(
            f"For a token, state: {', '.join(missing)}.",
            remedy="They go into the ledger with every act of the program (Directive (EU) 2016/680, Art. 25).",
            code="grounds_missing",
        )
    for field, text in given.items():
        if len(text) > _LONGEST.get(field, len(text)):
            raise Invalid(f"The {field} has at most {_LONGEST[field]} characters.", remedy="Say it shorter.")


def list_tokens(node: Node, actor: Actor) -> list[KeptToken]:
    """One's own tokens, newest first, ended ones included; without their secrets, which nobody has."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "token_manage")
        found = tokens.tokens_of(tx, actor.officer)
        log(tx, actor, "token_manage", objects=[token.id for token in found], results=len(found))
    return found


def end_token(node: Node, actor: Actor, token: str) -> None:
    """End one's own token for good, from the next request on. Raises NotFound for another's, none, or an ended one."""
    with node.store.transaction() as tx:
        require_right(node, tx, actor, "token_manage")
        tokens.end_token(tx, actor.officer, token)
        log(tx, actor, "token_manage", objects=[token], details={"change": "ended"})


def actor_of_token(node: Node, secret: str) -> Actor:
    """The officer for whom a program acts with this secret; `acts` are those it may do.

    Looked up at each request: the token in force, its officer active and still of its authority, the acts still those
    of his role. Raises NotAllowed (code `token_unknown`), in the same words and after the same look-ups, for a secret
    that is unknown, ended or run out.
    """
    with node.store.transaction() as tx:
        token = tokens.token_with_digest(tx, digest_of(secret))
        try:
            person = directory.officer(tx, token.officer if token is not None else _NOBODY)
        except NotFound:
            person = None
        everybody = directory.authorities(tx)
        if (
            token is None
            or person is None
            or not (token.in_force(tx.now) and person.active and person.authority == token.authority)
        ):
            raise NotAllowed(
                "The token is not in force.", remedy="Make a new one: alidade token make.", code="token_unknown"
            )
        tokens.note_use(tx, token.id)
    role = node.vocabulary.roles.get(person.role)
    permitted = set(role.acts) if role is not None else set()
    return Actor(
        officer=person.id,
        role=person.role,
        case=token.case,
        legal_ground=token.legal_ground,
        justification=token.justification,
        viewer=viewer_of(person, everybody[token.authority], token.purpose),
        token=token.id,
        acts=tuple(act for act in token.acts if act in permitted),
    )


def spend(node: Node, by: Actor, kind: Kind, cost: int = 1) -> None:
    """Take from what a token, and all tokens of its authority together, may do in a time; people are not counted.

    Raises TooMany with the seconds to wait, and Invalid where it is more at once than is ever permitted.
    """
    if by.token is None:
        return
    allowance = limits().allowances[kind]
    holders = ((f"token/{by.token}", allowance.token), (f"authority/{by.viewer.authority}", allowance.authority))
    if any(cost > often for _, often in holders):
        raise Invalid(
            "That is more at once than a token may ask.", remedy="Divide it into smaller portions.", code="too_much"
        )
    with node.store.transaction() as tx:
        for holder, often in holders:
            wait = tokens.spend(tx, holder, kind, often=often, seconds=allowance.seconds, cost=cost)
            if wait:
                raise TooMany(
                    "That is more than a token, or the tokens of an authority together, may ask in this time.",
                    remedy=f"Try again in {wait} seconds.",
                    retry_after=wait,
                )


def digest_of(secret: str) -> str:
    """The SHA-256 under which a token is found. The secret has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
