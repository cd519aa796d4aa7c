"""The same through the pages: what a browser is sent tells nothing of what is hidden; and leaks put in are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from laboratory import PAIRS, SIDES, Laboratory, agree
from pieces import pieces_to_try
from test_seeded_leaks import (
    candidates_cut_before_rights,
    count_over_all_rows,
    facets_over_all_rows,
    ids_in_sequence,
    merge_by_hidden_judgements,
    newest_cut_before_rights,
    order_by_a_global_statistic,
    scores_weighted_by_all_rows,
)
from worlds import Family, public_id

from alidade.model.errors import NotAllowed, NotFound
from alidade.model.viewer import Actor
from alidade.services import serving
from alidade.services.node import Node
from alidade.store import checks, directory, guard
from alidade.store.database import Transaction
from alidade.web import place
from alidade.web.accounts import make_tables
from alidade.web.place import GROUNDS, Desk
from alidade.web.rooms import records

pytestmark = pytest.mark.sqlite_only("the library's own reads are compared on a server; the pages show the same")

FAMILIES = 4
MOST_PAIRS = 200
TEXT = frozenset({"text"})
Leak = Callable[[pytest.MonkeyPatch, Laboratory], None]
Read = tuple[str, Callable[[Node, Actor], object]]
# Drawn by chance anew for each answer: the token of a form, the commitment to a question, and the first digits of a
# reference, by which people speak of it (whole references are looked at by the laboratory itself).
_BY_CHANCE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{8})(?![0-9a-f])'
)


@pytest.fixture
def laboratory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laboratory]:
    make_tables()
    made = Laboratory(tmp_path_factory.mktemp("node"), monkeypatch)
    made.extra = _visits
    serving.serve(made.node)
    # The viewers of the laboratory are made from parts, some with communities of their own; the page acts as they do.
    monkeypatch.setattr(place, "is_secured", lambda request, administrator: True)
    monkeypatch.setattr(Desk, "actor", property(lambda desk: _Visitor.actor))
    yield made
    serving.serve(None)
    made.close()


_ROOMS = {
    "instrument": "/programme/",
    "round": "/rounds/",
    "chart": "/picture/chart/",
    "question": "/question/kept/",
    "dossier": "/dossier/",
}


class _Visitor:
    """Who visits now."""

    actor: Actor


def _visits(family: Family) -> Sequence[Read]:
    """Every page that reads what others gave: of what is visible, hidden in one of the databases, and absent."""
    seen = list(dict.fromkeys(line.record for line in family.visible.lines))
    hidden = [line.record for side in family.sides for line in side.lines if line.record not in seen]
    visits: list[Read] = [(f"check page {q.text}", _check(q.text)) for q in family.questions[:2]]
    visits += [
        (f"page {address}", _get(address))
        for address in ("/hits/", "/records/", "/standing/news/", "/picture/", "/picture/?everything=yes")
    ]
    sights = ("/picture/map/", "/picture/timeline/", "/picture/matrix/")
    rooms = ("/judgements/", "/judgements/?order=certainty", "/judgements/ruled/", "/question/", "/dossiers/")
    programme = ("/programme/", "/progress/", "/analysis/", "/rounds/", "/reports/", "/calendar/")
    visits += [(f"page {address}", _get(address)) for address in (*sights, *rooms, *programme)]
    visits += [("notices page", _get("/notices/"))]
    for label in [*seen[:1], *dict.fromkeys(hidden[:2]), "absent"]:
        reference = public_id(label)
        visits += [
            (f"show page {label}", _get(f"/records/{reference}/", reference)),
            (f"show page why {label}", _get(f"/records/{reference}/why/", reference)),
            (f"entity page {label}", _get(f"/entity/{reference}/", reference)),
            (f"chart page {label}", _get(f"/picture/?record={reference}", reference)),
            (f"map page {label}", _get(f"/picture/map/?record={reference}", reference)),
            (f"judgements page {label}", _get(f"/judgements/of/{reference}/", reference)),
            (f"pair page {label}", _get(f"/judgements/pair/{public_id(seen[-1])}/{reference}/", reference)),
        ]
    for piece in pieces_to_try(family):
        address = f"{_ROOMS[piece.kind]}{public_id(piece.label)}/"
        visits.append((f"{piece.kind} page {piece.label}", _get(address)))
    visits += [(f"{kind} page absent", _get(f"{room}{public_id('absent')}/")) for kind, room in _ROOMS.items()]
    return visits


def _client(actor: Actor) -> Client:
    _Visitor.actor = actor
    user, _ = User.objects.get_or_create(username=actor.officer)
    client = Client()
    client.force_login(user)
    session = client.session
    stated = {"purpose": actor.viewer.purpose, "case": actor.case, "legal_ground": actor.legal_ground}
    session[GROUNDS] = {**stated, "justification": actor.justification}
    session.save()
    return client


def _get(address: str, *references: str) -> Callable[[Node, Actor], object]:
    return lambda node, actor: _told(_client(actor).get(address))


def _check(text: str) -> Callable[[Node, Actor], object]:
    def asked(node: Node, actor: Actor) -> object:
        client = _client(actor)
        answer = client.post("/check/", {"text": text})
        if "Location" in answer.headers:
            return [answer["Location"], _told(client.get(answer["Location"]))]
        return _told(answer)

    return asked


def _told(answer: Any) -> str:
    body = answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content).decode()
    return f"{answer.status_code} {answer.headers.get('Location', '')}\n{_BY_CHANCE.sub('', body)}"


def test_agreeing_databases_send_the_same_pages(laboratory: Laboratory) -> None:
    """The bytes; the work behind them is that of the library, which is counted there."""
    laboratory.pairs = partial(laboratory.pairs, kinds=TEXT)  # type: ignore[method-assign]
    assert agree(laboratory, range(900_000, 900_000 + FAMILIES)) == FAMILIES * PAIRS


def forbidden_is_not_absent(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    show = records.show_record

    def told(node: Node, actor: Actor, record: str) -> Any:
        try:
            return show(node, actor, record)
        except NotFound:
            with node.store.transaction() as tx:
                if tx.rows("select 1 from record where public_id = %s", [record]):
                    raise NotAllowed("You may not see this record.") from None
            raise

    monkeypatch.setattr(records, "show_record", told)


def few_newest_cut_before_rights(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    monkeypatch.setattr(records, "NEWEST", 3)  # the small worlds of the laboratory would fit whole into a page
    newest_cut_before_rights(monkeypatch, laboratory)


def hits_of_everybody(monkeypatch: pytest.MonkeyPatch, laboratory: Laboratory) -> None:
    waiting = checks.waiting_hits

    def everybodys(tx: Transaction, authority: str) -> Any:
        return [hit for each in directory.authorities(tx) for hit in waiting(tx, each)]

    monkeypatch.setattr(checks, "waiting_hits", everybodys)


LEAKS: tuple[Leak, ...] = (
    order_by_a_global_statistic,
    scores_weighted_by_all_rows,
    count_over_all_rows,
    facets_over_all_rows,
    ids_in_sequence,
    few_newest_cut_before_rights,
    candidates_cut_before_rights,
    merge_by_hidden_judgements,
    hits_of_everybody,
    forbidden_is_not_absent,
)


@pytest.mark.parametrize("leak", LEAKS, ids=[leak.__name__ for leak in LEAKS])
def test_a_seeded_leak_is_seen_in_the_pages(
    leak: Leak, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the pages are looked at here: the library's own reads find the same leaks elsewhere."""
    monkeypatch.setattr(guard, "_authorizer", lambda views: lambda *action: 0)
    monkeypatch.setattr("laboratory.reads_of", lambda family: [])
    leak(monkeypatch, laboratory)
    looked = 0
    for seed in range(MOST_PAIRS):
        for _, difference in laboratory.pairs(laboratory.family(seed, SIDES), TEXT):
            looked += 1
            if difference is not None:
                assert "page" in difference.read
                return
            if looked == MOST_PAIRS:
                pytest.fail(f"{leak.__name__} was not seen in {MOST_PAIRS} pairs")
