"""Forms of sign-in, where those of the library do not speak our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_PASSWORD = 256  # characters; a longer one would only be work for the hash


class _Ours:
    """Labels stand above fields, without a colon; nothing stands in a field but what somebody typed."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_Ours, LoginForm):  # type: ignore[misc]  # the library is untyped
    """The officer's name of the directory, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officer, password = self.fields["login"], self.fields["password"]
        officer.label = _("Officer")
        officer.help_text = _("Authority and name, for example nl-politie/j.devries.")
        officer.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        password.help_text = _("Or one of your recovery codes, if your passkey is lost.")
        password.widget.attrs |= {"maxlength": str(LONGEST_PASSWORD)}

    def clean_password(self) -> str:
        """The password; too long a one is not hashed."""
        password = str(self.cleaned_data["password"])
        if len(password) > LONGEST_PASSWORD:
            raise forms.ValidationError(_("The password is too long."))
        return password


class AgainForm(_Ours, ReauthenticateForm):  # type: ignore[misc]  # the library is untyped
    """The password once more, before passkeys or codes are changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class OwnPasswordForm(_Ours, ChangePasswordForm):  # type: ignore[misc]  # the library is untyped
    """A password of one's own in place of the one that was handed over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class CodeForm(_Ours, codes.AuthenticateForm):  # type: ignore[misc]  # the library is untyped
    """The second step of a sign-in: a code."""


class CodeAgainForm(_Ours, codes.ReauthenticateForm):  # type: ignore[misc]  # the library is untyped
    """A code once more, before passkeys or codes are changed."""


class AppForm(_Ours, totp.ActivateTOTPForm):  # type: ignore[misc]  # the library is untyped
    """The first code of an app that is being set up."""


class PasskeyForm(_Ours, AddWebAuthnForm):  # type: ignore[misc]  # the library is untyped
    """A key that is added is a passkey: it says who signs in, and asks for a finger, a face or a PIN."""

    name = forms.CharField(
        label=_("Name of the passkey"), required=False, max_length=60, help_text=_("To tell several apart.")
    )
    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["name"] = ""

    def clean_passwordless(self) -> bool:
        """Always."""
        return True
