"""The words of the analysis for a page: titles and explanations of its tables, and what stands in their heads."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

VIEWS: Final = {
    "table": (gettext_lazy("State by measure"), ("matrix", "heat")),
    "counts": (gettext_lazy("Counts"), ("states", "measures", "regions", "groups")),
    "findings": (gettext_lazy("To look at"), ("late", "silent", "unevidenced", "contradictions")),
    "said": (gettext_lazy("Obstacles and practice"), ("obstacles", "good_practices", "training_needs")),
    "figures": (gettext_lazy("Figures"), ("figures",)),
}
TITLES: Final = {
    "matrix": gettext_lazy("State by measure"),
    "heat": gettext_lazy("Done, by region and measure"),
    "states": gettext_lazy("By State"),
    "measures": gettext_lazy("By measure"),
    "regions": gettext_lazy("By region"),
    "groups": gettext_lazy("By group of States"),
    "late": gettext_lazy("Late"),
    "silent": gettext_lazy("No reply"),
    "unevidenced": gettext_lazy("Said to be done, without evidence"),
    "contradictions": gettext_lazy("What does not agree"),
    "obstacles": gettext_lazy("Obstacles"),
    "good_practices": gettext_lazy("Good practices"),
    "training_needs": gettext_lazy("Training needs"),
    "figures": gettext_lazy("Figures by State and year"),
}
EXPLAINED: Final = {
    "matrix": gettext_lazy(
        "What was said last of each measure for each State, in entries and in replies. "
        "Where the two differ, both stand there."
    ),
    "heat": gettext_lazy("How many of the States asked say that it is done. The darker, the larger the share."),
    "states": gettext_lazy(
        "Who is silent, is not competent or refers elsewhere stays among those asked and is never done."
    ),
    "regions": gettext_lazy("Regions of the United Nations for statistical use (M49); each State stands in one."),
    "groups": gettext_lazy("Groups overlap, so that there is no total."),
    "late": gettext_lazy("The deadline is over, and it is not said to be done or ended."),
    "unevidenced": gettext_lazy("No paper, result or source stands behind it."),
    "contradictions": gettext_lazy(
        "Stages that differ between an entry and a reply, figures that differ for one State and time, "
        "and what another authority contests."
    ),
    "figures": gettext_lazy(
        "Of each State and year the newest figure. "
        "Small counts of people are not said, nor others from which they could be worked out."
    ),
}
NOTHING: Final = gettext_lazy("Nothing of this kind that you may see.")


def table_words() -> dict[str, str]:
    """What stands in the heads and cells of the tables, in the language of the page."""
    return {
        "state": _("State"),
        "measure": _("Measure"),
        "title": _("Title"),
        "region": _("Region"),
        "asked": pgettext("States", "Asked"),
        "answered": _("Answered"),
        "done": _("Done"),
        "late": _("Late"),
        "share": _("Share done"),
        "unevidenced": _("Without evidence"),
        "total": _("Total"),
        "stage": _("How far"),
        "deadline": _("Deadline"),
        "said": _("Said"),
        "what": _("What does not agree"),
        "sides": _("What was said"),
        "obstacle": _("Obstacle"),
        "times": _("Times"),
        "states": _("States"),
        "texts": _("In words"),
        "text": _("In words"),
        "day": _("Day"),
        "year": _("Year"),
        "unit": _("Unit"),
        "whole": _("As a whole"),
        "not_known": _("not known"),
        "not_said": _("not said"),
        "not_asked": _("not asked"),
        "no_region": _("In no region"),
        "entry": _("entry"),
        "answer": _("reply"),
        "verification": _("verification"),
        "status_differs": _("stages differ"),
        "figures_differ": _("figures differ"),
        "contested": _("said to be done, and contested"),
        "of": _("{done} of {asked}"),
        "authority": _("Authority"),
    }


def left_out(count: int) -> str:
    """How much a file leaves out."""
    return ngettext(
        "Left out, because its owner does not let you take it out: %(count)d entry or reply.",
        "Left out, because their owners do not let you take them out: %(count)d entries and replies.",
        count,
    ) % {"count": count}
