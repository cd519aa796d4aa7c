"""Begin: the first run. Look around with invented data, or begin for real; absent as soon as the node has begun."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from anyascii import anyascii
from django import forms
from django.contrib.auth import authenticate, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from alidade.model.directory import Authority, Officer
from alidade.model.errors import AlidadeError, Invalid, NotFound
from alidade.model.ids import AuthorityId, OfficerId
from alidade.services import authorities, serving
from alidade.services.acting import act_as
from alidade.services.grounds import state_grounds
from alidade.services.officers import sees_content
from alidade.services.sign_ins import SIGN_INS
from alidade.simulation import cocaine_route
from alidade.vocabulary import Vocabulary
from alidade.web import invented, setup_code
from alidade.web.accounts import open_account
from alidade.web.errors import NO_PAGE, told
from alidade.web.forms import Form, choices
from alidade.web.language import vocabulary_language
from alidade.web.patience import counted_for_setup, forgive, wait_before
from alidade.web.place import GROUNDS, has_begun
from alidade.web.protection import address_for_passkeys
from alidade.web.rooms.sign_in import HANDED_OVER
from alidade.web.templatetags.alidade import words

SET_UP, INVENTED = "set-up", "invented"  # in the session: who holds the code; that there is nothing to protect


class CodeForm(Form):
    """The code that stands in the terminal."""

    code = forms.CharField(
        label=gettext_lazy("Set-up code"),
        max_length=40,
        help_text=gettext_lazy("It stands in the terminal in which the node was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class RealForm(Form):
    """Who begins: the authority, its administrator and its first officer."""

    state = forms.ChoiceField(label=gettext_lazy("State or body"))
    name = forms.CharField(label=gettext_lazy("Name of the authority"), max_length=200)
    function = forms.ChoiceField(label=gettext_lazy("Function"))
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        help_text=gettext_lazy("Whom others ask after a hit: a desk that answers, by e-mail or telephone."),
    )
    code = forms.CharField(
        label=gettext_lazy("Short code"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Small letters, digits and hyphens. Left empty, it is made of State and name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    officer = forms.CharField(
        label=gettext_lazy("First officer"),
        max_length=60,
        help_text=gettext_lazy("One word, as the officer will sign in: j.devries."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role of the officer"), initial="case_officer")
    administrator = forms.CharField(
        label=gettext_lazy("Administrator"),
        max_length=60,
        initial="admin",
        help_text=gettext_lazy("You, now. An administrator enters officers and sees no content."),
    )

    def __init__(self, *args: Any, vocabulary: Vocabulary, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        working = [role for role in vocabulary.roles if role != "administrator"]
        countries = sorted(choices(vocabulary, "countries", language), key=lambda pair: pair[1])
        offered = {
            "state": [("", ""), *countries, *choices(vocabulary, "bodies", language)],
            "function": [("", ""), *choices(vocabulary, "authority_functions", language)],
            "role": choices(vocabulary, "roles", language, only=working),
        }
        for name, listed in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = listed

    def authority_code(self) -> str:
        """The code that was typed, or one made of State and name."""
        return self.cleaned_data["code"].strip() or proposed_code(self.cleaned_data["state"], self.cleaned_data["name"])


def proposed_code(state: str, name: str) -> str:
    """A code for an authority: nl-politie for Politie in the Netherlands."""
    letters = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in anyascii(name).lower())
    words_of_name = [part for part in letters.split("-") if part]
    return "-".join([state.lower(), *words_of_name[:4]])[:64].strip("-")


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """The choice, for whoever holds the code."""
    _refuse_where_begun(request)
    better = address_for_passkeys(request)
    if better:
        return redirect(better)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _holds_code(request, form):
        request.session[SET_UP] = True
        if request.POST.get("choice") == "invented":
            invented.start(serving.home())
            return redirect("begin.invented")
        return redirect("begin.real")
    return render(request, "web/begin/begin.html", {"form": form}, status=422 if form.errors else 200)


def _holds_code(request: HttpRequest, form: CodeForm) -> bool:
    counted = counted_for_setup(request)
    if wait_before(counted) > 0:
        form.add_error("code", _("Too many tries. Wait a little, then try again."))
        return False
    if not setup_code.is_right(serving.home(), form.cleaned_data["code"]):
        form.add_error("code", _("This is not the code that stands in the terminal."))
        return False
    forgive(counted)
    return True


@never_cache
def real(request: HttpRequest) -> HttpResponse:
    """Begin for real, on one page."""
    _refuse_where_begun(request)
    if not request.session.get(SET_UP):
        return redirect("begin")
    form = RealForm(request.POST or None, vocabulary=words(), language=vocabulary_language())
    if request.method == "POST" and form.is_valid():
        try:
            return _found(request, form)
        except Invalid as error:
            form.add_error(None, " ".join(told(error)))
    return render(request, "web/begin/real.html", {"form": form}, status=422 if form.errors else 200)


def _found(request: HttpRequest, form: RealForm) -> HttpResponse:
    typed = form.cleaned_data
    node = serving.begin()
    code = AuthorityId(form.authority_code())
    party = authorities.party(node, code, typed["function"], typed["state"])
    authority = Authority(party=party, name=typed["name"].strip(), contact=typed["contact"].strip())
    administrator, officer = (
        Officer(id=OfficerId(f"{code}/{typed[field].strip()}"), authority=code, role=role)
        for field, role in (("administrator", "administrator"), ("officer", typed["role"]))
    )
    if not sees_content(node, officer.role):
        raise Invalid("The first officer needs a role that works with content.", code="no_content_role")
    authorities.found_node(node, authority, administrator, [officer])
    setup_code.void(serving.home())
    open_account(administrator.id)
    handed_over = [{"officer": officer.id, "password": open_account(officer.id)}]
    _sign_in(request, User.objects.get(username=administrator.id))
    request.session[HANDED_OVER] = handed_over
    return redirect("secure")


def _sign_in(request: HttpRequest, user: User) -> None:
    get_adapter(request).login(request, user)
    record_authentication(request, user, "password")
    request.session.pop(SET_UP, None)


@never_cache
@require_GET
def loading(request: HttpRequest) -> HttpResponse:
    """How far the loading of invented data is; then the sign-ins."""
    if not request.session.get(SET_UP):
        raise NotFound(NO_PAGE)
    kind, loaded, total = invented.state()
    if kind == "done" and has_begun(request):
        if HANDED_OVER not in request.session:
            request.session[HANDED_OVER] = [
                {"officer": each.officer, "password": open_account(each.officer)} for each in SIGN_INS
            ]
            request.session[INVENTED] = True
            setup_code.void(serving.home())
        return redirect("begin.ready")
    return render(request, "web/begin/loading.html", {"state": kind, "loaded": loaded, "total": total})


@never_cache
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """Three sign-ins of different rights, for whoever loaded the invented data."""
    handed_over = request.session.get(HANDED_OVER)
    if not handed_over or not request.session.get(INVENTED):
        raise NotFound(NO_PAGE)
    passwords = {each["officer"]: each["password"] for each in handed_over}
    shown = [
        {"officer": each.officer, "password": passwords[each.officer], "sees": _(each.sees)}
        for each in SIGN_INS
        if each.officer in passwords
    ]
    return render(request, "web/begin/ready.html", {"sign_ins": shown})


@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Go on as an officer whose one-time password was handed over in this session."""
    handed_over, rehearsed = request.session.get(HANDED_OVER, []), bool(request.session.get(INVENTED))
    found = next((each for each in handed_over if each["officer"] == request.POST.get("officer")), None)
    if found is None:
        raise NotFound(NO_PAGE)
    logout(request)
    user = authenticate(request, username=found["officer"], password=found["password"])
    if not isinstance(user, User):
        return redirect("account_login")
    _sign_in(request, user)
    if not rehearsed:
        return redirect("secure")
    request.session[HANDED_OVER], request.session[INVENTED] = handed_over, True
    _state_grounds(request, OfficerId(found["officer"]))
    return redirect("home")


def _state_grounds(request: HttpRequest, officer: OfficerId) -> None:
    """Purpose and case of the scenario, so that looking around need not begin with a form."""
    asker = next((each for each in cocaine_route().askers if each.officer == officer), None)
    if asker is None:
        return
    stated = {
        "purpose": asker.purpose,
        "case": asker.case or "Control in port",
        "legal_ground": asker.legal_ground,
        "justification": asker.justification,
    }
    try:
        state_grounds(serving.node(), act_as(serving.node(), officer, **stated))
    except AlidadeError:
        return  # the officer is asked for them
    request.session[GROUNDS] = stated


def _refuse_where_begun(request: HttpRequest) -> None:
    if has_begun(request):
        raise NotFound(NO_PAGE)


urlpatterns = [
    path("begin/", begin, name="begin"),
    path("begin/real/", real, name="begin.real"),
    path("begin/invented/", loading, name="begin.invented"),
    path("begin/ready/", ready, name="begin.ready"),
    path("begin/go-on/", go_on, name="begin.go_on"),
]
