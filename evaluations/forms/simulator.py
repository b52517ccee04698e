"""What is tried out in the simulator: nothing of it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from evaluations.counting.invented import Preset
from evaluations.forms.rounds import GradingForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluations.models import VoterGroup

LAST_ROUND = "last"


class SimulatorForm(GradingForm):
    """Other weights, values and bounds, against answers that nobody gave."""

    votes = forms.ChoiceField(label=gettext_lazy("Answers"), choices=Preset)

    def __init__(
        self,
        *args: Any,
        groups: Sequence[VoterGroup],
        has_last: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("dimensions", "k_grade", "k_distribution", "k_group"):
            del self.fields[name]
        self.groups = groups
        for group in groups:
            self.fields[f"weight_{group.code}"] = forms.IntegerField(
                label=f"{group.code} {group.name}",
                min_value=0,
                max_value=100,
                initial=group.weight,
            )
        if has_last:
            field = self.fields["votes"]
            field.choices = [  # type: ignore[attr-defined]
                *Preset.choices,
                (LAST_ROUND, gettext_lazy("as in the last round, as far as it was published")),
            ]

    @property
    def weight_fields(self) -> Iterator[forms.BoundField]:
        for group in self.groups:
            yield self[f"weight_{group.code}"]

    @property
    def weights(self) -> dict[str, int]:
        return {group.code: self.cleaned_data[f"weight_{group.code}"] for group in self.groups}
