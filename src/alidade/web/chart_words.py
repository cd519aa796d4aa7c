"""Chart words: what the script of the chart says, as whole sentences with named places."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def script_words() -> dict[str, str]:
    """The sentences of the script in the language of the page."""
    return _of_things() | _of_acts() | _of_filters() | _of_answers()


def _of_things() -> dict[str, str]:
    return {
        "notKnown": _("not known"),
        "start": _("The chart begins here."),
        "givenBy": _("Given by"),
        "handling": _("Handling"),
        "evaluation": _("Evaluation"),
        "notEvaluated": _("not evaluated"),
        "since": _("Since"),
        "until": _("Until"),
        "whatItIs": _("What it is"),
        "name": _("Name"),
        "ties": _("Ties here"),
        "tie": _("Tie"),
        "from": _("From"),
        "to": _("To"),
        "noteOn": _("Note"),
        "group": _("%(label)s and others: %(count)s things"),
        "groupUnnamed": _("%(kind)s: %(count)s things"),
        "strong": _("firm (A1)"),
        "good": _("good (to B2)"),
        "weak": _("weak (to C3)"),
        "open": _("cannot be judged, or not evaluated"),
        "legendStart": _("Begins here"),
        "legendNoted": _("Has a note"),
        "legendTab": _("Handling code beyond H0"),
    }


def _of_acts() -> dict[str, str]:
    return {
        "openPage": _("Open its page"),
        "openAll": _("Open all ties"),
        "openKind": _("Open"),
        "openGroup": _("Open this group"),
        "closeGroup": _("Close this group"),
        "alone": _("Begin a chart here"),
        "hide": _("Hide"),
        "showHidden": _("Show again"),
        "addNote": _("Add a note"),
        "keepNote": _("Keep the note"),
        "removeNote": _("Remove the note"),
        "noteText": _("Words of the note"),
        "freeNote": _("Note on the chart"),
        "wayFrom": _("Find ways from here"),
        "wayTo": _("Choose the other end: a thing on the chart."),
        "cancel": _("Cancel"),
        "showWay": _("Show on the chart"),
        "showAll": _("Show all rows"),
        "keepVersion": _("Keep this version"),
        "share": _("Share it"),
        "versions": _("Versions"),
        "chooseFirst": _("Choose a thing on the chart first."),
    }


def _of_filters() -> dict[str, str]:
    return {
        "types": _("What things are"),
        "kinds": _("Kinds of tie"),
        "providers": _("Given by"),
        "least": _("At least"),
        "all": _("all ties"),
        "times": _("Time"),
        "undated": _("Ties without a date stay."),
        "noFilters": _("Show everything"),
    }


def _of_answers() -> dict[str, str]:
    return {
        "working": _("Working…"),
        "thingsInSight": _both("%(n)s thing.", "%(n)s things."),
        "tiesInSight": _both("%(n)s tie.", "%(n)s ties."),
        "outOfSight": _("%(count)s hidden or filtered out."),
        "cut": _("There is more than can be shown; the nearest is here."),
        "nothingMore": _("No ties lead from here that you may see."),
        "tiesTo": _("%(label)s: %(count)s"),
        "here": _("%(count)s on the chart"),
        "noWay": _("No way of at most six ties that you may see."),
        "wayGivenUp": _("There is too much between the two to look through all of it."),
        "waysFound": _("Shortest ways found: %(count)s, each of %(length)s ties."),
        "moreWays": _("There are more of this length."),
        "kept": _("Kept as version %(version)s. Only your authority opens it until you share it."),
        "keptAgain": _("Kept as version %(version)s. The versions before it are kept, too."),
        "notKept": _("Changed since it was kept."),
        "exported": _("The file was made, and the ledger has it."),
        "failed": _("The server did not answer. Nothing was changed; try again."),
        "conflict": _("Somebody has kept another version meanwhile. Open it and make your change there."),
        "openNewest": _("Open the newest version"),
        "selected": _("%(label)s, %(word)s, %(ties)s ties here."),
        "rows": _both("%(n)s row", "%(n)s rows"),
    }


def _both(one: str, many: str) -> str:
    """A sentence for one and for many, a line each: the script takes the one that its number wants."""
    return "\n".join(ngettext(one, many, count) for count in (1, 2))
