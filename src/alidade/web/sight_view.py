"""Sight view: how a map, a timeline and a matrix are asked for on their pages, and the words that they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import msgspec
from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from alidade.formats.sight import SightHead
from alidade.model.errors import Invalid
from alidade.services.picture.sight_export import FORMS_OF, Printed, Sight
from alidade.services.picture.sight_files import Words
from alidade.services.picture.sights import MOST_STARTS, Ask, Least, checked
from alidade.services.picture.timeline import Lane
from alidade.services.records import SeenStatement
from alidade.web.chart_view import thing_address
from alidade.web.forms import Form
from alidade.web.hits import classification_line
from alidade.web.place import Desk
from alidade.web.templatetags.alidade import day
from alidade.web.told import told

_DIGITS: Final = frozenset("0123456789abcdef")
LANES: Final[Mapping[Lane, Promise]] = {
    "seizure": gettext_lazy("Seizures"), "movement": gettext_lazy("Movements"), "event": gettext_lazy("Events"),
    "contact": gettext_lazy("Contacts"), "payment": gettext_lazy("Payments"), "span": gettext_lazy("What held"),
}  # fmt: skip
GROUPS: Final[Mapping[str, Promise]] = {
    "place": gettext_lazy("Places"), "seizure": gettext_lazy("Seizures"), "event": gettext_lazy("Events"),
    "movement": gettext_lazy("Movements"), "presence": gettext_lazy("Presences"),
}  # fmt: skip
_FORMS: Final = {
    "svg": gettext_lazy("Picture for print (SVG)"), "csv": gettext_lazy("Table (CSV)"),
    "geojson": gettext_lazy("For other maps (GeoJSON)"),
}  # fmt: skip
_LEAST: Final = (
    ("", gettext_lazy("Any, and not given")),
    ("weak", gettext_lazy("C3 or better")),
    ("good", gettext_lazy("B2 or better")),
    ("strong", gettext_lazy("A1 only")),
)


class AskForm(Form):
    """What is in sight: which kinds, from when to when, how sure at least. It holds nothing personal."""

    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    type = forms.MultipleChoiceField(
        label=gettext_lazy("Types of thing"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    since = forms.CharField(
        label=pgettext_lazy("time", "Since"), required=False, max_length=10,
        help_text=gettext_lazy("A day, a month or a year: 2026-03-21, 2026-03, 2026."),
    )  # fmt: skip
    until = forms.CharField(label=pgettext_lazy("time", "Until"), required=False, max_length=10)
    least = forms.ChoiceField(label=gettext_lazy("How sure at least"), required=False, choices=_LEAST)

    def __init__(
        self, sent: Any, *, kinds: Iterable[tuple[str, str]], types: Iterable[tuple[str, str]] = ()
    ) -> None:  # fmt: skip
        super().__init__(sent or None)
        for name, offered in (("kind", kinds), ("type", types)):
            listed = list(offered)
            cast(forms.MultipleChoiceField, self.fields[name]).choices = listed
            if not listed:
                del self.fields[name]


def asked(request: HttpRequest) -> tuple[Ask, str]:
    """What the address asks for, and what is wrong with it in words; then all is in sight that was rightly asked."""
    sent = request.GET
    records = tuple(each for each in sent.getlist("record") if len(each) == 32 and set(each) <= _DIGITS)
    least = sent.get("least", "")
    ask = Ask(
        records=records[:MOST_STARTS],
        kinds=tuple(sent.getlist("kind"))[:100],
        types=tuple(sent.getlist("type"))[:100],
        since=sent.get("since", "").strip()[:10],
        until=sent.get("until", "").strip()[:10],
        least=cast(Least, least) if least in dict(_LEAST) else "",
    )
    try:
        return checked(ask), ""
    except Invalid as error:
        return msgspec.structs.replace(ask, since="", until=""), " ".join(told(error))


def words_of(desk: Desk) -> Words:
    """What a figure in a page needs to say things, and the pages to which it leads."""
    return Words(
        vocabulary=desk.node.vocabulary, language=desk.language, lanes={lane: str(LANES[lane]) for lane in LANES},
        address=thing_address, not_known=_("not known"),
    )  # fmt: skip


def printed(title: str) -> Printed:
    """The words that are printed on a file."""
    return Printed(
        title=title, lanes={lane: str(LANES[lane]) for lane in LANES}, left_out=_left_out,
        indicative=_("Boundaries are indicative and state no position on any claim."),
    )  # fmt: skip


def _left_out(things: int, ties: int) -> str:
    return _("Left out, because their owners do not let us take them out: %(things)s things and %(ties)s ties.") % {
        "things": things,
        "ties": ties,
    }


NO_HEAD: Final = SightHead(title="", heading="", terms=(), made_at="")


def around(request: HttpRequest, ask: Ask, desk: Desk, sight: Sight, said: Iterable[SeenStatement]) -> dict[str, Any]:
    """What the pages of all three have in common."""
    return {
        "ask": ask,
        "ask_text": msgspec.json.encode(ask).decode(),
        "forms": {form: _FORMS[form] for form in FORMS_OF[sight]} if "export" in desk.acts else {},
        "classification": classification_line(said, desk.language, desk.node.vocabulary),
        "sight": sight,
        "filtered": bool(ask.kinds or ask.types or ask.since or ask.until or ask.least),
        "records": ask.records,
    }


def when(begin: str, end: str) -> str:
    """A span in words, as far as it was given; one date where both are the same."""
    return " – ".join(dict.fromkeys(day(part) if len(part) > 7 else part for part in (begin, end) if part))
