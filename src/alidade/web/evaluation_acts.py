"""What an officer can do with a mutual evaluation now, and how its pages speak of what was refused."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from alidade.model.errors import Conflict, Invalid, NotFound
from alidade.programme.evaluation_stages import StageCode, stages
from alidade.programme.evaluations import told_to
from alidade.services.programme.evaluation_seen import Evaluated
from alidade.web.errors import told
from alidade.web.place import Desk

__all__ = ["acts_now", "groups_to_ask", "refused", "stage_after", "takes_back", "version_sent", "whole"]


def acts_now(desk: Desk, seen: Evaluated) -> list[tuple[str, str]]:
    """What this officer can do now: address and words, the main one first."""
    found = _of_holder(seen) if seen.own and desk.may("round_manage") else []
    if seen.of_state and desk.may("round_answer"):
        found += _of_state(seen)
    return found


def _of_holder(seen: Evaluated) -> list[tuple[str, str]]:
    course, ready = seen.kept.body, not seen.lacking
    allowed, after = stages()[course.stage].allows, stage_after(course.stage)
    names: list[tuple[str, str]] = []
    if after == "adopted":
        names.append(("evaluation.adopt", _("Adopt the report")))
    elif after is not None and after != "follow_up":
        names.append(("evaluation.move", _("To the next stage")))
    if "follow_up" in allowed and groups_to_ask(seen):
        names.insert(0, ("evaluation.follow-up", _("Ask what became of it")))
    if "draft" in allowed:
        names.insert(int(ready), ("evaluation.draft", _("Draft report")))
    if "plan" in allowed:
        before = course.visit_to is None or "visit_over" in seen.lacking
        names.insert(0 if before else len(names), ("evaluation.plan", _("Visit and team")))
    return [(reverse(name, args=[seen.kept.reference]), words) for name, words in names]


def _of_state(seen: Evaluated) -> list[tuple[str, str]]:
    course = seen.kept.body
    if course.stage == "questionnaire" and seen.questionnaire is not None:
        return [(reverse("round.answer", args=[course.round]), _("Answer the questionnaire"))]
    if "comment" in stages()[course.stage].allows and seen.draft is not None:
        return [(reverse("evaluation.comment", args=[seen.kept.reference]), _("Comment on the draft"))]
    return [
        (reverse("round.answer", args=[each.kept.reference]), _("Answer on the recommendations"))
        for each in seen.follow_ups
        if each.kept is not None and each.follow_up.to == "visited" and course.stage == "follow_up"
    ]


def groups_to_ask(seen: Evaluated) -> list[str]:
    """To whom recommendations went that nobody has been asked about yet: the State visited, other States."""
    course = seen.kept.body
    asked = {each.to for each in course.follow_ups}
    told_groups = {told_to(each, course.state) for each in course.recommendations}
    return [group for group in ("visited", "others") if group in told_groups and group not in asked]


def takes_back(desk: Desk, seen: Evaluated) -> bool:
    """Whether it can still be taken back as begun by mistake."""
    return seen.own and desk.may("round_manage") and "withdraw" in stages()[seen.kept.body.stage].allows


def stage_after(stage: StageCode) -> StageCode | None:
    """The next stage; None after the last."""
    order = list(stages())
    place = order.index(stage) + 1
    return order[place] if place < len(order) else None


def version_sent(request: HttpRequest, seen: Evaluated) -> int:
    """The version that the form was made for."""
    stated = request.POST.get("version", "")
    return int(stated) if stated.isdigit() else seen.kept.version


def refused(error: Invalid | Conflict) -> str:
    """What is wrong, for the head of a form."""
    if error.code == "evaluation_not_ready":
        return _("Not everything is there that must be there before this stage.")
    return whole(error)


def whole(error: Invalid | Conflict | NotFound) -> str:
    """What is wrong and what to do, in one line."""
    return " ".join(part for part in told(error) if part)
