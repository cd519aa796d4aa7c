"""Dossiers of networks: listed, opened, made, filled, compared, measured; nominations and what came of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from alidade.api.shapes import Code, Given, HandlingGiven, HandlingShape, Reference, Told, answers
from alidade.api.sign_in import at_work
from alidade.services.picture.dossier_reading import OpenDossier
from alidade.services.picture.dossier_state import Dossier, Member
from alidade.services.picture.dossiers import (
    add_member,
    list_dossiers,
    make_dossier,
    open_dossier,
    rule_on_member,
)
from alidade.services.picture.mappings_compared import Mapped, compare_mappings
from alidade.services.picture.measures import measure_dossier
from alidade.services.picture.nominations import list_matchings, nominate

router = Router(tags=["Dossiers"])
Grade = Annotated[str, Field(pattern="^([A-DX][1-4X])?$", description="4x4 grade such as B2; empty: not known.")]
PartialDay = Annotated[str, Field(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$", description="Year, month or day.")]
Text = Annotated[str, Field(max_length=20_000)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Mapping_ = Annotated[str, Field(min_length=1, max_length=40, description="Name of a mapping, such as 2026.")]


class DossierLineShape(Told):
    """A dossier that you may open."""

    piece: str = Field(description="Its reference.")
    name: str
    state: str = Field(description="Newest event of its life; empty: not known.")
    rounds: list[str] = Field(description="Mappings for which it was written.")
    members: int = Field(description="Members that you may see.")
    authority: str = Field(description="Authority that keeps it.")
    version: int
    changed_at: str
    handling: HandlingShape = Field(description="Who may open it.")
    ours: bool = Field(description="Your authority keeps it, and may change it.")


class DossiersShape(Told):
    """The dossiers, the one changed last first."""

    dossiers: list[DossierLineShape]


class MemberShape(Told):
    """A member that you may see."""

    record: str = Field(description="Reference of its record.")
    thing: str = Field(description="Type of thing (list `things`).")
    caption: str = Field(description="What it is called; empty where not known.")
    role: str = Field(description="Code of a role; empty: not known.")
    standing: Literal["candidate", "confirmed", "rejected"] = Field(description="A candidate until a person rules.")
    evidence: list[str]
    certainty: str
    since: str
    until: str
    note: str
    ruled_by: str
    ruled_on: str


class LifeEventShape(Told):
    """Something in the life of the network."""

    kind: str
    day: str
    others: list[str] = Field(description="Dossiers concerned that you may open.")
    text: str


class GapShape(Told):
    """What to find out next."""

    question: str
    who: str = Field(description="Who could know.")
    answered_on: str


class DossierShape(Told):
    """A dossier as you see it: what you may not see is neither shown nor counted."""

    kept: DossierLineShape
    names: list[str] = Field(description="Its name, then others.")
    summary: list[str]
    structures: list[str]
    crime_areas: list[str]
    countries: list[str]
    traits: dict[str, str]
    life: list[LifeEventShape]
    members: list[MemberShape]
    gaps: list[GapShape]


class MemberGiven(Given):
    """A member, or what is now said of one."""

    record: Reference
    role: str = Field(default="", max_length=60, description="Code of a role; empty: not known.")
    certainty: Grade = ""
    since: PartialDay = ""
    until: PartialDay = ""
    note: str = Field(default="", max_length=2_000, description="What speaks for it.")

    def member(self) -> Member:
        """The member that it says, a candidate."""
        return Member(**self.model_dump())


class DossierGiven(Given):
    """A new dossier."""

    names: list[Name] = Field(min_length=1, max_length=200, description="The name, then others.")
    rounds: list[Mapping_] = Field(default=[], max_length=20, description="Mappings to which it belongs.")
    summary: list[Text] = Field(default=[], max_length=200, description="A text for each paragraph.")
    structures: list[Code] = Field(default=[], max_length=20, description="Codes of structures.")
    crime_areas: list[Code] = Field(default=[], max_length=200, description="Codes of crime areas.")
    countries: list[Code] = Field(default=[], max_length=200, description="Codes of countries.")
    members: list[MemberGiven] = Field(default=[], max_length=500, description="Its first members, as candidates.")
    handling: HandlingGiven = Field(description="Who may open it; each sees the members that he may see.")


class DossierKept(Told):
    """Where it was kept."""

    piece: str
    version: int


class RulingOnMemberGiven(Given):
    """A ruling on a member."""

    record: Reference
    standing: Literal["candidate", "confirmed", "rejected"] = Field(description="What is ruled.")
    role: str | None = Field(default=None, max_length=60, description="Code of a role; null: as it was.")


class MappingsGiven(Given):
    """Two mappings."""

    earlier: Mapping_
    later: Mapping_


class MappedShape(Told):
    """A network in one mapping."""

    dossier: str
    name: str
    members: int


class FateShape(Told):
    """What became of networks."""

    kind: str = Field(description="continue, grow, shrink, split, merge, succeed, dissolve or born.")
    before: list[MappedShape]
    after: list[MappedShape]
    shared: int
    overlap: float


class MappingsShape(Told):
    """Two mappings compared, from the members that you may see."""

    fates: list[FateShape]
    stayed: list[str] = Field(description="References of things.")
    left: list[str]
    come: list[str]
    method: str = Field(description="How it was computed.")


class KeyMemberShape(Told):
    """One of the fewest whose removal breaks the network."""

    member: str
    stability: float | None = Field(description="In what share of networks drawn by the grades he is one of them.")


class KeyShape(Told):
    """The fewest members whose removal leaves no part above the cap."""

    members: list[KeyMemberShape]
    proved: bool
    lower_bound: float
    cap: int
    largest_left: int
    holds: float | None


class RolePossibleShape(Told):
    """A role that somebody may play; a candidate, never more."""

    member: str
    role: str
    support: float
    evidence: list[str]


class RemovalShape(Told):
    """What is left after one more removal, without and with recovery."""

    removed: str
    left: float
    recovered: float
    low: float
    high: float


class HiddenTieShape(Told):
    """Two members without a known link who probably have one."""

    one: str
    other: str
    probability: float


class HiddenShape(Told):
    """Links that nobody has told of; none where the network's own measure refuses a list."""

    ties: list[HiddenTieShape]
    refused: bool
    precision: float = Field(
        description="Of as many first places as known links were hidden, the share that was right."
    )
    base: float = Field(description="The same by plain resource allocation.")


class MeasuredShape(Told):
    """The network of a dossier, measured from what you may see."""

    members: list[str]
    links: int
    components: list[int]
    groups: list[list[str]]
    key: KeyShape | None
    roles: list[RolePossibleShape]
    disruption: list[RemovalShape]
    hidden: HiddenShape | None = Field(description="None where there are too few links to measure such a list.")
    how: dict[str, str] = Field(description="How each was computed.")


class NominationGiven(Given):
    """A nomination: an own dossier, own records or identifiers."""

    round: Reference
    contact: str = Field(min_length=1, max_length=200, description="With whom others may talk.")
    dossier: Reference | None = Field(default=None, description="An own dossier, whose members take part.")
    records: list[Reference] = Field(default=[], max_length=200, description="Own records that take part.")
    identifiers: list[Annotated[str, Field(max_length=200)]] = Field(
        default=[], max_length=200, description="Identifiers that take part."
    )
    excluded: list[Code] = Field(default=[], max_length=200, description="Authorities that are never told.")


class NominatedShape(Told):
    """Where a nomination was kept."""

    piece: str
    members: int
    left_out: int = Field(description="Members that cannot be recognised by anything of yours.")


class OverlapShape(Told):
    """What both owners read."""

    authorities: list[str]
    contacts: list[str]
    at_least: int


class OwnNominationShape(Told):
    """A nomination of your authority."""

    piece: str
    members: int
    overlaps: list[OverlapShape] = Field(description="Empty until the round is over.")


class RoundShape(Told):
    """A round in which your authority may nominate."""

    piece: str
    title: str
    authority: str
    closes: str
    at_least: int
    over: bool
    nominations: list[OwnNominationShape]


class RoundsShape(Told):
    """The rounds, the newest first."""

    rounds: list[RoundShape]


@router.get("/dossiers", response=answers(DossiersShape, 403), operation_id="dossiers")
def dossiers(request: HttpRequest) -> DossiersShape:
    """The dossiers of networks that you may open. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return DossiersShape(dossiers=[DossierLineShape.model_validate(each) for each in list_dossiers(node, actor)])


@router.post("/dossiers", response=answers(DossierKept, 403, 404, body=True), operation_id="dossier_make")
def make(request: HttpRequest, given: DossierGiven) -> DossierKept:
    """Keep a new dossier under a handling of your authority. Needs the act `dossier_manage`."""
    node, actor = at_work(request)
    said = Dossier(
        names=tuple(given.names), rounds=tuple(given.rounds), summary=tuple(given.summary),
        structures=tuple(given.structures), crime_areas=tuple(given.crime_areas), countries=tuple(given.countries),
        members=tuple(each.member() for each in given.members),
    )  # fmt: skip
    piece = make_dossier(node, actor, said, given.handling.of(actor.viewer.authority))
    return DossierKept(piece=piece, version=1)


@router.post("/dossiers/mappings", response=answers(MappingsShape, 403, body=True), operation_id="dossier_mappings")
def mappings(request: HttpRequest, given: MappingsGiven) -> MappingsShape:
    """What became of the networks of one mapping in another. Needs the act `picture_read`."""
    node, actor = at_work(request)
    found = compare_mappings(node, actor, given.earlier, given.later)
    return MappingsShape(
        fates=[
            FateShape(
                kind=each.kind, before=_mapped(each.before), after=_mapped(each.after), shared=each.shared,
                overlap=each.overlap,
            )
            for each in found.fates
        ],
        stayed=[each.id for each in found.stayed], left=[each.id for each in found.left],
        come=[each.id for each in found.come], method=found.method,
    )  # fmt: skip


@router.get("/dossiers/nominations", response=answers(RoundsShape, 403), operation_id="nominations")
def nominations(request: HttpRequest) -> RoundsShape:
    """The rounds of nominations, yours in them, and what came of them. Needs the act `dossier_manage`."""
    node, actor = at_work(request)
    return RoundsShape(rounds=[RoundShape.model_validate(each) for each in list_matchings(node, actor)])


@router.post(
    "/dossiers/nominations", response=answers(NominatedShape, 403, 404, 409, body=True), operation_id="nominate"
)
def nominate_network(request: HttpRequest, given: NominationGiven) -> NominatedShape:
    """Nominate a network; only fingerprints are kept of its members. Needs the act `dossier_manage`."""
    node, actor = at_work(request)
    made = nominate(
        node, actor, given.round, given.contact, dossier=given.dossier or "", records=given.records,
        identifiers=given.identifiers, excluded=given.excluded,
    )  # fmt: skip
    return NominatedShape(piece=made.piece, members=made.members, left_out=made.left_out)


@router.get("/dossiers/{reference}", response=answers(DossierShape, 403, 404), operation_id="dossier")
def dossier(request: HttpRequest, reference: Reference) -> DossierShape:
    """One dossier as you may see it. Needs the act `picture_read`."""
    node, actor = at_work(request)
    return _shape(open_dossier(node, actor, reference))


@router.post(
    "/dossiers/{reference}/members", response=answers(DossierKept, 403, 404, body=True), operation_id="dossier_member"
)
def member(request: HttpRequest, reference: Reference, given: MemberGiven) -> DossierKept:
    """Add a member to a dossier of your authority, as a candidate. Needs the act `dossier_manage`."""
    node, actor = at_work(request)
    return DossierKept(piece=reference, version=add_member(node, actor, reference, given.member()))


@router.post(
    "/dossiers/{reference}/rulings", response=answers(DossierKept, 403, 404, body=True), operation_id="dossier_rule"
)
def rule(request: HttpRequest, reference: Reference, given: RulingOnMemberGiven) -> DossierKept:
    """Rule on a member of a dossier of your authority. Needs the act `dossier_manage`."""
    node, actor = at_work(request)
    version = rule_on_member(node, actor, reference, given.record, given.standing, role=given.role)
    return DossierKept(piece=reference, version=version)


@router.get(
    "/dossiers/{reference}/measures", response=answers(MeasuredShape, 403, 404), operation_id="dossier_measures"
)
def measures(request: HttpRequest, reference: Reference) -> MeasuredShape:
    """The network of a dossier, measured from what you may see. Needs the act `network_measure`."""
    node, actor = at_work(request)
    return MeasuredShape.model_validate(msgspec.to_builtins(measure_dossier(node, actor, reference).measured))


def _mapped(networks: tuple[Mapped, ...]) -> list[MappedShape]:
    return [MappedShape(dossier=each.dossier, name=each.name, members=len(each.members)) for each in networks]


def _shape(found: OpenDossier) -> DossierShape:
    said = found.dossier
    return DossierShape(
        kept=DossierLineShape.model_validate(found.kept), names=list(said.names), summary=list(said.summary),
        structures=list(said.structures), crime_areas=list(said.crime_areas), countries=list(said.countries),
        traits={each.trait: each.level for each in said.traits},
        life=[LifeEventShape.model_validate(each) for each in said.life],
        gaps=[GapShape.model_validate(each) for each in said.gaps],
        members=[
            MemberShape.model_validate(
                msgspec.structs.asdict(each.member) | {"thing": each.thing.thing, "caption": each.thing.caption}
            )
            for each in found.members
        ],
    )  # fmt: skip
