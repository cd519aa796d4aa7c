"""A mutual evaluation as the pages show it: its course drawn, the team, the findings, and each recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from alidade.programme.answer_kinds import answer_kinds
from alidade.programme.evaluation_stages import due_label, need_label, stage_label, stages
from alidade.programme.evaluations import OTHER_STATES, follow_up_clock, told_to
from alidade.programme.lists import term
from alidade.programme.register import Texts, said_in
from alidade.programme.rounds import Cell, Recommendation
from alidade.services.directory_entries import directory_entries
from alidade.services.programme.evaluation_seen import Evaluated
from alidade.web.place import Desk

__all__ = ["addressee_name", "country_names", "evaluation_shown", "needs_shown"]


def country_names(desk: Desk) -> dict[str, str]:
    """The names of the States by their three letters."""
    return {each.alpha3: each.label.in_(desk.language) for each in desk.node.vocabulary.countries.values()}


def addressee_name(desk: Desk, recommendation: Recommendation) -> str:
    """To whom a recommendation goes, in words."""
    if recommendation.addressee == OTHER_STATES:
        return _("all other States")
    return country_names(desk).get(recommendation.addressee, recommendation.addressee)


def needs_shown(desk: Desk, seen: Evaluated) -> list[tuple[str, bool]]:
    """What must be there before the next stage, each with whether it is."""
    needs = stages()[seen.kept.body.stage].needs
    return [(need_label(each, desk.language), each not in seen.lacking) for each in needs]


def evaluation_shown(desk: Desk, seen: Evaluated) -> dict[str, Any]:
    """Everything that the pages of one evaluation have in common."""
    course, countries, language = seen.kept.body, country_names(desk), desk.language
    draft = seen.draft.body if seen.draft is not None and course.adopted_on is None else None
    source = draft if draft is not None else course
    clock = follow_up_clock()
    names = {str(each.id): each.name for each in directory_entries(desk.node, desk.administrator)}
    return {
        "seen": seen,
        "course": course,
        "reference": seen.kept.reference,
        "state": countries.get(course.state, course.state),
        "title": said_in(course.title, language)[0],
        "stage": stage_label(course.stage, language),
        "steps": [
            {
                "label": stage_label(each.stage, language),
                "state": each.state,
                "day": seen.kept.made_at.date() if each.stage == "questionnaire" else each.day,
            }
            for each in seen.passages
        ],
        "due": None if seen.due is None else {"what": due_label(seen.due.what, language), "due": seen.due},
        "lacking": [need_label(each, language) for each in seen.lacking],
        "team": [
            {
                "state": countries.get(each.state, each.state),
                "authority": names.get(each.authority, each.authority),
                "field": each.field,
            }
            for each in course.experts
        ],
        "from_draft": draft is not None,
        "findings": _said(source.findings, language),
        "good_practices": _said(source.good_practices, language),
        "recommendations": [_recommendation(desk, seen, each) for each in source.recommendations],
        "comments": [
            {
                "by": names.get(each.authority, each.authority),
                "none": each.body.none,
                "text": said_in(each.body.text, language)[0],
            }
            for each in seen.comments
        ],
        "moves": [
            {"stage": stage_label(each.stage, language), "day": each.day, "reason": each.reason}
            for each in reversed(course.moves)
        ],
        "clock": clock.label.in_(language),
        "clock_source": clock.source.act,
        "clock_verified": clock.verified,
    } | _rounds(seen, language)


def _rounds(seen: Evaluated, language: str) -> dict[str, Any]:
    asked = seen.questionnaire
    return {
        "questionnaire": "" if asked is None else said_in(asked.body.title, language)[0],
        "rounds": [
            (each.kept.reference, said_in(each.kept.body.title, language)[0], each.kept.body.cut_off)
            for each in seen.follow_ups
            if each.kept is not None
        ],
    }


def _said(texts: Sequence[Texts], language: str) -> list[str]:
    return [said_in(each, language)[0] for each in texts]


def _recommendation(desk: Desk, seen: Evaluated, each: Recommendation) -> dict[str, Any]:
    language, course = desk.language, seen.kept.body
    standing = seen.standings.get(each.number)
    return {
        "number": each.number,
        "text": said_in(each.text, language)[0],
        "addressee": addressee_name(desk, each),
        "group": told_to(each, course.state),
        "comment": [
            said_in(comments.body.on[each.number], language)[0]
            for comments in seen.comments
            if each.number in comments.body.on
        ],
        "address": reverse("measure", args=[course.instrument, each.number]) if standing is not None else "",
        "status": ""
        if standing is None or standing.status is None
        else term("measure_statuses", standing.status, language),
        "verified": standing is not None and standing.verified,
        "replies": [
            {
                "state": country_names(desk).get(cell.state, cell.state),
                "kind": _kind(cell, language),
                "text": _text(cell, language),
            }
            for follow_up in seen.follow_ups
            for cell in follow_up.cells.values()
            if cell.question == each.number
        ],
    }


def _kind(cell: Cell, language: str) -> str:
    return "" if cell.kind is None else answer_kinds()[cell.kind].label.in_(language)


def _text(cell: Cell, language: str) -> str:
    return "" if cell.part is None else said_in(cell.part.text, language)[0]
