"""The first run in the browser: the code from the terminal, invented data while one watches, the first check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from house import NARROW, Enter, House, made_once
from judged import problems
from rehearsed import PERSON


@pytest.fixture
def fresh_house(browser: Any, shared: Path, tmp_path: Path) -> Iterator[House]:
    """A node of its own that has not begun."""
    made = House(made_once(shared, empty=True), tmp_path / "home")
    yield made
    made.close()


def test_from_the_code_to_a_hit_with_invented_data(fresh_house: House, enter: Enter) -> None:
    visit = enter(at="fresh_house")
    page = visit.page
    visit.go("/")
    page.wait_for_url("**/begin/")
    page.fill("#id_code", visit.house.made["code"])
    page.click("button[value=invented]")
    page.wait_for_url("**/begin/invented/")
    assert problems(visit) == []
    for _ in range(300):
        if page.url.endswith("/begin/ready/"):
            break
        page.wait_for_timeout(200)
        visit.go("/begin/invented/")
    page.wait_for_url("**/begin/ready/")
    assert problems(visit) == []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # the library's own type of a size is no plain dict
    assert visit.sideways() <= 0
    page.locator("main form button").first.click()
    page.wait_for_url("**/my-day/")
    visit.go("/check/")
    page.fill("#id_text", PERSON)
    page.press("#id_text", "Enter")
    page.wait_for_url("**/check/*/")
    assert page.inner_text(".answer strong") == "HIT"
    assert problems(visit) == []
