"""Preparing: from a draft to statements ready to sign. Says what is wrong with a row, and loses no good one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from alidade.matching.folding import fold
from alidade.matching.generic_words import canonical_words, telling
from alidade.matching.identifiers import IdentifierError, normalise
from alidade.model.canonical import canonical_bytes, sha256_hex
from alidade.model.draft import Claim, Draft, Place, Problem
from alidade.model.errors import Invalid
from alidade.model.evaluation import Evaluation, read_evaluation
from alidade.model.handling import Handling
from alidade.store.name_index.rows import name_kind
from alidade.store.references import REFERS
from alidade.vocabulary import Property, Vocabulary

LONGEST_VALUE = 65_536
LONGEST_KEY = 200
_LONGEST_KEY = 160
_MOST_WORDS = 64
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_PUBLIC_ID = re.compile("[0-9a-f]{32}")
NOWHERE = Place(file="(form)", row=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class InternedHandling:
    """A handling with the number and digest under which the store knows it."""

    number: int
    digest: str
    handling: Handling

    @property
    def lacks_category(self) -> bool:
        """Whether it is for personal data of nobody knows which kind of person."""
        return self.handling.content == "personal" and self.handling.subject_category is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedClaim:
    """A claim that holds: its evaluation, its handling, and the keys by which a check finds it."""

    claim: Claim
    evaluation: Evaluation
    handling: InternedHandling
    lookups: tuple[tuple[str, str], ...]

    @property
    def content_key(self) -> str:
        """What makes two versions of the claim the same claim, as a digest."""
        return content_key(self.claim, self.evaluation, self.handling.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRecord:
    """A draft that holds."""

    draft: Draft
    claims: tuple[PreparedClaim, ...]
    quarantined: bool


class Preparer:
    """Prepares the drafts of one contribution."""

    def __init__(self, vocabulary: Vocabulary, handlings: Mapping[str, InternedHandling], scheme: str) -> None:
        if not handlings:
            raise Invalid(
                "Nothing is taken without handling.",
                remedy="State at least owner, purpose and audience.",
                code="handling_missing",
            )
        self._vocabulary = vocabulary
        self._handlings = handlings
        self._default = next(iter(handlings))
        self._scheme = scheme

    def prepare(self, draft: Draft) -> tuple[PreparedRecord | None, list[Problem]]:
        """The prepared record and remarks; or None and at least one fatal problem."""
        problems: list[Problem] = []
        if draft.thing not in self._vocabulary.things:
            return None, [_problem(draft, "thing", "thing_unknown", "This type of thing is not in the vocabulary.")]
        if not draft.key or len(draft.key) > LONGEST_KEY:
            return None, [_problem(draft, "key", "key_wrong", "The key is missing or longer than 200 characters.")]
        properties = self._vocabulary.properties_of(draft.thing)
        claims: list[PreparedClaim] = []
        for claim in draft.claims:
            prepared, problem = self._claim(draft, claim, properties)
            if problem is not None:
                problems.append(problem)
                if problem.fatal:
                    return None, problems
            if prepared is not None:
                claims.append(prepared)
        if not claims:
            problems.append(_problem(draft, "", "nothing_said", "Nothing can be kept of this row."))
            return None, problems
        quarantined = any(prepared.handling.lacks_category for prepared in claims)
        if quarantined:
            claims = [replace(prepared, lookups=()) for prepared in claims]
        return PreparedRecord(draft=draft, claims=tuple(claims), quarantined=quarantined), problems

    def _claim(
        self, draft: Draft, claim: Claim, properties: Mapping[str, Property]
    ) -> tuple[PreparedClaim | None, Problem | None]:
        name = claim.handling or draft.handling or self._default
        handling = self._handlings.get(name)
        if handling is None:
            return None, _problem(
                draft,
                claim.property,
                "handling_unknown",
                "The handling named here is not one of this contribution.",
            )
        definition = properties.get(claim.property)
        if definition is None:
            return None, _problem(
                draft,
                claim.property,
                "property_unknown",
                f"A {draft.thing} has no such property; the value is left out.",
                fatal=False,
            )
        wrong = _wrong_text(claim)
        if wrong is not None:
            return None, _problem(draft, claim.property, "value_wrong", wrong)
        category = handling.handling.subject_category
        if category is not None and not self._allowed(draft.thing, definition, category):
            return None, _problem(
                draft,
                claim.property,
                "field_not_allowed",
                f"The law does not let this be kept about a person of the category {category}"
                " (Annex II of Regulation (EU) 2016/794); the value is left out.",
                fatal=False,
            )
        try:
            evaluation = read_evaluation(claim.evaluation, self._vocabulary, scheme=self._scheme)
        except Invalid as error:
            return None, _problem(draft, claim.property, error.code, str(error))
        lookups = tuple(lookup_keys(definition, draft.thing, claim, self._vocabulary))
        return PreparedClaim(claim=claim, evaluation=evaluation, handling=handling, lookups=lookups), None

    def _allowed(self, thing: str, definition: Property, category: str) -> bool:
        if definition.category is None or not self._vocabulary.things[thing].personal:
            return True
        return definition.category in self._vocabulary.allowed_fields(category)


def lookup_keys(definition: Property, thing: str, claim: Claim, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The keys of the claim: an identifier in normal form, by which a check finds it; the words of a name; or the
    public id of the record that it refers to.
    """
    if claim.refers or definition.kind == "entity":
        if _PUBLIC_ID.fullmatch(claim.value):
            yield REFERS, claim.value
        return
    if definition.kind == "name":
        # Names are found in the index of names; their words stand here to be suggested.
        kind = name_kind(thing, vocabulary)
        for word in sorted(set(telling(canonical_words(fold(claim.value), kind)[:_MOST_WORDS], kind))):
            yield "name", fit_key("t:" + word)
    elif definition.identifier_kind is not None:
        try:
            identifier = normalise(definition.identifier_kind, claim.value)
        except IdentifierError:
            return  # kept as text all the same: the provider said it
        yield identifier.kind, fit_key(identifier.key)


def fit_key(key: str) -> str:
    """A key that fits the index: itself, or its digest where it is very long."""
    return key if len(key) <= _LONGEST_KEY else "#" + sha256_hex(key.encode())


def content_key(claim: Claim, evaluation: Evaluation, handling: str) -> str:
    """A digest of everything that a claim says, without ids: equal digests are the same claim said again."""
    return sha256_hex(
        canonical_bytes(
            {
                "property": claim.property,
                "value": claim.value,
                "original": claim.original,
                "language": claim.language,
                "evaluation": [evaluation.code, evaluation.given, evaluation.scheme, evaluation.original],
                "handling": handling,
                "from": claim.valid_from,
                "to": claim.valid_to,
            }
        )
    )


def fingerprint(claims: Iterable[PreparedClaim]) -> str:
    """One digest for all that a version of a record says, whatever the order."""
    return sha256_hex("\n".join(sorted(claim.content_key for claim in claims)).encode())


def _wrong_text(claim: Claim) -> str | None:
    for text in (claim.value, claim.original or "", claim.language or ""):
        if len(text) > LONGEST_VALUE:
            return f"The value is longer than {LONGEST_VALUE} characters."
        if _NO_TEXT.search(text):
            return "The value holds characters that are no text (NUL or half a letter)."
    if not claim.value.strip():
        return "The value is empty."
    return None


def _problem(draft: Draft, field: str, code: str, reason: str, *, fatal: bool = True) -> Problem:
    return Problem(place=draft.place or NOWHERE, field=field, code=code, reason=reason, fatal=fatal)
