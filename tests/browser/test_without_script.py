"""Without script every act of the core works: state grounds, check, rule, contribute, bring a list, change language."""

from __future__ import annotations

import pytest
from house import Enter, Visit
from rehearsed import ANALYST, HARBOUR, LIAISON, LIST, PERSON, PRIVACY


@pytest.fixture
def plain(enter: Enter) -> Visit:
    return enter(ANALYST, java_script_enabled=False)


def test_a_check_is_asked_and_judged(plain: Visit) -> None:
    page = plain.page
    plain.go("/check/")
    page.fill("#id_text", PERSON)
    page.click(".one-box button")
    assert page.inner_text(".answer strong") == "HIT"
    sheet = page.locator("details.handling").first
    sheet.locator("summary").click()
    assert sheet.locator(".sheet").is_visible()
    sheet.locator("summary").click()
    ruling = page.locator("form.ruling").first
    ruling.locator("select").select_option("same_context")
    ruling.locator("button").click()
    assert "Ruled: Same" in page.inner_text(".told")
    assert plain.wrongs == []


def test_purpose_and_case_are_stated_first(enter: Enter) -> None:
    visit = enter(HARBOUR, java_script_enabled=False)
    page = visit.page
    visit.go("/grounds/")
    page.select_option("#id_purpose", "18.2.a")
    page.select_option("#id_legal_ground", index=1)
    page.fill("#id_case", "CV-2026-9")
    page.fill("#id_justification", "control of a vessel in port")
    page.locator("main form button").first.click()
    assert page.inner_text(".pill-case") == "CV-2026-9"


def test_the_language_is_changed(plain: Visit) -> None:
    plain.go("/check/")
    plain.page.click(".language > summary")
    plain.page.click(".language button[value=fr]")
    assert plain.page.locator("html").get_attribute("lang") == "fr"
    assert plain.page.url.endswith("/check/")


def test_a_step_of_an_exchange_is_looked_at_and_sent(enter: Enter) -> None:
    visit = enter(LIAISON, java_script_enabled=False)
    page = visit.page
    visit.go(visit.house.made["addresses"]["paused thread"])
    page.get_by_role("link", name="Write a message").click()
    page.fill("#note", "We are still looking for the older numbers.")
    page.set_input_files("#file", files=[{"name": "list.txt", "mimeType": "text/plain", "buffer": b"one line\n"}])
    page.locator("button[name=do][value=preview]:not(.visually-hidden)").first.click()
    assert "This is what will be sent" in page.inner_text("#preview")
    assert "list.txt" in page.inner_text("#preview")
    page.locator("#preview button[value=send]").click()
    assert "We are still looking for the older numbers." in page.inner_text(".steps")
    assert visit.wrongs == []


def test_a_list_is_sorted_and_paged_by_addresses(enter: Enter) -> None:
    visit = enter(PRIVACY, java_script_enabled=False)
    visit.go("/directory/")
    heads = visit.page.locator("th a")
    assert heads.count() > 0
    heads.first.click()
    assert visit.page.locator("th[aria-sort]").count() == 1


def test_a_contribution_is_written_looked_at_and_given(plain: Visit) -> None:
    page = plain.page
    plain.go("/contribute/")
    page.locator("main button[name=thing][value=Person]").click()
    page.fill("#title", "Control at the gate")
    page.fill("[name=v-0-0-value]", "Casimir Lindholm")
    page.locator("[name$=communities][value=all]").check()
    page.locator("[name$=subject_category]").select_option("suspect_or_convicted")
    page.locator("main button[name=do][value=look]:not(.visually-hidden)").first.click()
    assert page.url.endswith("/look/"), page.inner_text("main")[:400]
    assert "Casimir Lindholm" in page.inner_text("main")
    page.locator("main form button.main").first.click()
    assert "signed by your authority" in page.inner_text(".told")
    assert plain.wrongs == []


def test_a_list_is_brought_and_ordered(plain: Visit) -> None:
    page = plain.page
    plain.go("/import/")
    page.set_input_files("#file", {"name": "seen.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.click("main form button.main")
    assert "/import/file/" in page.url
    page.fill("#source_list", "Without script")
    page.locator("main button[name=do][value=look]:not(.visually-hidden)").first.click()
    assert "What would become of the first rows" in page.inner_text("main")
    page.locator("main button[name=do][value=start]").first.click()
    assert "/import/job/" in page.url, page.inner_text("main")[:400]
    assert "Stop after the rows at hand" in page.inner_text("main")
