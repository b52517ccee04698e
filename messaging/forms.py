"""How a person wants to be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging import channels

if TYPE_CHECKING:
    from organisation.models import Person

ADDRESSES = {
    "wecom": re.compile(r"[A-Za-z0-9][\w.@-]{0,63}", re.ASCII),
    "dingtalk": re.compile(r"\+?[0-9]{11,14}"),
    "sms": re.compile(r"\+?[0-9]{11,14}"),
    "feishu": re.compile(r"[A-Za-z0-9_-]{8,100}"),
}
EVERYBODY = {"all", "@all"}
"""What a service would take for a message to the whole house."""


class ChoiceForm(forms.Form):
    channel = forms.ChoiceField(
        label=gettext_lazy("Reminders reach me by"), widget=forms.RadioSelect
    )
    address = forms.CharField(label=gettext_lazy("Address there"), max_length=200, required=False)
    wants_digest = forms.BooleanField(
        label=gettext_lazy("Send me a digest in the morning of every working day"),
        required=False,
        help_text=gettext_lazy("At most seven lines, and nothing on days on which nothing waits."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        offered = [(one.key, one.label) for one in channels.offered()]
        none = pgettext_lazy("channel", "nothing; I look into the work queue myself")
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)  # noqa: S101 -- for the type checker
        channel.choices = [*offered, (channels.NONE, none)]
        hints = [f"{one.label}: {one.address}" for one in channels.offered()]
        if person.email:
            hints.append(_("left empty, mail goes to %(mail)s") % {"mail": person.email})
        self.fields["address"].help_text = _("; ").join(hints)

    def clean(self) -> dict[str, Any]:
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        key, address = facts.get("channel", ""), facts.get("address", "").strip()
        if key == channels.NONE:
            facts["address"] = ""
        elif key and not self._is_fit(key, address):
            self.add_error("address", _("This is not an address on the channel that you chose."))
        return facts

    def _is_fit(self, key: str, address: str) -> bool:
        if key != channels.MAIL:
            pattern = ADDRESSES[key]
            return bool(pattern.fullmatch(address)) and address.lower() not in EVERYBODY
        try:
            validate_email(address or self.person.email)
        except ValidationError:
            return False
        return True
