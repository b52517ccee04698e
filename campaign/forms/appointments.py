"""Who is appointed, found by number or name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Appointment, AppointmentRole, Campaign
from organisation.models import Person, Post, PostKind, Unit

MOST_NAMED = 5


class PersonField(forms.CharField):
    """Somebody of the host unit: the employee number, or a name that only one person has."""

    def __init__(self, *, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.campaign = campaign

    def clean(self, value: Any) -> Person:
        typed = super().clean(value)
        units = [unit.pk for unit in Unit.objects.below([self.campaign.host_id])]
        today = timezone.localdate()
        here = Person.objects.active().filter(
            pk__in=Post.objects.on(today).filter(unit__in=units).values("person")
        )
        number = typed.split()[0]
        found = list(here.filter(employee_number=number)[:1]) or list(
            here.filter(name=typed).order_by("employee_number")[: MOST_NAMED + 1]
        )
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                _("Nobody in %(unit)s has the number or name “%(typed)s”.")
                % {"unit": self.campaign.host, "typed": typed}
            )
        numbers = ", ".join(person.employee_number for person in found[:MOST_NAMED])
        raise forms.ValidationError(
            _("Several people are called “%(typed)s”; give the employee number: %(numbers)s.")
            % {"typed": typed, "numbers": numbers}
        )


class AppointForm(forms.ModelForm):
    class Meta:
        model = Appointment
        fields = ["role", "since"]

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["person"] = PersonField(
            campaign=campaign,
            label=gettext_lazy("Person"),
            help_text=gettext_lazy("Employee number, or the name."),
            widget=forms.TextInput(attrs={"list": "people-to-appoint", "autocomplete": "off"}),
        )
        self.fields["since"].label = gettext_lazy("First day")
        self.fields["since"].initial = timezone.localdate
        self.fields["role"].initial = AppointmentRole.LEADING_MEMBER
        self.order_fields(["person", "role", "since"])

    def people(self) -> list[tuple[str, str]]:
        """Those with more than a staff post, to choose from while typing."""
        units = [unit.pk for unit in Unit.objects.below([self.campaign.host_id])]
        posts = (
            Post.objects.on(timezone.localdate())
            .filter(unit__in=units)
            .exclude(kind=PostKind.STAFF)
            .select_related("person", "unit")
            .by_rank()
        )
        return [
            (f"{post.person.employee_number} {post.person.name}", post.unit.name) for post in posts
        ]


class EndAppointmentForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("Last day"), initial=timezone.localdate)
