"""People: the list, one person with what he may see and why, and what the administrator does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit import trail
from core.access import needs
from core.errors import ActionRefusedError
from core.htmx import go_to, render_part
from organisation import actions, standing
from organisation.filters import PersonFilter
from organisation.forms.people import EndPostForm, PersonForm, PostForm, ReasonForm
from organisation.models import Person, Post
from organisation.workbooks.download import passwords_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form
    from django.http import HttpResponse

    from organisation.http import Request

PEOPLE_A_PAGE = 50
MOST_PASSWORDS = 1_000
FACTS = ("employee_number", "name", "phone", "email", "is_administrator")


def person_or_404(request: Request, pk: int) -> Person:
    return get_object_or_404(Person.objects.visible_to(request.user), pk=pk)


@require_GET
@needs("organisation.view_person")
def person_list(request: Request) -> HttpResponse:
    found = PersonFilter(request.GET, Person.objects.visible_to(request.user), request=request)
    held = Post.objects.on(timezone.localdate()).select_related("unit").by_rank()
    people = found.qs.prefetch_related(Prefetch("posts", held, to_attr="posts_held"))
    may_change = request.user.has_perm("organisation.change_person")
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "q": request.GET.get("q", ""),
        "may_change": may_change,
        "waiting": found.qs.without_password().count() if may_change else 0,
    }
    return render_part(
        request, "organisation/person_list.html", "organisation/_person_table.html", context
    )


@require_GET
@needs("organisation.use_account")
def me(request: Request) -> HttpResponse:
    return _person_page(request, request.user)


@require_GET
@needs("organisation.view_person")
def person_page(request: Request, pk: int) -> HttpResponse:
    return _person_page(request, person_or_404(request, pk))


def _person_page(request: Request, person: Person) -> HttpResponse:
    today = timezone.localdate()
    posts = list(
        Post.objects.filter(person=person)
        .select_related("unit")
        .prefetch_related("in_charge_of")
        .by_rank()
    )
    knows_more = request.user.has_perm("organisation.view_private_facts", person)
    may_change = request.user.has_perm("organisation.change_person", person)
    now = [
        post for post in posts if post.since <= today and (not post.until or post.until >= today)
    ]
    context = {
        "person": person,
        "posts": now,
        "other_posts": [post for post in posts if post not in now],
        "knows_more": knows_more,
        "standing": standing.of(person) if knows_more and person.is_active else [],
        "is_me": person.pk == request.user.pk,
        "may_change": may_change,
        "may_appoint": request.user.has_perm("organisation.appoint_person", person),
        "entries": trail.entries([person, *posts]) if may_change else [],
    }
    page = "organisation/person_page.html"
    return render_part(request, page, page, context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs("organisation.change_person")
def create_person(request: Request) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            person, password = actions.create_person(by=request.user, **form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            return _shown_once(request, person, password)
    return _form(request, form, _("New person"), reverse("organisation:people"))


@require_http_methods(["GET", "POST"])
@needs("organisation.change_person")
def change_person(request: Request, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    form = PersonForm(
        request.POST or None,
        initial={name: getattr(person, name) for name in FACTS},
        may_appoint=request.user.has_perm("organisation.appoint_person", person),
    )
    title = _("Edit %(name)s") % {"name": person.name}

    def act(**facts: Any) -> object:
        return actions.change_person(person, by=request.user, **facts)

    return _asked(request, form, act, title, person)


@require_http_methods(["GET", "POST"])
@needs("organisation.change_person")
def add_post(request: Request, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    form = PostForm(request.POST or None, initial={"unit": request.GET.get("unit")})
    title = _("New post for %(name)s") % {"name": person.name}

    def act(**facts: Any) -> object:
        return actions.add_post(person, by=request.user, **facts)

    return _asked(request, form, act, title, person)


@require_http_methods(["GET", "POST"])
@needs("organisation.change_person")
def end_post(request: Request, pk: int, post_pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    post = get_object_or_404(person.posts.select_related("unit"), pk=post_pk)
    form = EndPostForm(request.POST or None)
    title = _("End the post: %(post)s") % {"post": post}

    def act(**facts: Any) -> object:
        return actions.end_post(post, by=request.user, **facts)

    return _asked(request, form, act, title, person)


@require_http_methods(["GET", "POST"])
@needs("organisation.change_person")
def let_in(request: Request, pk: int) -> HttpResponse:
    """Let a person sign in no more, or again."""
    person = person_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    act = actions.deactivate if person.is_active else actions.reactivate
    title = (
        _("%(name)s may not sign in any more")
        if person.is_active
        else _("%(name)s may sign in again")
    )

    def decide(**facts: Any) -> object:
        return act(person, by=request.user, **facts)

    return _asked(request, form, decide, title % {"name": person.name}, person)


@never_cache
@require_POST
@needs("organisation.change_person")
def reset_password(request: Request, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    return _shown_once(request, person, actions.reset_password(person, by=request.user))


@never_cache
@require_POST
@needs("organisation.change_person")
def issue_passwords(request: Request) -> HttpResponse:
    """A workbook with first passwords for those of the list who have none; made once, kept nowhere."""
    visible = Person.objects.visible_to(request.user)
    found = PersonFilter(request.GET, visible, request=request).qs.without_password()
    issued = actions.issue_passwords(found[:MOST_PASSWORDS], by=request.user)
    if not issued:
        messages.info(request, _("Everybody in this list has a password already."))
        return go_to(request, reverse("organisation:people"))
    return passwords_workbook(issued)


@require_POST
@needs("organisation.change_person")
def end_sessions(request: Request, pk: int) -> HttpResponse:
    person = person_or_404(request, pk)
    count = actions.sign_out_everywhere(person, by=request.user)
    messages.success(
        request,
        _("%(name)s has been signed out; %(count)s sessions have ended.")
        % {"name": person.name, "count": count},
    )
    return go_to(request, person.get_absolute_url())


def _asked(
    request: Request, form: Form, act: Callable[..., object], title: str, person: Person
) -> HttpResponse:
    """Ask, act, and go back to the person; a refusal is said in the form."""
    if form.is_valid():
        try:
            act(**form.cleaned_data)
        except ActionRefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. What this person may see follows from it at once."))
            return go_to(request, person.get_absolute_url())
    return _form(request, form, title, person.get_absolute_url())


def _form(request: Request, form: Form, title: str, back: str) -> HttpResponse:
    page = "organisation/entry_form.html"
    context: dict[str, object] = {"form": form, "title": title, "back": back}
    return render_part(request, page, page, context, status=422 if form.errors else 200)


def _shown_once(request: Request, person: Person, password: str) -> HttpResponse:
    """The only page that a one-time password ever stands on."""
    context = {"person": person, "password": password}
    return render(request, "organisation/password_once.html", context)
