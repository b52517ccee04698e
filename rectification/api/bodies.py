"""What the verbs of the ledger are told. What it means is judged by the forms of the pages."""

from __future__ import annotations

from rest_framework import serializers

from organisation.api.acting import Body
from rectification.models import NO_LET_GO, RETURN_REASONS, Finding

LONG, SHORT = 4000, 2000


class Opinion(Body):
    opinion = serializers.CharField(required=False, allow_blank=True, max_length=SHORT)


class SaidOpinion(Body):
    opinion = serializers.CharField(max_length=SHORT)


class Reason(Body):
    reason = serializers.CharField(max_length=SHORT)


class Claim(Body):
    assignee = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="The person in charge."
    )


class Objection(Reason):
    suggested_department = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class Reassignment(Reason):
    lead_department = serializers.IntegerField(min_value=1)


class Progress(Body):
    text = serializers.CharField(max_length=SHORT)


class MeasureDone(Body):
    measure = serializers.IntegerField(min_value=1, help_text="The id of the measure.")
    done_on = serializers.DateField()


class Application(Body):
    statement = serializers.CharField(max_length=LONG)
    answers = serializers.ListField(
        child=serializers.CharField(max_length=1000),
        required=False,
        help_text="One for each reason of the last return, in their order.",
    )


class Return(Body):
    reasons = serializers.ListField(child=serializers.ChoiceField(RETURN_REASONS))
    note = serializers.CharField(required=False, allow_blank=True, max_length=SHORT)


class FoundReturn(Return):
    finding = serializers.ChoiceField(
        Finding.choices, required=False, help_text="What is wrong with the rectification itself."
    )


class Verification(Body):
    no_let_go = serializers.ListField(child=serializers.ChoiceField(NO_LET_GO))
    was_visited = serializers.BooleanField(required=False)
    opinion = serializers.CharField(max_length=SHORT)


class Approval(Opinion):
    review_on = serializers.DateField(required=False, help_text="For a long-term item.")


class Review(Body):
    finding = serializers.CharField(max_length=SHORT)
    review_on = serializers.DateField()
