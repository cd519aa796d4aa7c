"""The map in the browser: drawn offline, walked by keyboard, its time set back, and a sign leads to its thing."""

from __future__ import annotations

from house import Enter
from rehearsed import ANALYST

SIGNS = "document.querySelectorAll('#map-canvas .map-sign').length"


def test_from_the_map_to_the_page_of_a_thing(enter: Enter) -> None:
    ours = enter(ANALYST)
    page = ours.page
    assert ours.go("/picture/map/") == 200
    ours.until("document.getElementById('map-canvas').dataset.ready === 'yes'")
    assert page.evaluate("document.getElementById('map-figure').hidden")
    assert page.locator("#map-canvas canvas").count() >= 1
    drawn = page.evaluate(SIGNS)
    assert drawn > 2

    # Nearer by the keys of the map; what lay on one another comes apart or goes out of sight.
    page.focus("#map-canvas")
    page.keyboard.press("Minus")
    ours.until(f"{SIGNS} !== {drawn}")

    # Before the first day nothing that has a date is left, and the page says what is shown.
    page.evaluate(
        "const s = document.getElementById('map-until'); s.value = s.min; s.dispatchEvent(new Event('input'))"
    )
    assert "2025" in page.inner_text("#map-until-said")

    # A sign is reached by Tab and opened by Enter: a single one leads to its page, several are listed beside.
    many = page.locator("#map-canvas .map-sign.many")
    many.first.focus()
    page.keyboard.press("Enter")
    ours.until("document.activeElement.matches('#map-chosen a[href^=\"/entity/\"]')")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.split("/")[3] == "entity"
    assert ours.troubles() == []
