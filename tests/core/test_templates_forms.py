"""Forms come out with labels, marks and words that everybody can find."""

import re
from pathlib import Path

import django.forms
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Engine
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

DJANGO_FORMS = Path(django.forms.__file__).parent / "templates" / "django" / "forms" / "widgets"


class ReportForm(forms.Form):
    problem = forms.CharField(widget=forms.Textarea, help_text="What was seen, and where.")
    due = forms.DateField(required=False)
    kind = forms.ChoiceField(choices=[("a", "At once"), ("b", "In steps")])
    proof = forms.MultipleChoiceField(
        choices=[("1", "Photo"), ("2", "Rule")], widget=forms.CheckboxSelectMultiple, required=False
    )
    urgent = forms.BooleanField(required=False)
    file = forms.FileField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def blank():
    return str(ReportForm())


@pytest.fixture
def faulty():
    return str(ReportForm({"due": "2026-13-45", "kind": "z"}))


def tag(html, name):
    return re.search(rf"<[a-z]+ [^>]*name=\"{name}\"[^>]*>", html).group()


def test_every_field_has_a_label_for_it(blank):
    for name in ("problem", "due", "kind", "file"):
        assert f'for="id_{name}"' in blank


def test_a_group_of_choices_has_a_legend(blank):
    assert "<legend" in blank
    assert blank.count("<fieldset") == 1


def test_controls_look_like_the_kit(blank):
    assert 'class="form-control"' in tag(blank, "problem")
    assert 'class="form-select"' in tag(blank, "kind")
    assert 'class="form-check-input"' in tag(blank, "urgent")
    assert "class=" not in tag(blank, "token")


def test_a_class_of_the_author_joins_that_of_the_kit():
    field = forms.CharField(widget=forms.TextInput(attrs={"class": "w-date"}))

    drawn = field.widget.render("x", "").strip()

    assert drawn == '<input type="text" name="x" class="form-control w-date">'


def test_a_required_field_is_marked_for_eyes_and_for_ears(blank):
    assert "required" in tag(blank, "problem")
    assert blank.count("required-mark") == 2


def test_a_hint_is_read_with_its_field(blank):
    assert 'aria-describedby="id_problem_helptext"' in tag(blank, "problem")
    assert 'id="id_problem_helptext"' in blank


def test_a_date_has_the_native_input_and_an_iso_value():
    html = str(ReportForm(initial={"due": "2026/11/21"}))

    assert 'type="date"' in tag(html, "due")
    assert 'value="2026-11-21"' in tag(html, "due")


def test_a_fault_is_said_at_the_field_and_in_the_summary(faulty):
    assert 'aria-invalid="true"' in tag(faulty, "due")
    assert 'id="id_due_error"' in faulty
    assert '<a href="#id_due">Due</a>' in faulty
    assert faulty.count("Enter a valid date.") == 2


def test_the_summary_takes_the_focus_and_is_announced(faulty):
    summary = re.search(r"<div[^>]*id=\"form-errors\"[^>]*>", faulty).group()

    assert 'role="alert"' in summary
    assert 'tabindex="-1"' in summary
    assert "data-focus" in summary


def test_a_form_without_faults_has_no_summary(blank):
    assert "form-errors" not in blank


def test_a_fault_of_the_whole_form_stands_first():
    form = ReportForm({})
    form.add_error(None, "Not now.")

    assert str(form).index("Not now.") < str(form).index('href="#id_problem"')


def test_text_that_was_typed_is_escaped():
    form = ReportForm({"problem": "<script>"}, {"file": SimpleUploadedFile("<b>.txt", b"x")})

    assert "<script>" not in str(form)


class Choosing(forms.Form):
    unit = forms.ChoiceField(
        choices=[
            ("", "all"),
            (7, "<b>&"),
            ("Wards", [(8, mark_safe("<i>8</i>")), (9, lazystr("none"))]),
        ]
    )


def test_the_options_of_a_select_are_those_that_django_writes():
    bound = Choosing({"unit": "8"})["unit"]
    django_writes = Engine.get_default().from_string(
        (DJANGO_FORMS / "select.html").read_text(encoding="utf-8")
    )
    expected = django_writes.render(
        Context(bound.field.widget.get_context("unit", "8", {"id": "id_unit"}))
    )

    assert options_of(str(bound)) == options_of(expected)
    assert options_of(expected) == [
        '<option value="">all</option>',
        '<option value="7">&lt;b&gt;&amp;</option>',
        '<optgroup label="Wards">',
        '<option value="8" selected><i>8</i></option>',
        '<option value="9">none</option>',
        "</optgroup>",
    ]


def options_of(html):
    return [line.strip() for line in html.splitlines() if "opt" in line and "<select" not in line]
