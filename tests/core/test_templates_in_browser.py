"""The kit's scripts in a real browser: keys, drafts, batches, uploads, swaps that fail."""

import pytest
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import Context, Template
from django.urls import include, path

from tests.browser import browser  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True),
]


class StatementForm(forms.Form):
    statement = forms.CharField(widget=forms.Textarea)
    department = forms.ChoiceField(
        choices=[("", "Choose"), ("1", "Outpatients"), ("2", "Pharmacy")],
        widget=forms.Select(attrs={"data-select": ""}),
    )
    file = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"data-upload": "", "data-max-mb": "1"})
    )


LIST = """
<form data-filters method="get"><label for="q">Words</label><input id="q" name="q"></form>
<form method="post" data-batch action="/sent/">{% csrf_token %}
<table class="table list" data-list>
  <thead><tr><th><input type="checkbox" data-check-all aria-label="All"></th><th>Number</th></tr></thead>
  <tbody>{% for n in "123" %}<tr>
    <td><input type="checkbox" name="pk" value="{{ n }}" aria-label="{{ n }}"></td>
    <td><a class="row-link" href="/row/{{ n }}/">Row {{ n }}</a></td></tr>{% endfor %}</tbody>
</table>
<div class="batch-bar" data-batch-bar hidden><span data-batch-count></span><button>Confirm</button></div>
</form>
"""
FORM = """
<form method="post" id="statement-form" data-draft="statement" enctype="multipart/form-data" novalidate
  {% if swap %}hx-post="{{ swap }}" hx-target="#statement-form" hx-swap="outerHTML"{% endif %}>
  {% csrf_token %}{{ form }}<button class="btn btn-primary">Send</button></form>
"""
PAGE = (
    '{% extends "base.html" %}{% block title %}Kit{% endblock %}{% block h1 %}Kit{% endblock %}'
    "{% block content %}BODY{% endblock %}"
)


def page(request, body, **context):
    nav = [{"label": "Home", "url": "/row/home/", "icon": "home", "key": "h"}]
    user = {"pk": 7, "name": "Zhou", "is_authenticated": True, "get_username": "office"}
    from django.middleware.csrf import get_token

    whole = {"request": request, "nav": nav, "user": user, "csrf_token": get_token(request)}
    return HttpResponse(Template(PAGE.replace("BODY", body)).render(Context(whole | context)))


def rows(request):
    return page(request, LIST)


def statement(request):
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.POST.get("statement") == "break":
        return render(request, "500.html", status=500)
    if request.method == "POST" and form.is_valid():
        return HttpResponse("<h1>Sent</h1>")
    return page(request, FORM, form=form)


def swapped(request):
    if request.method == "GET":
        return page(request, FORM, form=StatementForm(), swap="/swapped/")
    if request.POST["statement"] == "break":
        return HttpResponse("broken", status=500)
    if request.POST["statement"] == "expired":
        return redirect("organisation:sign_in")
    form = StatementForm(request.POST)
    context = Context({"form": form, "swap": "/swapped/"})
    return HttpResponse(Template(FORM).render(context), status=422)


def row(request, name):
    return HttpResponse(f"<h1>{name}</h1>")


for view in (rows, statement, swapped, row):
    view.login_required = False

organisation = [
    path("me", row, {"name": "me"}, name="me"),
    path("in", row, {"name": "in"}, name="sign_in"),
]
desk = [path("home", row, {"name": "home"}, name="home")]
urlpatterns = [
    path("rows/", rows),
    path("statement/", statement),
    path("swapped/", swapped),
    path("row/<name>/", row),
    path("o/", include((organisation, "organisation"))),
    path("d/", include((desk, "desk"))),
]


@pytest.fixture
def visit(browser, live_server):  # noqa: F811
    context = browser.new_context()
    tab = context.new_page()
    complaints = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )

    def go(address):
        tab.goto(f"{live_server.url}{address}")
        return tab

    yield go
    context.close()
    assert complaints == []


def test_keys_walk_a_list_and_open_a_row(visit):
    tab = visit("/rows/")

    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")

    tab.wait_for_url("**/row/2/")


def test_keys_do_nothing_while_one_types(visit):
    tab = visit("/rows/")

    tab.keyboard.press("/")
    tab.keyboard.type("jgh?x")

    assert tab.input_value("#q") == "jgh?x"
    assert tab.locator("tr.is-here").count() == 0


def test_keys_do_nothing_while_an_input_method_composes(visit):
    tab = visit("/rows/")

    tab.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'j', isComposing: true, bubbles: true}))"
    )

    assert tab.locator("tr.is-here").count() == 0


def test_g_and_a_letter_go_to_a_place(visit):
    tab = visit("/rows/")

    tab.keyboard.press("g")
    tab.keyboard.press("h")

    tab.wait_for_url("**/row/home/")


def test_a_question_mark_shows_the_keys(visit):
    tab = visit("/rows/")

    tab.keyboard.press("?")

    assert tab.locator("#keys-help").is_visible()


def test_ticked_rows_bring_up_the_bar_with_their_number(visit):
    tab = visit("/rows/")
    bar = tab.locator("[data-batch-bar]")
    assert not bar.is_visible()

    tab.keyboard.press("j")
    tab.keyboard.press("x")
    assert bar.is_visible()
    assert tab.locator("[data-batch-count]").inner_text() == "1"

    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("Shift+x")
    assert tab.locator("[data-batch-count]").inner_text() == "3"

    tab.uncheck("[data-check-all]")
    tab.check("[data-check-all]")
    assert tab.locator("[data-batch-count]").inner_text() == "3"

    tab.uncheck("[data-check-all]")
    assert not bar.is_visible()


def test_typed_text_is_put_back_and_can_be_discarded(visit):
    tab = visit("/statement/")
    tab.fill("textarea", "Two windows were opened.")

    tab = visit("/statement/")
    assert tab.input_value("textarea") == "Two windows were opened."

    tab.get_by_text("Discard it").click()
    assert tab.input_value("textarea") == ""
    assert visit("/statement/").input_value("textarea") == ""


def test_a_draft_is_forgotten_once_the_form_was_sent(visit):
    tab = visit("/statement/")
    tab.fill("textarea", "Done.")
    tab.evaluate("document.querySelector('#id_department').tomselect.setValue('1')")
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("heading", name="Sent").wait_for()

    assert visit("/statement/").input_value("textarea") == ""


def test_a_form_with_faults_shows_its_summary_first(visit):
    tab = visit("/statement/")

    tab.get_by_role("button", name="Send").click()

    assert tab.evaluate("document.activeElement.id") == "form-errors"
    tab.locator(".form-errors a").first.click()
    assert tab.evaluate("document.activeElement.id") == "id_statement"


def test_a_swapped_form_with_faults_shows_its_summary_first(visit):
    tab = visit("/swapped/")

    tab.get_by_role("button", name="Send").click()
    tab.locator("#form-errors:focus").wait_for()

    assert tab.evaluate("document.activeElement.id") == "form-errors"


def test_a_failed_swap_says_so_and_keeps_the_text(visit):
    tab = visit("/swapped/")
    tab.fill("textarea", "break")

    tab.get_by_role("button", name="Send").click()

    tab.locator("#toasts .note").wait_for()
    assert "Not saved" in tab.locator("#toasts").inner_text()
    assert tab.input_value("textarea") == "break"


def test_a_lost_network_says_so_and_keeps_the_text(visit):
    tab = visit("/swapped/")
    tab.fill("textarea", "still here")
    tab.context.set_offline(True)

    tab.get_by_role("button", name="Send").click()

    tab.locator("#toasts .note").wait_for()
    assert "network" in tab.locator("#toasts").inner_text()
    assert tab.input_value("textarea") == "still here"


def test_the_sign_in_page_is_not_swapped_into_a_form(visit):
    tab = visit("/swapped/")
    tab.fill("textarea", "expired")

    tab.get_by_role("button", name="Send").click()

    tab.get_by_role("link", name="Sign in again").wait_for()
    assert tab.input_value("textarea") == "expired"


def test_a_draft_outlives_an_error_and_the_sign_in_page(visit):
    tab = visit("/statement/")
    tab.fill("textarea", "break")
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("heading", name="Something went wrong on our side").wait_for()

    assert visit("/statement/").input_value("textarea") == "break"


def test_a_select_can_be_searched_by_typing(visit):
    tab = visit("/statement/")

    tab.locator(".ts-wrapper .ts-control").click()
    tab.locator(".ts-dropdown .option").first.wait_for()
    tab.keyboard.type("Phar")
    tab.keyboard.press("Enter")

    assert tab.evaluate("document.querySelector('#id_department').value") == "2"


def test_a_file_too_large_is_named_before_it_travels(visit, tmp_path):
    big = tmp_path / "photo.jpg"
    big.write_bytes(b"0" * 1_500_000)
    tab = visit("/statement/")

    tab.set_input_files("#id_file", str(big))

    line = tab.locator(".upload-list li").inner_text()
    assert "photo.jpg" in line
    assert "at most 1 MB" in line
