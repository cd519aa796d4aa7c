"""Worlds: families of databases that agree on what one viewer may learn and differ in everything else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Literal, TypedDict

from palette import Palette, Profile

from alidade.services.finding import Question

Sight = Literal["seen", "told", "hidden"]

NAMES = (
    "Jan de Vries", "Johannes de Vriess", "Maria Souza", "Mariya Sousa", "Karl Brandt", "Carlo Brand",
    "Ana Lucia Pereira", "Anna Pereyra", "Vitor Ramalho", "Viktor Ramallo",
)  # fmt: skip
HIDDEN_NAMES = ("Zygmunt Wroblewski", "Vries Marlon", "Jana Vriesema", "Zoran Petrovic", "Brandon Souza")
VESSELS = ("Estrela do Mar", "Estrella del Mar", "Northern Light", "Nordlicht")
HIDDEN_VESSELS = ("Estrela Negra", "Zephyr")
PAPERS = ("NX1234561", "NX1234562", "P7788991", "AB4455667")
HIDDEN_PAPERS = ("ZZ0099881", "ZZ0099882")
PHONES = ("+31612345678", "+4915112345678")
HIDDEN_PHONES = ("+33612345678",)
IMO = ("9074729", "9319466")
HIDDEN_IMO = ("9811000",)
BIRTHS = ("1970-01-01", "1970-02", "1985-12-24")
COUNTRIES = ("nl", "br", "de")
TYPING_ERRORS = ("Jan de Vreis", "Maria Soussa", "Brant Karl", "Viktor Ramalho", "Estrela do Mer")
ABSENT = ("Quentin Oxley", "Xi Qing", "QQ7654321")
PIECES = ("instrument", "entry", "round", "meeting", "chart", "question", "dossier")
ACTS = 9  # how many acts the observer tries on what is another's, hidden or absent
# What other authorities ask without meeting anything of the viewer's own: it must stand in no pool above.
ASKED_ELSEWHERE = ("WW5550001", "WW5550002", "WW5550003")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement. `at` orders the contributions, and the statements inside each."""

    label: str
    at: float
    gift: str
    gift_at: float
    record: str
    owner: str
    thing: str
    property: str
    value: str
    handling: int
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One judgement between two records."""

    label: str
    left: str
    right: str
    ruling: str
    owner: str
    handling: int
    revoked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check made by another authority."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of work (chart, question, dossier, paper, ...) that names a record."""

    label: str
    kind: str
    owner: str
    about: str
    handling: int
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is in a database, or the part of it that a viewer sees, or that he does not see."""

    lines: tuple[Line, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    asked: tuple[Asked, ...] = ()
    pieces: tuple[Piece, ...] = ()
    spare: tuple[int, ...] = ()  # handlings under which nothing stands
    order: int = 0  # where the handlings of the hidden part lie among the others

    def without(self) -> Iterator[Part]:
        """The same with one thing less, for every thing."""
        for index in range(len(self.lines)):
            yield replace(self, lines=self.lines[:index] + self.lines[index + 1 :])
        for index in range(len(self.rulings)):
            yield replace(self, rulings=self.rulings[:index] + self.rulings[index + 1 :])
        for index in range(len(self.asked)):
            yield replace(self, asked=self.asked[:index] + self.asked[index + 1 :])
        for index in range(len(self.pieces)):
            yield replace(self, pieces=self.pieces[:index] + self.pieces[index + 1 :])
        for index in range(len(self.spare)):
            yield replace(self, spare=self.spare[:index] + self.spare[index + 1 :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One viewer, what he may learn, and several ways in which the rest may look."""

    seed: int
    profile: Profile
    visible: Part
    sides: tuple[Part, ...]
    questions: tuple[Question, ...]
    prefixes: tuple[str, ...]
    newest: int
    acts: tuple[int, ...]


def public_id(label: str) -> str:
    """The public id of a labelled thing: random-looking, and the same in every database of a family."""
    return hashlib.sha256(label.encode()).hexdigest()[:32]


def make_family(seed: int, palette: Palette, sides: int = 2) -> Family:
    """A family; the same for the same seed."""
    chance = Random(seed)
    profile = chance.choice(palette.profiles)
    visible = _Visible(chance, palette, profile, seed).part()
    hidden = tuple(_Hidden(chance, palette, profile, visible, f"{seed}{'abcdefgh'[n]}").part() for n in range(sides))
    tied = _Ties(palette, profile, visible, seed)
    made = _Pieces(palette, profile, visible, seed)
    return Family(
        seed=seed,
        profile=profile,
        visible=made.visible(tied.visible()),
        sides=tuple(
            made.hidden(tied.hidden(side, prefix), prefix)
            for side, prefix in zip(hidden, (f"{seed}{letter}" for letter in "abcdefgh"), strict=False)
        ),
        questions=tuple(_questions(chance, visible, hidden)),
        prefixes=tuple(chance.sample(("j", "vr", "ma", "so", "br", "zy", "es", "per", "zz", "q"), 2)),
        newest=chance.choice((1, 2, 3, 5, 50)),
        acts=tuple(chance.sample(range(ACTS), 4)),
    )


def handlings_of(part: Part) -> list[int]:
    """The handlings that a part needs, each once, in the order of first use."""
    used = [each.handling for each in (*part.lines, *part.rulings, *part.pieces)]
    return list(dict.fromkeys([*used, *part.spare]))


class _Visible:
    def __init__(self, chance: Random, palette: Palette, profile: Profile, seed: int) -> None:
        self.chance, self.palette, self.profile, self.seed = chance, palette, profile, seed

    def part(self) -> Part:
        chance = self.chance
        lines: list[Line] = []
        gifts: dict[str, tuple[str, float]] = {}
        for index in range(chance.randint(2, 5)):
            owner = chance.choice(("nl-politie", "de-bka", "de-bka", "fr-dcpj"))
            if owner not in gifts or chance.random() < 0.6:
                gifts[owner] = (f"{self.seed}-gift-{index}", float(index))
            thing = chance.choice(("Person", "Person", "Person", "Vessel", "Company"))
            told_only = owner != "nl-politie" and chance.random() < 0.3
            lines += self._record(f"{self.seed}-record-{index}", owner, thing, gifts[owner], len(lines), told_only)
        seen = list(dict.fromkeys(line.record for line in lines if self._sight(line.handling) == "seen"))
        return Part(lines=tuple(lines), rulings=tuple(self._rulings(seen)), asked=tuple(self._asked(lines)))

    def _sight(self, handling: int) -> Sight:
        return self.palette.sight(self.profile, handling)

    def _record(
        self, label: str, owner: str, thing: str, gift: tuple[str, float], start: int, told_only: bool
    ) -> Iterator[Line]:
        seen = self.palette.handlings(self.profile, owner, "seen")
        told = self.palette.handlings(self.profile, owner, "told")
        few = self.chance.sample(seen, 2)
        for number, (name, value) in enumerate(claims(self.chance, thing, hidden=False)):
            pool = told if told_only or (told and self.chance.random() < 0.2) else few
            yield Line(
                label=f"{label}-{number}",
                at=float(start + number),
                gift=gift[0],
                gift_at=gift[1],
                record=label,
                owner=owner,
                thing=thing,
                property=name,
                value=value,
                handling=self.chance.choice(pool),
            )

    def _rulings(self, seen: Sequence[str]) -> Iterator[Ruling]:
        if len(seen) < 2:
            return
        for index in range(self.chance.choice((0, 1, 1, 2))):
            left, right = self.chance.sample(list(seen), 2)
            owner = self.chance.choice(("nl-politie", "de-bka"))
            yield Ruling(
                label=f"{self.seed}-ruling-{index}",
                left=left,
                right=right,
                ruling=self.chance.choice(("same", "same", "not_the_same")),
                owner=owner,
                handling=self.chance.choice(self.palette.handlings(self.profile, owner, "seen")),
            )

    def _asked(self, lines: Sequence[Line]) -> Iterator[Asked]:
        own = [line for line in lines if line.owner == "nl-politie" and line.property in _ASKABLE]
        if own:
            for index in range(self.chance.choice((0, 1, 1, 2))):
                yield Asked(at=float(index), text=self.chance.choice(own).value)


class _Unseen(TypedDict):
    handling: int
    current: bool


_ASKABLE = frozenset({"name", "alias", "passportNumber", "phone", "imoNumber"})


class _Hidden:
    def __init__(self, chance: Random, palette: Palette, profile: Profile, visible: Part, prefix: str) -> None:
        self.chance, self.palette, self.profile = chance, palette, profile
        self.visible, self.prefix = visible, prefix

    def part(self) -> Part:
        chance = self.chance
        lines: list[Line] = []
        for index in range(chance.choice((0, 1, 1, 2, 2, 3, 5))):
            lines += self._record(index)
        for index in range(chance.choice((0, 1, 2, 3))):
            lines.append(self._extra(index))
        spare = [
            handling
            for owner in ("fr-dcpj", "de-bka")
            for handling in chance.sample(self.palette.handlings(self.profile, owner, "hidden"), chance.randint(0, 2))
        ]
        return Part(
            lines=tuple(lines),
            rulings=tuple(self._rulings(lines)),
            asked=tuple(
                Asked(at=chance.uniform(-1, 3), text=chance.choice(ASKED_ELSEWHERE))
                for _ in range(chance.choice((0, 0, 0, 1)))
            ),
            spare=tuple(spare),
            order=chance.randrange(1 << 30),
        )

    def _record(self, index: int) -> Iterator[Line]:
        owner = self.chance.choice(("fr-dcpj", "fr-dcpj", "de-bka", "ve-cicpc", "nl-politie"))
        thing = self.chance.choice(("Person", "Person", "Vessel", "Company"))
        label, gift_at = f"{self.prefix}-record-{index}", self.chance.uniform(-1, 6)
        for number, (name, value) in enumerate(claims(self.chance, thing, hidden=self.chance.random() < 0.5)):
            yield Line(
                label=f"{label}-{number}",
                at=float(number),
                gift=f"{label}-gift",
                gift_at=gift_at,
                record=label,
                owner=owner,
                thing=thing,
                property=name,
                value=value,
                **self._unseen(owner),
            )

    def _extra(self, index: int) -> Line:
        """A hidden statement on a record of which the viewer sees something, in its contribution or in another."""
        beside = self.chance.choice(self.visible.lines)
        name, value = self.chance.choice(list(claims(self.chance, beside.thing, hidden=self.chance.random() < 0.6)))
        label = f"{self.prefix}-extra-{index}"
        inside = self.chance.random() < 0.5
        return Line(
            label=label,
            at=self.chance.uniform(-1, 12),
            gift=beside.gift if inside else f"{label}-gift",
            gift_at=beside.gift_at if inside else self.chance.uniform(-1, 6),
            record=beside.record,
            owner=beside.owner,
            thing=beside.thing,
            property=name,
            value=value,
            **self._unseen(beside.owner),
        )

    def _unseen(self, owner: str) -> _Unseen:
        """Under a handling that hides it; or withdrawn or in quarantine, under one that would not."""
        retired = self.chance.random() < 0.25
        used = [line.handling for line in self.visible.lines if line.owner == owner]
        if retired and used and self.chance.random() < 0.5:
            # Which handlings permit him something is among what the viewer may learn: so it is one in use.
            return {"handling": self.chance.choice(used), "current": False}
        pool = self.palette.handlings(self.profile, owner, "hidden")
        return {"handling": self.chance.choice(pool), "current": not retired}

    def _rulings(self, lines: Sequence[Line]) -> Iterator[Ruling]:
        seen = list(
            dict.fromkeys(
                line.record for line in self.visible.lines if self.palette.sight(self.profile, line.handling) == "seen"
            )
        )
        unseen = list(dict.fromkeys(line.record for line in lines if line.record.startswith(self.prefix)))
        for index in range(self.chance.choice((0, 0, 1, 2))):
            if unseen and self.chance.random() < 0.1:
                yield self._half_seen(index, seen + unseen, unseen)
                continue
            pool = self.chance.choice((seen, seen + unseen, unseen))
            if len(pool) < 2:
                continue
            left, right = self.chance.sample(pool, 2)
            owner = self.chance.choice(("fr-dcpj", "de-bka"))
            yield Ruling(
                label=f"{self.prefix}-ruling-{index}",
                left=left,
                right=right,
                ruling="same",
                owner=owner,
                handling=self.chance.choice(self.palette.handlings(self.profile, owner, "hidden")),
            )

    def _half_seen(self, index: int, records: Sequence[str], unseen: Sequence[str]) -> Ruling:
        """Under a handling that would show it, but taken back, or about a record that the viewer does not see."""
        left = self.chance.choice(unseen)
        right = self.chance.choice([record for record in records if record != left] or [self.visible.lines[0].record])
        used = self.chance.choice([line for line in self.visible.lines])
        return Ruling(
            label=f"{self.prefix}-ruling-{index}",
            left=left,
            right=right,
            ruling="same",
            owner=used.owner,
            handling=used.handling,
            revoked=self.chance.random() < 0.3,
        )


def claims(chance: Random, thing: str, *, hidden: bool) -> Iterator[tuple[str, str]]:
    """Values of one thing, a name first; drawn from values that both parts share, or from those of the hidden."""
    if thing == "Vessel":
        yield "name", chance.choice(HIDDEN_VESSELS if hidden else VESSELS)
        if chance.random() < 0.7:
            yield "imoNumber", chance.choice(HIDDEN_IMO if hidden else IMO)
        return
    names = HIDDEN_NAMES if hidden else NAMES
    yield "name", chance.choice(names)
    if chance.random() < 0.3:
        yield "alias", chance.choice(names)
    if chance.random() < 0.3:
        yield "phone", chance.choice(HIDDEN_PHONES if hidden else PHONES)
    if thing == "Person":
        if chance.random() < 0.5:
            yield "passportNumber", chance.choice(HIDDEN_PAPERS if hidden else PAPERS)
        if chance.random() < 0.5:
            yield "birthDate", chance.choice(BIRTHS)
        if chance.random() < 0.3:
            yield "nationality", chance.choice(COUNTRIES)


def _questions(chance: Random, visible: Part, sides: Sequence[Part]) -> Iterator[Question]:
    values = [line.value for line in visible.lines if line.property in _ASKABLE]
    unseen = [line.value for side in sides for line in side.lines if line.property in _ASKABLE]
    name = next(line.value for line in visible.lines if line.property == "name")
    yield Question(text=name, kind="name" if chance.random() < 0.5 else None)
    yield Question(text=chance.choice(values), birth_date=chance.choice(BIRTHS), nationality=chance.choice(COUNTRIES))
    yield Question(text=chance.choice(unseen or HIDDEN_NAMES))
    yield Question(text=chance.choice((*TYPING_ERRORS, *ABSENT)))
    kind, pool = chance.choice(
        (
            ("document", PAPERS + HIDDEN_PAPERS),
            ("document", PAPERS + HIDDEN_PAPERS),
            ("imo", IMO + HIDDEN_IMO),
            ("phone", PHONES + HIDDEN_PHONES),
            ("imo", ("12",)),
        )
    )
    yield Question(text=chance.choice(pool), kind=kind)


class _Ties:
    """Links between records of a family, seen and unseen; by chances of their own, so that the rest stays as it was."""

    def __init__(self, palette: Palette, profile: Profile, visible: Part, seed: int) -> None:
        self.chance = Random(f"{seed}-ties")
        self.palette, self.profile, self.part, self.seed = palette, profile, visible, seed
        self.records = list(dict.fromkeys(line.record for line in visible.lines))

    def visible(self) -> Part:
        """The visible part with links that the viewer sees, some of them to nothing."""
        lines: list[Line] = []
        for index in range(self.chance.choice((0, 1, 2, 3))):
            owner = self.chance.choice(("nl-politie", "de-bka"))
            # One end may be a record that is hidden in one of the databases, and absent from the other.
            ends = self.chance.choices([*self.records, *self.records, f"{self.seed}a-record-0"], k=2)
            handling = self.chance.choice(self.palette.handlings(self.profile, owner, "seen"))
            lines += self._link(f"{self.seed}-tie-{index}", owner, ends, handling, 20.0 + index)
        return replace(self.part, lines=(*self.part.lines, *lines))

    def hidden(self, side: Part, prefix: str) -> Part:
        """A hidden part with links that he does not see: between what he sees, and to what he does not."""
        unseen = [line.record for line in side.lines if line.record.startswith(prefix)]
        lines: list[Line] = []
        for index in range(self.chance.choice((0, 1, 2, 4))):
            owner = self.chance.choice(("fr-dcpj", "de-bka"))
            ends = [self.chance.choice(self.records), self.chance.choice([*self.records, *unseen])]
            handling = self.chance.choice(self.palette.handlings(self.profile, owner, "hidden"))
            label = f"{prefix}-tie-{index}"
            lines += self._link(label, owner, self.chance.sample(ends, 2), handling, self.chance.uniform(-1, 30))
        return replace(side, lines=(*side.lines, *lines))

    def _link(self, label: str, owner: str, ends: Sequence[str], handling: int, at: float) -> Iterator[Line]:
        for number, (name, end) in enumerate(zip(("subject", "object"), ends, strict=True)):
            yield Line(
                label=f"{label}-{number}", at=at + number / 2, gift=f"{label}-gift", gift_at=at, record=label,
                owner=owner, thing="UnknownLink", property=name, value=public_id(end), handling=handling,
            )  # fmt: skip


class _Pieces:
    """Pieces of work of a family, seen and unseen; by chances of their own, so that the rest stays as it was."""

    def __init__(self, palette: Palette, profile: Profile, visible: Part, seed: int) -> None:
        self.chance = Random(f"{seed}-pieces")
        self.palette, self.profile, self.seed = palette, profile, seed
        self.records = list(dict.fromkeys(line.record for line in visible.lines))
        self.used = {line.owner: line.handling for line in visible.lines}  # of each owner one that is in use

    def visible(self, part: Part) -> Part:
        """The visible part with pieces that the viewer may open; one of them may name what is hidden."""
        owner = self.chance.choice(("nl-politie", "de-bka"))
        handling = self.chance.choice(self.palette.handlings(self.profile, owner, "seen"))
        kinds = ("instrument", *self.chance.sample(PIECES[1:], 2))
        return replace(
            part,
            pieces=tuple(
                Piece(
                    label=f"{self.seed}-{kind}", kind=kind, owner=owner, handling=handling,
                    about=self.chance.choice([*self.records, f"{self.seed}a-record-0"]),
                )
                for kind in kinds
            ),
        )  # fmt: skip

    def hidden(self, side: Part, prefix: str) -> Part:
        """A hidden part with pieces under handlings that hide them, or withdrawn under one that would not."""
        pieces: list[Piece] = []
        for index in range(self.chance.choice((0, 1, 2, 3))):
            owner = self.chance.choice(("fr-dcpj", "de-bka"))
            withdrawn = owner in self.used and self.chance.random() < 0.3
            hidden = self.chance.choice(self.palette.handlings(self.profile, owner, "hidden"))
            kind = self.chance.choice(PIECES)
            pieces.append(
                Piece(
                    label=f"{prefix}-{kind}-{index}", kind=kind, owner=owner, about=self.chance.choice(self.records),
                    handling=self.used[owner] if withdrawn else hidden, withdrawn=withdrawn,
                )
            )  # fmt: skip
        return replace(side, pieces=tuple(pieces))
