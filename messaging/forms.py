"""How a person wants to be reached, and which other system is told of what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from messaging import channels
from messaging.models import WebhookEvent
from organisation.models import Unit, UnitKind

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
        hints = [
            _("%(channel)s: %(address)s") % {"channel": one.label, "address": one.address}
            for one in channels.offered()
            if one.key != channels.MAIL
        ]
        if person.email:
            hints.insert(0, _("left empty, mail goes to %(mail)s") % {"mail": person.email})
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


class WebhookForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Institution"),
        help_text=gettext_lazy("The campaigns that it hosts are told of."),
    )
    url = forms.CharField(
        label=pgettext_lazy("webhook", "Address of the other system"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://oa.hospital.test/hooks/style"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("It is told when"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-stacked"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        wholes = Unit.objects.in_use().exclude(kind=UnitKind.DEPARTMENT)
        unit.queryset = wholes.order_by("position", "pk")
        unit.initial = wholes.filter(kind=UnitKind.HOSPITAL).order_by("position", "pk").first()
        hosts = _(", ").join(settings.WEBHOOK_HOSTS)
        self.fields["url"].help_text = (
            _("Its host is one of these: %(hosts)s.") % {"hosts": hosts}
            if hosts
            else _("No host is allowed yet: the installation names them in WEBHOOK_HOSTS.")
        )
