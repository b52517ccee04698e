"""People, and how they signed in."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.models.post import Post, PostKind
from organisation.models.unit import Unit, institutions_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> PersonQuerySet:
        return self.filter(is_active=True)

    def visible_to(self, person: Person) -> PersonQuerySet:
        """Himself, and whoever holds or held a post in his institution; the administrator, all."""
        if person.is_administrator:
            return self.all()
        posts = Post.objects.filter(
            person=models.OuterRef("pk"), unit__in=Unit.objects.below(person.institutions)
        )
        return self.filter(Q(pk=person.pk) | models.Exists(posts))

    def without_password(self) -> PersonQuerySet:
        """Taken in from a list, and not yet given a first password."""
        return self.active().filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def found_by(self, text: str) -> PersonQuerySet:
        """By a part of the name or the beginning of the number."""
        text = text.strip()
        return self.filter(Q(name__icontains=text) | Q(employee_number__istartswith=text))

    def holding(self, *kinds: PostKind, units: Iterable[int] | None = None) -> PersonQuerySet:
        """People who hold one of these posts today (in one of these units)."""
        posts = Post.objects.on(timezone.localdate()).filter(
            person=models.OuterRef("pk"), kind__in=kinds
        )
        if units is not None:
            posts = posts.filter(unit__in=units)
        return self.filter(models.Exists(posts))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, employee_number: str, name: str, password: str | None = None) -> Person:
        person = self.model(employee_number=employee_number, name=name)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Somebody who works in a unit; the employee number is the name to sign in with."""

    employee_number = models.CharField(_("employee number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_administrator = models.BooleanField(
        _("system administrator"),
        default=False,
        help_text=_("Keeps units, people and the calendar. Sees no campaign's content by that."),
    )
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    language = models.CharField(_("language"), max_length=10, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation:person", args=[self.pk])

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Rules alone decide; a system administrator is not a campaign officer."""
        return self.is_active and rules.has_perm(perm, self, obj)

    @cached_property
    def posts_now(self) -> list[Post]:
        """Posts held today, by rank, with their units: one query, kept for the request."""
        return list(
            Post.objects.on(timezone.localdate())
            .filter(person=self)
            .select_related("unit")
            .prefetch_related("in_charge_of")
            .by_rank()
        )

    def units_as(self, *kinds: PostKind) -> frozenset[int]:
        """Units in which he holds one of these posts today."""
        return frozenset(post.unit_id for post in self.posts_now if post.kind in kinds)

    @cached_property
    def institutions(self) -> frozenset[int]:
        """The hospital or bureau that each of his units belongs to: two queries, kept."""
        return institutions_of({post.unit_id for post in self.posts_now})

    @property
    def units_in_charge(self) -> frozenset[int]:
        """Departments that he is in charge of as a vice-president (or other leader) today."""
        return frozenset(unit.pk for post in self.posts_now for unit in post.in_charge_of.all())


class _System:
    """The product itself, as the one who acted when a timer did."""

    pk = None
    name = "system"

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return True

    def __str__(self) -> str:
        return self.name


SYSTEM = _System()


BROWSERS = {
    "WeChat": "MicroMessenger",
    "WeCom": "wxwork",
    "DingTalk": "DingTalk",
    "Edge": "Edg",
    "360": "360SE",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "macOS": "Mac OS X",
    "Linux": "Linux",
}


class SignInQuerySet(models.QuerySet["SignIn"]):
    def open(self) -> SignInQuerySet:
        """Sessions that nobody ended and that are younger than a session may become."""
        oldest = timezone.now() - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        begun = self.filter(succeeded=True, at__gt=oldest).exclude(session_key="")
        return begun.filter(ended_at__isnull=True)

    def failures(self) -> SignInQuerySet:
        return self.filter(succeeded=False)

    def newest_first(self) -> SignInQuerySet:
        return self.order_by("-at", "-pk")


class SignIn(models.Model):
    """One attempt to sign in. Failures lock the number out for a while; successes are sessions."""

    employee_number = models.CharField(_("employee number"), max_length=40)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="sign_ins"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    succeeded = models.BooleanField(_("succeeded"))
    counts = models.BooleanField(
        default=True, help_text=_("Whether a failure still counts towards a lock-out.")
    )
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)
    session_key = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [
            models.Index("employee_number", "at", name="sign_in_by_number"),
            models.Index("address", "at", name="sign_in_by_address"),
            models.Index("session_key", name="sign_in_by_session", condition=~Q(session_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.employee_number} {self.at:%Y-%m-%d %H:%M} {self.succeeded}"

    @property
    def browser_name(self) -> str:
        """As a person would call it: the first name that fits, most programs claim several."""
        names = {name for name, mark in BROWSERS.items() if mark in self.browser}
        systems = [name for name, mark in SYSTEMS.items() if mark in self.browser]
        return " · ".join([name for name in BROWSERS if name in names][:1] + systems[:1])
