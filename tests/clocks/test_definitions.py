from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from alidade.clocks import ClockDefinition, Length, load_clocks
from alidade.clocks.definitions import FILE, load_counting, load_starts, read_clocks
from alidade.vocabulary import DamagedVocabulary

CLOCKS = load_clocks()

#: The table of clocks of the domain reference, row by row.
TABLE = {
    "police_request_urgent_direct": ("hours", 8, "receipt", "breach", True),
    "police_request_urgent_indirect": ("calendar_days", 3, "receipt", "breach", True),
    "police_request_other": ("calendar_days", 7, "receipt", "breach", True),
    "aro_request_urgent_direct": ("hours", 8, "receipt", "breach", False),
    "aro_request_urgent_indirect": ("calendar_days", 3, "receipt", "breach", False),
    "aro_request_other": ("calendar_days", 7, "receipt", "breach", False),
    "freezing_recognition_urgent": ("hours", 48, "receipt", "breach", True),
    "freezing_execution_urgent": ("hours", 48, "decision", "breach", True),
    "confiscation_recognition": ("calendar_days", 45, "receipt", "breach", True),
    "eio_acknowledgement": ("weeks", 1, "receipt", "breach", False),
    "eio_recognition": ("calendar_days", 30, "receipt", "breach", True),
    "eio_execution": ("calendar_days", 90, "decision", "breach", True),
    "eio_provisional_measure": ("hours", 24, "receipt", "breach", False),
    "pre_export_reply": ("working_days", 15, "sending", "silence", True),
    "export_authorisation_decision": ("working_days", 15, "complete_file", "breach", True),
    "export_authorisation_validity": ("months", 6, "issue", "lapse", True),
    "ews_focal_point_reply": ("weeks", 2, "question", "breach", True),
    "ews_initial_report": ("weeks", 5, "request_for_information", "breach", True),
    "ews_initial_report_several": ("weeks", 6, "request_for_information", "breach", True),
    "ews_request_for_assessment": ("weeks", 2, "initial_report", "none", True),
    "ews_risk_assessment": ("weeks", 6, "request_for_assessment", "breach", True),
    "europol_relevance_test": ("months", 6, "receipt", "delete", True),
    "europol_category_check": ("months", 18, "in_scope_finding", "delete", True),
    "europol_storage_review": ("years", 3, "first_processing", "delete", True),
    "europol_sensitive_data": ("years", 5, "storage", "notify", True),
    "sis_review_arrest_missing": ("years", 5, "entry", "delete", True),
    "sis_review_judicial_unknown": ("years", 3, "entry", "delete", True),
    "sis_review_check_preventive": ("years", 1, "entry", "delete", True),
    "sis_review_objects": ("years", 10, "entry", "delete", True),
    "sis_purpose_achieved": ("calendar_days", 15, "sirene_notice", "delete", True),
    "sis_hidden_arrest_alert": ("hours", 48, "activation", "lapse", True),
    "sis_located_child": ("hours", 12, "location", "breach", True),
    "sis_log_retention": ("years", 3, "log_creation", "delete", True),
    "sis_history_log_retention": ("years", 3, "alert_deletion", "delete", True),
    "tco_removal_order": ("hours", 1, "receipt", "breach", False),
    "honlea_answer": ("weeks", 12, "sending", "silence", False),
    "empact_report": ("months", 6, "cycle", "none", False),
    "hrcn_mapping": ("years", 2, "last_edition", "none", False),
    "socta": ("years", 4, "last_edition", "none", False),
    "socta_mid_term": ("years", 2, "last_edition", "none", False),
    "asset_recovery_strategy": ("years", 5, "adoption", "breach", True),
    "mutual_evaluation_follow_up": ("months", 18, "report_adoption", "none", False),
    "agreed_reply": ("calendar_days", 30, "receipt", "none", True),
}


def test_the_table_is_complete() -> None:
    assert set(CLOCKS) == set(TABLE)


@pytest.mark.parametrize("code", TABLE)
def test_each_row_says_what_the_table_says(code: str) -> None:
    clock = CLOCKS[code]
    found = (clock.unit, clock.length.count, clock.starts, clock.if_missed.kind, clock.verified)
    assert found == TABLE[code]
    assert clock.starts in load_starts()
    assert clock.counting in load_counting()
    assert clock.source.act
    assert clock.if_missed.label.in_("pt-BR")
    assert len({clock.label.in_(each) for each in ("en", "fr", "es", "pt")}) >= 3


def test_what_the_law_lets_happen_to_a_clock() -> None:
    police = CLOCKS["police_request_other"]
    assert police.suspendable
    assert police.may_overrun
    assert not police.extendable
    assert police.if_missed.statistic
    assert CLOCKS["europol_category_check"].at_most == Length(unit="years", count=3)
    assert CLOCKS["sis_review_objects"].warn_before == (Length(unit="months", count=4),)
    assert CLOCKS["asset_recovery_strategy"].first_due_on == date(2027, 5, 24)
    assert CLOCKS["europol_storage_review"].repeats
    assert not any(clock.counting_verified for clock in CLOCKS.values())


def test_nobody_can_change_what_was_loaded() -> None:
    with pytest.raises(TypeError):
        CLOCKS["police_request_other"] = CLOCKS["socta"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        CLOCKS["socta"].code = "other"  # type: ignore[misc]
    assert isinstance(CLOCKS["socta"], ClockDefinition)


def _file() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(FILE.read_bytes())
    return found


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "police_request_urgent_indirect"}, "'police_request_urgent_indirect': stands twice"),
        ({"starts": "dawn"}, "runs from 'dawn', which the file does not name"),
        ({"at_most": {"unit": "years", "count": 3}}, "has a longest time but cannot be extended"),
        ({"first_due_on": "2027-05-24"}, "names a first day but does not repeat"),
        ({"length": {"unit": "fortnights", "count": 1}}, "fortnights"),
        ({"length": {"unit": "hours", "count": 0}}, ">= 1"),
        ({"hurry": True}, "hurry"),
        ({"label": {"en": "x", "fr": "x", "es": "x", "pt": ""}}, "length >= 1"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(change: dict[str, Any], reason: str) -> None:
    whole = _file()
    whole["entries"][0] |= change
    with pytest.raises(DamagedVocabulary, match=reason):
        read_clocks(msgspec.json.encode(whole))


def test_a_cut_file_is_damaged() -> None:
    with pytest.raises(DamagedVocabulary, match=r"clocks\.json"):
        read_clocks(FILE.read_bytes()[:-50])
