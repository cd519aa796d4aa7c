"""The pages in four languages: nothing missing, nothing lost from a sentence, each page in its own words."""

from __future__ import annotations

import html
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from personas import DE, Office, draft

from alidade.model.errors import Invalid
from alidade.vocabulary import load_vocabulary
from alidade.web.templatetags.alidade import day, moment, number, percent
from alidade.web.told import told, translated

SCRIPT = Path(__file__).parents[2] / "script" / "translations.py"
LANGUAGES = ("fr", "es", "pt", "pt_BR")
# As the address of the language in the framework: the sign-in library writes Portuguese this way.
SPOKEN = {"fr": "fr", "es": "es", "pt": "pt-pt", "pt_BR": "pt-br"}
HIT = {"fr": "concordance", "es": "coincidencia", "pt": "correspondência", "pt_BR": "correspondência"}

UNITS = {
    "%(count).0f kB",
    "%(count).1f MB",
    "%(count)d bytes",
    "%(hours)d h %(minutes)d min",
    "%(minutes)d min",
    "Final",
    "Original, %(language)s",
    "%(label)s: %(count)s",
    "%(step)s: %(authority)s",
    "Bits",
    "FollowTheMoney",
    "STIX 2.1",
}
# Words that are written alike in English and in the language.
ALIKE = {
    "fr": {
        "Articles", "Classification", "Code", "Contact", "Contribution", "Date", "Instrument", "Justification", "Note",
        "Parties", "Question", "Secret", "Source", "Type", "justification", "question %(id)s", "Message", "Urgent",
        "Version", "urgent", "version", "Copies", "%(n)d minute", "Contacts", "Contradictions", "Document", "Documents",
        "Obstacle", "Questions", "Structure", "Total", "Versions", "cycle", "port", "position", "Obstacles", "Experts",
        "Questionnaire", "original", *UNITS,
    },
    "es": {"No.", "no", "similar", "error", "original", "Total", *UNITS},
    "pt": {"original", "similar", "Total", *UNITS},
    "pt_BR": {"original", "similar", "Total", *UNITS},
}  # fmt: skip
# {0}, %(name)s, %s, and a per cent sign that stays one
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\d+\}|%[sd]|%%")
# What is typed into a terminal or a setting, and stays as it is.
TYPED = re.compile(r"\balidade (?:[a-z]+ )?[a-z_-]+(?=[.,;: ]|$)|--[a-z-]+|ALIDADE_[A-Z]+|/api/v1/\w+")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("script_translations", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks for its own module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source(script: ModuleType) -> Catalog:
    """The sentences as they stand in the sources now."""
    found: Catalog = script.collected(list(script.sentences()))
    return found


def messages(script: ModuleType, language: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each message with its English forms and its translated forms."""
    with (script.LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    for message in catalog:
        if message.id:
            yield message, _forms(message.id), _forms(message.string)


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text),)


def _differing(script: ModuleType, language: str, pattern: re.Pattern[str]) -> list[str]:
    """The sentences in which a translated form has other pieces of this shape than the English one.

    A singular may say the number or leave it out: “one record” and “1 record” are both right.
    """
    found = []
    for message, english, spoken in messages(script, language):
        for at, form in enumerate(spoken):
            allowed = [
                Counter(pattern.findall(english[min(at, len(english) - 1)])),
                Counter(pattern.findall(english[-1])),
            ]
            if Counter(pattern.findall(form)) not in allowed:
                found.append(_forms(message.id)[0])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_sources_is_translated(script: ModuleType, source: Catalog, language: str) -> None:
    catalog = script.merged(language, source)

    assert script.missing(catalog) == []
    assert len(catalog) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_that_of_the_sources_and_is_compiled(
    script: ModuleType, source: Catalog, language: str
) -> None:
    path = script.LOCALE / language / "LC_MESSAGES" / "django.po"

    assert path.read_bytes() == script.written(script.merged(language, source)), "run script/translate"
    assert path.with_suffix(".mo").read_bytes() == script.compiled(language), "run script/translate"


def test_the_shapes_of_filled_sentences_are_those_of_the_sources(script: ModuleType) -> None:
    filled = sorted({each.text for each in script.sentences() if each.filled})

    assert json.loads(script.FILLED.read_text(encoding="utf-8")) == filled


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_loses_or_adds_a_placeholder(script: ModuleType, language: str) -> None:
    assert _differing(script, language, PLACEHOLDER) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_can_be_filled_in(script: ModuleType, language: str) -> None:
    for message, english, spoken in messages(script, language):
        for form in spoken:
            names = re.findall(r"%\((\w+)\)", english[-1])
            if names:
                assert form % dict.fromkeys(names, 1), message.id
            if "{0}" in english[0]:
                assert "{" not in form.format(*"abcdef"), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_and_commands_stay_as_they_are(script: ModuleType, language: str) -> None:
    assert _differing(script, language, re.compile(r"<[^>]+>")) == []
    assert _differing(script, language, TYPED) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_in_english(script: ModuleType, language: str) -> None:
    alike = {english[0] for _, english, spoken in messages(script, language) if english[0] == spoken[0].strip()}

    assert alike <= ALIKE[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_its_source_does(script: ModuleType, language: str) -> None:
    ends = [
        english[0]
        for _, english, spoken in messages(script, language)
        if english[0][-1] in ".?:"
        and english[0].strip(" .")
        and any(form.strip()[-1] != english[0][-1] for form in spoken)
    ]

    assert ends == []


def test_french_keeps_its_spaces_and_apostrophes(script: ModuleType) -> None:
    for message, _, spoken in messages(script, "fr"):
        for form in spoken:
            assert "'" not in form, message.id
            prose = TYPED.sub("", re.sub(r"\w+://\S+", "", form))
            assert not re.search(r" [;:?!»]|« ", prose), f"a space that could break the line: {message.id}"
            assert not re.search(r"[^\s\d\u202f\u00a0:][;?!»](?:\s|$)", prose.replace("{0};", "")), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hit_is_called_as_the_vocabulary_calls_it(script: ModuleType, language: str) -> None:
    words = {english[0]: spoken[0] for _, english, spoken in messages(script, language)}

    assert HIT[language] in load_vocabulary().label("acts", "verdict", language)
    assert words["HIT"].lower() == HIT[language]
    assert HIT[language] in words["NO HIT"].lower()
    assert HIT[language] in words["HIT WITHOUT CONTENT"].lower()
    assert len({words["HIT"], words["NO HIT"], words["HIT WITHOUT CONTENT"]}) == 3


@pytest.mark.parametrize(
    ("language", "title", "room", "answer"),
    [
        ("fr", "Est-ce connu de quelqu’un\u202f?", "Ma journée", "AUCUNE CONCORDANCE"),
        ("es", "¿Lo conoce alguien?", "Mi jornada", "SIN COINCIDENCIA"),
        ("pt", "Alguém conhece isto?", "O meu dia", "SEM CORRESPONDÊNCIA"),
        ("pt_BR", "Alguém conhece isto?", "Meu dia", "SEM CORRESPONDÊNCIA"),
    ],
)
def test_a_page_speaks_the_language_that_was_chosen(
    office: Office, visit, language: str, title: str, room: str, answer: str
) -> None:
    client = visit(DE)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = SPOKEN[language]

    asking = client.get("/check/")
    shown = asking.content.decode()
    answered = client.get(client.post("/check/", {"text": "Jan Vermeulen"})["Location"]).content.decode()

    assert asking.headers["Content-Language"] == SPOKEN[language]
    assert f'<html lang="{SPOKEN[language]}">' in shown
    assert title in shown
    assert room in shown
    assert answer in answered
    for english in ("Is this known to anybody?", "My day", "NO HIT", "Purpose", "Sign out"):
        assert english not in shown + answered


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_found_record_is_shown_in_words_of_the_language(office: Office, visit, language: str) -> None:
    office.give(draft("k", name="Jan Vermeulen"))
    client = visit(DE)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = SPOKEN[language]

    shown = client.get(client.post("/check/", {"text": "Jan Vermeulen"})["Location"]).content.decode()

    assert f"<strong>{HIT[language].upper()}</strong>" in shown
    for label in (
        load_vocabulary().label("purposes", "18.2.a", language),
        load_vocabulary().label("legal_grounds", "criminal_investigation", language),
        load_vocabulary().things["Person"].label.in_(language),
    ):
        assert label in shown


@pytest.mark.parametrize(
    ("language", "absent"),
    [
        ("fr", "Votre autorité n’a fait, sous cette référence, aucune vérification que vous puissiez voir."),
        ("es", "Su autoridad no ha hecho con esta referencia ninguna consulta que usted pueda ver."),
        ("pt", ""),
        ("pt_BR", ""),
    ],
)
def test_what_is_not_there_is_said_in_the_language(office: Office, visit, language: str, absent: str) -> None:
    english = "Your authority has made no check with this reference that you may see."
    client = visit(DE)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = SPOKEN[language]

    answer = client.get("/check/" + "0" * 32 + "/")

    assert answer.status_code == 404
    shown = html.unescape(answer.content.decode())
    with translation.override(SPOKEN[language]):
        assert translation.gettext(english) in shown
    assert absent in shown
    assert english not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_with_something_filled_in_is_told_in_the_language(language: str) -> None:
    english = Invalid("There is no officer nl-politie/x.", remedy="At most 80 characters.")

    with translation.override(SPOKEN[language]):
        message, remedy = told(english)

    assert "nl-politie/x" in message
    assert message != english.message
    assert "80" in remedy
    assert remedy != english.remedy
    assert "{" not in message + remedy


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_are_translated_where_they_are_filled_in(language: str) -> None:
    with translation.override(SPOKEN[language]):
        passed = translated("The last day of a standing check has passed.")
        missing = translated("Before a check, state: legal ground, case.")
        spoken = [translation.gettext(word) for word in ("a standing check", "legal ground", "case")]

    assert spoken[0] in passed
    assert f"{spoken[1]}, {spoken[2]}" in missing
    assert "standing" not in passed
    assert "ground" not in missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shape_of_an_error_is_recognised_and_translated(script: ModuleType, language: str) -> None:
    """Each filled sentence, with something filled in, comes out translated and holds all that was filled in."""
    for shape in json.loads(script.FILLED.read_text(encoding="utf-8")):
        parts = [f"“{letter}”" for letter in "abcdef"][: len(set(re.findall(r"\{\d+\}", shape)))]
        with translation.override(SPOKEN[language]):
            spoken = translated(shape.format(*parts))
        assert spoken != shape.format(*parts), shape
        assert all(part in spoken for part in parts), shape


@pytest.mark.parametrize(
    ("language", "written", "at", "unknown"),
    [
        ("en", "21 Nov 2026", "21 Nov 2026, 14:03 UTC", "not known"),
        ("fr", "21 nov. 2026", "21 nov. 2026, 14:03 UTC", "inconnu"),
        ("es", "21 nov 2026", "21 nov 2026, 14:03 UTC", "no se sabe"),
        ("pt-pt", "21 nov. 2026", "21 nov. 2026, 14:03 UTC", None),
        ("pt-br", "21 nov. 2026", "21 nov. 2026, 14:03 UTC", None),
    ],
)
def test_dates_and_numbers_as_the_language_writes_them(
    language: str, written: str, at: str, unknown: str | None
) -> None:
    with translation.override(language):
        assert day(date(2026, 11, 21)) == written
        assert day("2026-11-21") == written
        assert day("1964-07") == "1964-07", "what is not a whole date stays as it was given"
        assert moment(datetime(2026, 11, 21, 14, 3, tzinfo=UTC)) == at
        assert number(1234567) == "1\u202f234\u202f567"
        assert percent(0.25) == "25\u202f%"
        if unknown is not None:
            assert day(None) == number(None) == unknown
