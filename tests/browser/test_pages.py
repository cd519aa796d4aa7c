"""Every page: both widths, light and dark, four languages; nothing serious for axe, nothing against the policy."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from house import NARROW, WIDE, Enter, Visit
from judged import serious, shape
from pages import NO_SIGHT, SIGHTS, Sight

LANGUAGES = ("fr", "es", "pt-pt")
SMALL = """[...document.querySelectorAll('main button, main .button, .rail a, .top summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
  .map(e => e.outerHTML.slice(0, 80))"""


def _named(patterns: list[Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            found |= _named(each.url_patterns, route)
        elif isinstance(each, URLPattern) and each.name and not route.startswith(("api/", "^api")):
            found.add(each.name)
    return found


def test_every_page_is_looked_at() -> None:
    named, seen = _named(get_resolver().url_patterns), {sight.name for sight in SIGHTS}
    assert named - seen - set(NO_SIGHT) == set(), "put these pages into tests/browser/pages.py"
    assert (seen | set(NO_SIGHT)) - named - {"absent"} == set(), "no longer there"
    assert seen & set(NO_SIGHT) == set()


def _marked(found: list[str], where: str) -> list[str]:
    return [f"{where}: {each}" for each in found]


def _look(visit: Visit, sight: Sight) -> list[str]:
    """Everything that is wrong with the page as it stands, at both widths, in light and in dark."""
    page, wrong = visit.page, shape(visit)
    wrong += _marked(serious(visit), "wide")
    wrong += _marked([f"wider than the window by {by} px"] if (by := visit.sideways()) > 0 else [], "wide")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the library's own type of a size is no plain dict
    wrong += _marked([f"wider than the window by {by} px"] if (by := visit.sideways()) > 0 else [], "narrow")
    wrong += _marked(serious(visit, without="color-contrast"), "narrow")
    wrong += _marked([f"too small for a thumb: {each}" for each in page.evaluate(SMALL)], "narrow")
    page.emulate_media(color_scheme="dark")
    wrong += _marked(serious(visit, only="color-contrast"), "dark")
    page.emulate_media(color_scheme="light")
    return wrong


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_a_page(sight: Sight, sit: Enter) -> None:
    visit = sit(sight.officer, at="empty_house" if sight.empty else "house")
    status = sight.open(visit)
    wrong = [] if status == sight.status else [f"status {status}"]
    wrong += _look(visit, sight)
    wrong += _after(visit, sight)
    for language in LANGUAGES:
        visit.speak(language)
        sight.open(visit)
        found = shape(visit, language) + _after(visit, sight)
        found += [f"wider than the window by {by} px"] if (by := visit.sideways()) > 0 else []
        wrong += _marked(found, language)
    assert not wrong, f"{sight} ({visit.page.url}):\n" + "\n".join(dict.fromkeys(wrong))


def _after(visit: Visit, sight: Sight) -> list[str]:
    """Troubles, but for the browser's own line about an answer that is meant to be an error."""
    told = visit.troubles()
    return [each for each in told if not (sight.status >= 400 and "Failed to load resource" in each)]


@pytest.mark.full
@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_a_page_in_every_way(sight: Sight, enter: Enter) -> None:
    wrong: list[str] = []
    for width, scheme, language in product((WIDE, NARROW), ("light", "dark"), ("en", *LANGUAGES, "pt-br")):
        at = "empty_house" if sight.empty else "house"
        visit = enter(sight.officer, at=at, viewport=width, color_scheme=scheme, language=language)
        status = sight.open(visit)
        found = [] if status == sight.status else [f"status {status}"]
        found += shape(visit, language) + serious(visit) + _after(visit, sight)
        found += [f"wider than the window by {by} px"] if (by := visit.sideways()) > 0 else []
        wrong += _marked(found, f"{width['width']} {scheme} {language}")
        visit.context.close()
    assert not wrong, f"{sight}:\n" + "\n".join(dict.fromkeys(wrong))
