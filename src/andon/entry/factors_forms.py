"""Forms of the second factor: what is typed is proved in the same request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from andon.accounts.http import Request
from andon.accounts.names import validate_one_line
from andon.accounts.roles import Role
from andon.entry import factors, proof

ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric"}
SHORT, LONG = 64, 20_000
NAME = 60


def number_field(label: Any, *, secret: bool = True, **options: Any) -> forms.CharField:
    """Return a field for digits, such as a PIN, that brings up the number pad."""
    attributes = {"autocomplete": "off", "inputmode": "numeric"}
    widget = forms.PasswordInput if secret else forms.TextInput
    return forms.CharField(
        label=label, max_length=SHORT, widget=widget(attrs=attributes), **options
    )


class SecondStepForm(forms.Form):
    """The second step of signing in: a code, or a passkey."""

    code = forms.CharField(
        label=_("Code"),
        max_length=SHORT,
        required=False,
        widget=forms.TextInput(attrs={**ONE_TIME, "inputmode": "text", "autofocus": True}),
        help_text=_("The six digits your app shows now, or one of your recovery codes."),
    )
    passkey = forms.CharField(max_length=LONG, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("code") or data.get("passkey")):
            raise ValidationError(_("Type the code, or use your passkey."))
        return data


class ProofForm(forms.Form):
    """A form that is accepted only from the person themselves (`proof`)."""

    def __init__(self, *args: Any, request: Request, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        self.wanted = proof.ask(request)
        self.method = ""
        if self.wanted.password:
            self.fields["password"] = forms.CharField(
                label=_("Your password"),
                max_length=128,
                strip=False,
                required=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        if self.wanted.code:
            self.fields["code"] = forms.CharField(
                label=_("Code of your app"),
                max_length=SHORT,
                required=False,
                widget=forms.TextInput(attrs=ONE_TIME),
            )
        if self.wanted.pin:
            self.fields["pin"] = number_field(_("Your signing PIN"), required=False)
        if self.wanted.passkey:
            self.fields["passkey"] = forms.CharField(
                max_length=LONG, required=False, widget=forms.HiddenInput
            )

    def own_fields(self) -> list[str]:
        """Return the visible fields that are no proof."""
        return [field.name for field in self.visible_fields() if field.name not in PROOF]

    def proof_fields(self) -> list[str]:
        return [field.name for field in self.visible_fields() if field.name in PROOF]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self._prove({name: data.get(name) or None for name in PROOF})
        return data

    def _prove(self, given: dict[str, Any]) -> None:
        if not self.wanted:
            if not factors.signed_in_lately(self.request):
                raise ValidationError(
                    _("Your sign-in is too long ago. Sign out, sign in again, and come back.")
                )
            return
        try:
            self.method = proof.check(self.request.user, self.request, **given)
        except proof.WrongProof as wrong:
            raise ValidationError(str(wrong)) from wrong


PROOF = ("password", "code", "pin", "passkey")


class GeneratorForm(ProofForm):
    """A new one-time code app; the sealed secret goes with the page and comes back."""

    sealed = forms.CharField(max_length=400, widget=forms.HiddenInput)
    new_code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=SHORT,
        widget=forms.TextInput(attrs=ONE_TIME),
        help_text=_("Six digits; they change every half minute."),
    )


class NewPasskeyForm(ProofForm):
    """A new passkey, with the name its owner knows it by."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME,
        validators=[validate_one_line],
        help_text=_("By which you know it again, such as Phone or Blue key."),
    )
    new_passkey = forms.CharField(max_length=LONG, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if not self.data.get(self.add_prefix("new_passkey")):
            raise ValidationError(_("No passkey was made. Try again, and follow your device."))
        return super().clean()


class PasskeyNameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=NAME, validators=[validate_one_line])


class PasskeySignInForm(forms.Form):
    passkey = forms.CharField(max_length=LONG, widget=forms.HiddenInput)


class PinForm(ProofForm):
    """A new PIN, typed twice."""

    new_pin = number_field(_("New PIN"), help_text=_("Digits only, without a pattern."))
    again = number_field(_("New PIN again"))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("new_pin") != self.cleaned_data.get("again"):
            raise ValidationError({"again": _("The two PINs differ.")})
        return super().clean()


class RulesForm(forms.Form):
    """Who must have a second factor."""

    follow = forms.ChoiceField(
        label=_("Who must have a second factor"),
        widget=forms.RadioSelect,
        choices=[("profile", _("As the profile says")), ("own", _("The roles chosen here"))],
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Used only when the roles are chosen here. None: nobody must."),
    )
