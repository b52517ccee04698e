"""Nobody can forget to say who may open a page."""

from django.urls import URLPattern, URLResolver, get_resolver

OURS = (
    "audit",
    "ballots",
    "campaign",
    "config",
    "core",
    "desk",
    "evaluations",
    "issues",
    "messaging",
    "organisation",
    "rectification",
    "supervision",
)


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def test_every_view_names_the_permission_it_needs():
    doors = [
        view for view in views(get_resolver().url_patterns) if view.__module__.startswith(OURS)
    ]
    silent = sorted({f"{v.__module__}.{v.__name__}" for v in doors if not getattr(v, "needs", "")})

    assert doors
    assert silent == []


LENT = {"django.views.i18n": "sets the language of somebody who has not signed in"}


def test_every_address_leads_to_a_view_of_ours_or_one_lent_for_a_reason():
    modules = {view.__module__ for view in views(get_resolver().url_patterns)}

    assert {name for name in modules if not name.startswith(OURS)} <= set(LENT)


def test_every_permission_that_a_view_names_has_a_rule():
    import rules

    named = {getattr(v, "needs", "") for v in views(get_resolver().url_patterns)}
    unknown = {n for n in named if n and not n.startswith("nothing:") and not rules.perm_exists(n)}

    assert unknown == set()
