"""Without a mouse: the keys that the pages promise, the order of Tab, the ring, and the way back out of everything."""

from __future__ import annotations

import pytest
from house import NARROW, Enter, Visit
from rehearsed import ANALYST, LIAISON, PERSON, PRIVACY

RING = "(e => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)])(document.activeElement)"
SEEN = """(e => {
  const r = e.getBoundingClientRect(), s = getComputedStyle(e)
  const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2
  return [e.outerHTML.slice(0, 90), ring, r.width > 0 && r.height > 0]
})(document.activeElement)"""


def _tabs(visit: Visit, most: int = 150) -> list[str]:
    """Everything that Tab reaches, in order, until it leaves the page; each must be visible and show the ring."""
    reached: list[str] = []
    for _ in range(most):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement === document.body"):
            return reached
        html, ring, visible = visit.page.evaluate(SEEN)
        assert ring, f"no focus ring: {html}"
        assert visible, f"the focus is on something that nobody sees: {html}"
        if reached and html == reached[0] and len(reached) > 3:
            return reached
        reached.append(html)
    raise AssertionError(f"Tab does not leave the page: {reached[-6:]}")


def _tab_to(visit: Visit, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is on the element."""
    for _ in range(most):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert visit.page.evaluate(SEEN)[1], f"no focus ring on {selector}"
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_skip_link_is_first_and_leads_past_the_rail(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/hits/")
    visit.page.keyboard.press("Tab")
    assert visit.focused() == "a.skip"
    assert visit.page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    visit.page.keyboard.press("Enter")
    visit.until("document.activeElement.id === 'main'")
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("address", ["/my-day/", "/contribute/"])
def test_tab_passes_everything_and_leaves(address: str, enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go(address)
    visit.page.evaluate("document.activeElement.blur()")
    reached = _tabs(visit)
    assert len([html for html in reached if html.startswith("<a") or html.startswith("<summary")]) > 6


def test_the_rail_and_the_pages_of_a_room(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/my-day/")
    _tab_to(visit, ".rail a[href='/check/']")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/check/")
    visit.page.evaluate("document.activeElement.blur()")
    _tab_to(visit, ".leaves a[href='/notices/']")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/notices/")
    assert visit.page.locator("[aria-current=page]").inner_text() == "Who asked about ours"


def test_the_keys_to_the_box_and_the_list_of_keys(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/notices/")
    visit.page.keyboard.press("/")
    assert visit.focused() == "input#jump"
    assert visit.page.input_value("#jump") == ""
    visit.page.keyboard.type("a/b?")
    assert visit.page.input_value("#jump") == "a/b?", "keys are letters while somebody types"
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("Control+k")
    assert visit.focused() == "input#jump"
    visit.page.evaluate("document.activeElement.blur()")
    visit.page.keyboard.press("?")
    assert visit.until("document.getElementById('keys').open")
    assert visit.page.evaluate("document.getElementById('keys').contains(document.activeElement)")
    visit.page.keyboard.press("Escape")
    visit.until("!document.getElementById('keys').open")
    assert visit.troubles() == []


def test_the_box_takes_a_command_and_a_number(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/my-day/")
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("directory")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/directory/")
    visit.page.keyboard.press("/")
    visit.page.keyboard.type("IMO 2004177")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/jump/")
    assert "Nothing was asked yet" in visit.page.inner_text("main")
    assert visit.page.input_value("#id_text") == "IMO 2004177"


def test_a_check_is_asked_read_and_judged_by_keyboard(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/check/")
    assert visit.focused() == "input#id_text", "the box is where the work begins"
    visit.page.keyboard.type(PERSON)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/check/*/")
    assert visit.page.inner_text(".answer strong") == "HIT"

    _tab_to(visit, "article.hit details.handling > summary")
    visit.page.keyboard.press("Enter")
    assert visit.until("document.querySelector('details.handling[open] .sheet')?.checkVisibility()")
    visit.page.keyboard.press("Escape")
    visit.until("!document.querySelector('details.handling[open]')")
    assert visit.page.evaluate("document.activeElement.matches('details.handling > summary')"), "the focus comes back"

    _tab_to(visit, "article.hit select[name=reason]")
    visit.page.keyboard.type("Same")
    hit = visit.page.evaluate("document.activeElement.id.replace('reason-', '')")
    assert visit.page.evaluate("document.activeElement.value") != ""
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.type("seen on the spot")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**#hit-{hit}")
    assert "Ruled: Same" in visit.page.inner_text(".told")
    assert visit.troubles() == []


def test_the_keys_of_a_list(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/hits/")
    here = "[...document.querySelectorAll('.list tbody tr')].findIndex(row => row.classList.contains('here'))"
    assert visit.page.evaluate(here) == -1
    for key, row in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        visit.page.keyboard.press(key)
        assert visit.page.evaluate(here) == row
        assert visit.page.evaluate(RING)[0] != "none"
    wanted = visit.page.locator(".list tbody tr.here").get_attribute("data-address")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"**{wanted}")
    visit.page.go_back()
    assert visit.page.url.endswith("/hits/")


def test_one_key_begins_the_step_of_the_chosen_exchange(enter: Enter) -> None:
    visit = enter(LIAISON)
    visit.go("/inbox/?folder=all")
    first = visit.page.locator("tr.here").get_attribute("data-thread")
    visit.page.keyboard.press("j")
    second = visit.page.locator("tr.here").get_attribute("data-thread")
    assert first != second
    visit.page.keyboard.press("k")
    visit.page.keyboard.press("r")
    visit.page.wait_for_url(f"**/threads/{first}/step/refuse/")
    assert visit.troubles() == []
    visit.page.go_back()
    visit.go(f"/threads/{first}/")
    visit.page.keyboard.press("a")
    visit.page.wait_for_url(f"**/threads/{first}/step/answer/")


def test_a_file_goes_in_pieces_and_the_draft_saves_itself(enter: Enter) -> None:
    visit = enter(LIAISON)
    visit.go(visit.house.made["addresses"]["thread.step"])
    content = b"one line of a text\n" * 80_000  # more than one piece
    visit.page.set_input_files("#file", files=[{"name": "list.txt", "mimeType": "text/plain", "buffer": content}])
    visit.until("document.querySelector('[name=attachment]')?.value", seconds=20)
    visit.until("document.querySelector('[name=draft]').value", seconds=20)
    visit.page.locator("button[name=do][value=preview]:not(.visually-hidden)").first.click()
    visit.page.wait_for_selector("#preview")
    assert "list.txt" in visit.page.inner_text(".uploads")


def test_a_list_is_filtered_and_its_columns_chosen(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/directory/")
    rows = "[...document.querySelectorAll('.list tbody tr')].filter(row => row.checkVisibility()).length"
    every = visit.page.evaluate(rows)
    _tab_to(visit, "[data-filter]")
    visit.page.keyboard.type("brazil")
    visit.until(f"{rows} === 1")
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.press("Delete")
    visit.until(f"{rows} === {every}")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    column = visit.page.evaluate("document.activeElement.dataset.column")
    before = visit.page.locator(f"th[data-column={column}]").is_visible()
    visit.page.keyboard.press("Space")
    assert visit.page.locator(f"th[data-column={column}]").is_visible() is not before
    visit.page.keyboard.press("Escape")
    visit.until("!document.querySelector('details.columns[open]')")
    assert visit.page.evaluate("document.activeElement.matches('details.columns > summary')")


def test_menus_close_with_escape_and_give_the_focus_back(enter: Enter) -> None:
    visit = enter(ANALYST)
    visit.go("/my-day/")
    for selector in (".acting details.menu > summary", "summary.pill", ".language > summary"):
        visit.page.evaluate("document.activeElement.blur()")
        _tab_to(visit, selector)
        visit.page.keyboard.press("Enter")
        visit.until("document.querySelector('.top details.menu[open] .sheet')?.checkVisibility()")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.closest('.sheet') !== null"), selector
        visit.page.keyboard.press("Escape")
        visit.until("!document.querySelector('.top details.menu[open]')")
        assert visit.page.evaluate("selector => document.activeElement.matches(selector)", selector)


def test_a_menu_stands_within_a_narrow_window(enter: Enter) -> None:
    visit = enter(ANALYST, viewport=NARROW)
    visit.go("/my-day/")
    for selector in (".acting details.menu > summary", "summary.pill", ".language > summary"):
        visit.page.click(selector)
        box = visit.page.locator(".top details.menu[open] .sheet").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]
        assert box["y"] + box["height"] <= NARROW["height"]
        visit.page.keyboard.press("Escape")


def test_what_the_keyboard_is_on_is_never_behind_the_bar_at_the_bottom(enter: Enter) -> None:
    visit = enter(PRIVACY, viewport=NARROW)
    visit.go("/queries/")
    bar = "document.querySelector('.rail').getBoundingClientRect().top"
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.closest('.rail, body > *') === null"):
            break
        if visit.page.evaluate("document.activeElement.closest('main') !== null"):
            low = visit.page.evaluate("document.activeElement.getBoundingClientRect().top")
            assert low < visit.page.evaluate(bar), visit.page.evaluate("document.activeElement.outerHTML.slice(0, 90)")


def test_colours_chosen_by_the_system_are_enough(enter: Enter) -> None:
    """Where the system takes the colours away, the marked row, the marked room and the ring are still told apart."""
    visit = enter(ANALYST, forced_colors="active")
    visit.go("/check/")
    room = ".rail a[aria-current]"
    assert visit.page.evaluate(f"getComputedStyle(document.querySelector('{room}')).fontWeight") == "600"
    visit.page.keyboard.press("Tab")
    assert visit.page.evaluate(RING)[0] != "none"
