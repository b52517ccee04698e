"""Units, people and posts for the tests of every app."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from organisation.models import ApiToken, Person, Post, PostKind, Unit, UnitCategory, UnitKind

LONG_AGO = dt.date(2020, 1, 1)


class BureauFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"卫生健康局{n}")
    kind = UnitKind.BUREAU


class HospitalFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"第{n}人民医院")
    kind = UnitKind.HOSPITAL


class UnitFactory(DjangoModelFactory):
    """A clinical department of a hospital of its own, unless ``parent`` is given."""

    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"科室{n}")
    kind = UnitKind.DEPARTMENT
    category = UnitCategory.CLINICAL
    parent = factory.SubFactory(HospitalFactory)
    position = factory.Sequence(lambda n: n)


class PersonFactory(DjangoModelFactory):
    """Somebody without any post; ``password=`` sets one to sign in with."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    employee_number = factory.Sequence(lambda n: f"E{n:05d}")
    name = factory.Sequence(lambda n: f"职工{n}")

    @classmethod
    def _create(cls, model_class, *args, password=None, **kwargs):
        person = model_class(*args, **kwargs)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save()
        return person


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(UnitFactory)
    kind = PostKind.STAFF
    since = LONG_AGO

    @factory.post_generation
    def in_charge_of(self, create, extracted, **kwargs):
        if create and extracted:
            self.in_charge_of.set(extracted)


def holder(kind, unit, name=None, in_charge_of=(), **person):
    """A person who has held this post for years."""
    if name:
        person["name"] = name
    made = PersonFactory(**person)
    PostFactory(person=made, unit=unit, kind=kind, in_charge_of=in_charge_of)
    return made


class TokenFactory(DjangoModelFactory):
    """A token for reading, in force for a month; its text is nobody's."""

    class Meta:
        model = ApiToken

    person = factory.SubFactory(PersonFactory)
    name = "HIS"
    prefix = "rct_aaaaaa"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=30))
