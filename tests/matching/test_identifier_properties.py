"""What holds for every text: one key, the same again from the readable form, and no other error than ours."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alidade.matching.identifiers import IDENTIFIER_KINDS, Identifier, IdentifierError, guess_kinds, normalise

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
NEAR = st.text("0123456789ABCDEFXYZabcxht +-./:@[]()%#?=&_\u00a0\u0412\u0391\u0663ß京", max_size=60)
PATTERNS = st.one_of(
    st.from_regex(re.compile(r"(?:IMO ?)?[0-9]{7}"), fullmatch=True),
    st.from_regex(re.compile(r"[A-Z]{3}[UJZ][0-9]{6,7}"), fullmatch=True),
    st.from_regex(re.compile(r"[A-HJ-NPR-Z0-9]{17}"), fullmatch=True),
    st.from_regex(re.compile(r"(?:\+|00)?[0-9]{1,3}[ -]?[0-9]{4,12}(?: ext [0-9]{1,4})?"), fullmatch=True),
    st.from_regex(
        re.compile(r"(?:hxxps?|http|ftp)://(?:www\.)?[a-zäß0-9-]{1,9}\[?\.\]?[a-z]{2,4}[/a-z%?#=é0-9]{0,20}"),
        fullmatch=True,
    ),
    st.from_regex(re.compile(r"[A-Za-z.+]{1,9}(?:@|\[at\])[a-zäß0-9-]{1,9}\.[a-z]{2,4}"), fullmatch=True),
    st.from_regex(re.compile(r"(?:bc1|ltc1|0x|1|3|r|T|4)[0-9a-zA-Z]{20,100}"), fullmatch=True),
)
KINDS = st.sampled_from(IDENTIFIER_KINDS)
COUNTRIES = st.sampled_from([None, "ES", "US", "RU", "BR", "FR", "XX"])


def _read(kind: str, text: str, country: str | None = None) -> Identifier | None:
    try:
        return normalise(kind, text, country=country)  # type: ignore[arg-type]
    except IdentifierError as error:
        refusal = str(error)
    assert len(text.strip()) < 6 or text.strip() not in refusal
    return None


@settings(max_examples=600, derandomize=True, deadline=None)
@given(kind=KINDS, text=st.one_of(ANY_TEXT, NEAR, PATTERNS), country=COUNTRIES)
@example(kind="web", text="%%3a.b/%%aa", country=None)
@example(kind="web", text="www.www.a.b", country=None)
@example(kind="document", text="ŉ1", country=None)
@example(kind="email", text="a@\u3002", country=None)
@example(kind="phone", text="00", country="XX")
def test_reading_the_readable_form_again_gives_the_same_key(kind: str, text: str, country: str | None) -> None:
    identifier = _read(kind, text, country)
    if identifier is None:
        return
    again = _read(kind, identifier.shown)
    assert again is not None
    assert again.key == identifier.key
    assert _read(kind, text, country) == identifier
    assert identifier.kind == kind
    assert 0 < len(identifier.key) <= 256


@settings(max_examples=60, derandomize=True, deadline=None)
@given(kind=KINDS, text=st.text(st.characters(codec="utf-8"), max_size=10_000))
@example(kind="document", text="\x00" * 10_000)
@example(kind="web", text="[" * 10_000)
@example(kind="email", text="@" * 256)
@example(kind="crypto", text="1" * 110)
def test_no_text_makes_anything_but_our_own_error(kind: str, text: str) -> None:
    _read(kind, text)
    assert len(guess_kinds(text)) == len(set(guess_kinds(text)))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(text=st.one_of(NEAR, PATTERNS))
def test_guessed_kinds_can_be_read(text: str) -> None:
    for kind in guess_kinds(text):
        assert normalise(kind, text.strip()).key
