"""The link chart in the browser: begun, opened, undone, kept, shared; opened by another authority; without a mouse."""

from __future__ import annotations

from house import Enter, Visit
from rehearsed import ANALYST, CASE

ROWS = "document.querySelectorAll('#chart-things tbody tr').length"


def _rows(visit: Visit) -> int:
    return int(visit.page.evaluate(ROWS))


def test_from_a_thing_to_a_chart_that_another_authority_opens(enter: Enter) -> None:
    ours = enter(ANALYST)
    page = ours.page
    ours.go(ours.house.made["addresses"]["chart begun"])
    ours.until("document.querySelector('#chart-canvas canvas') !== null")
    begun = _rows(ours)
    assert begun > 1

    # Opened by the keys: arrows choose, Enter opens; undone by Ctrl-Z and done again by Ctrl-Y.
    page.focus("#chart-canvas")
    page.keyboard.press("ArrowRight")
    ours.until("document.querySelector('#chart-chosen .facts') !== null")
    page.keyboard.press("Delete")
    ours.until(f"{ROWS} < {begun}")
    page.keyboard.press("Control+z")
    ours.until(f"{ROWS} === {begun}")
    page.keyboard.press("Control+y")
    ours.until(f"{ROWS} < {begun}")
    page.keyboard.press("Control+z")
    page.keyboard.press("?")
    ours.until("document.getElementById('chart-keys').open")
    page.keyboard.press("Escape")

    # A note, kept under a title, with an address of its own.
    page.click("[data-tool=note]")
    page.fill("#chart-note", "Ask the port before the action day.")
    page.click("#chart-chosen button.main")
    page.fill("#chart-name", "Who met whom")
    page.click("#chart-keep button.main")
    ours.until("location.pathname.startsWith('/picture/chart/')")
    address = page.evaluate("location.pathname")
    assert ours.troubles() == []

    # Before it is shared another authority finds nothing there; then the chart as its officer may see it.
    theirs = enter(CASE)
    assert theirs.go(address) == 404
    ours.go(f"{address}share/")
    page.check("input[name=h-communities][value=all]")
    page.select_option("select[name=h-subject_category]", "suspect_or_convicted")
    page.click("main form button.main")
    ours.until(f"location.pathname === '{address}'")
    assert page.inner_text("h1") == "Who met whom"
    seen = _rows(ours)
    assert theirs.go(address) == 200
    theirs.until("document.querySelector('#chart-canvas canvas') !== null")
    assert _rows(theirs) <= seen
    assert "Ask the port" in theirs.page.evaluate("document.getElementById('chart').textContent")
    assert theirs.page.locator("a[href$='/share/']").count() == 0
