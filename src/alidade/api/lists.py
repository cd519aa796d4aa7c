"""Lists: the words of the field, the directory of authorities, and the head of the ledger."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpRequest
from ninja import Router
from pydantic import ConfigDict, Field

from alidade.api.shapes import Told, answers
from alidade.api.sign_in import at_work
from alidade.ledger.head import to_json
from alidade.model.errors import NotFound
from alidade.services.authorities import list_directory
from alidade.services.ledger import newest_head
from alidade.vocabulary import UnknownCode

router = Router(tags=["Lists"])

ListName = Annotated[str, Field(pattern="^[a-z_]{1,40}$", description="Name of a list.", examples=["legal_grounds"])]


class ListsShape(Told):
    """The lists of the vocabulary."""

    lists: list[str]


class LabelShape(Told):
    """A term in four languages."""

    en: str
    fr: str
    es: str
    pt: str
    pt_BR: str | None = Field(default=None, description="Where Brazil says it otherwise.")


class WordShape(Told):
    """One entry of a list; some lists say more of each."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(description="The code.")
    label: LabelShape
    verified: bool = Field(default=True, description="False until somebody has read it in the source.")


class WordsShape(Told):
    """One list of the vocabulary."""

    name: str = Field(description="Name of the list.")
    version: str
    source: str = Field(description="Act and article, or system.")
    date: str = Field(description="Day of this version.")
    licence: str
    entries: list[WordShape]


class AuthorityShape(Told):
    """One authority of the directory."""

    id: str = Field(description="Its code.")
    name: str
    function: str = Field(description="Code of the list `authority_functions`.")
    state: str = Field(description="State (ISO 3166-1 alpha-2) or body.")
    contact: str
    duty_line: str = Field(description="Around the clock; empty where not known.")
    languages: list[str]
    last_confirmed: str = Field(description="When somebody last confirmed the entry; empty where never.")
    invented: bool = Field(description="Whether it belongs to a rehearsal.")


class DirectoryShape(Told):
    """The authorities that take part."""

    authorities: list[AuthorityShape]


class HeadShape(Told):
    """The newest signed head of the ledger, to be kept elsewhere as a witness; null before the first entry."""

    head: dict[str, str | int] | None = Field(description="As `alidade ledger head` writes it.")


@router.get("/words", response=answers(ListsShape), operation_id="lists")
def lists(request: HttpRequest) -> ListsShape:
    """The names of the lists."""
    node, _ = at_work(request)
    return ListsShape(lists=sorted((*node.vocabulary.lists(), "things")))


@router.get("/words/{name}", response=answers(WordsShape, 404), operation_id="words")
def words(request: HttpRequest, name: ListName) -> WordsShape:
    """One list of the vocabulary, with source and date."""
    node, _ = at_work(request)
    vocabulary = node.vocabulary
    try:
        head = vocabulary.head(name)
        entries = vocabulary.things if name == "things" else vocabulary.codes(name)
    except UnknownCode as error:
        raise NotFound("There is no such list.", remedy="GET /api/v1/words names them.") from error
    return WordsShape(
        name=name,
        version=head.version,
        source=head.source,
        date=str(head.date),
        licence=head.licence,
        entries=[WordShape(**{"code": code} | msgspec.to_builtins(entry)) for code, entry in entries.items()],
    )


@router.get("/directory", response=answers(DirectoryShape), operation_id="directory")
def directory(request: HttpRequest) -> DirectoryShape:
    """The authorities that take part, and how they are reached."""
    node, _ = at_work(request)
    return DirectoryShape(
        authorities=[
            AuthorityShape(
                id=one.id,
                name=one.name,
                function=one.party.function,
                state=one.party.state,
                contact=one.contact,
                duty_line=one.duty_line,
                languages=list(one.languages),
                last_confirmed=one.last_confirmed,
                invented=one.invented,
            )
            for one in list_directory(node).authorities
        ]
    )


@router.get("/ledger/head", response=answers(HeadShape), operation_id="ledger_head")
def ledger_head(request: HttpRequest) -> HeadShape:
    """The newest signed head of the ledger. Whoever keeps it can later tell whether the ledger was altered or cut."""
    node, _ = at_work(request)
    head = newest_head(node)
    return HeadShape(head=None if head is None else msgspec.json.decode(to_json(head)))
