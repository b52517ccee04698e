from django.urls import include, path

from organisation.views import account, calendar, people, tokens, units
from organisation.views.imports import import_patterns

app_name = "organisation"
urlpatterns = [
    path("sign-in/", account.sign_in, name="sign_in"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("me/", people.me, name="me"),
    path("me/password/", account.change_password, name="change_password"),
    path("me/sign-ins/", account.my_sign_ins, name="my_sign_ins"),
    path("me/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/tokens/", tokens.my_tokens, name="my_tokens"),
    path("me/tokens/new/", tokens.make_token, name="make_token"),
    path("tokens/", tokens.all_tokens, name="all_tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("units/", units.unit_list, name="units"),
    path("units/new/", units.create_unit, name="create_unit"),
    path("units/import/", include(import_patterns("units"))),
    path("units/<int:pk>/", units.unit_page, name="unit"),
    path("units/<int:pk>/edit/", units.change_unit, name="change_unit"),
    path("units/<int:pk>/move/", units.move_unit, name="move_unit"),
    path("units/<int:pk>/close/", units.close_unit, name="close_unit"),
    path("people/", people.person_list, name="people"),
    path("people/new/", people.create_person, name="create_person"),
    path("people/passwords/", people.issue_passwords, name="issue_passwords"),
    path("people/import/", include(import_patterns("people"))),
    path("people/<int:pk>/", people.person_page, name="person"),
    path("people/<int:pk>/edit/", people.change_person, name="change_person"),
    path("people/<int:pk>/posts/new/", people.add_post, name="add_post"),
    path("people/<int:pk>/posts/<int:post_pk>/end/", people.end_post, name="end_post"),
    path("people/<int:pk>/let-in/", people.let_in, name="let_in"),
    path("people/<int:pk>/reset-password/", people.reset_password, name="reset_password"),
    path("people/<int:pk>/end-sessions/", people.end_sessions, name="end_sessions"),
    path("calendar/", calendar.this_year, name="calendar_now"),
    path("calendar/<int:year>/", calendar.year_page, name="calendar"),
    path("calendar/<int:year>/correct/", calendar.correct_day, name="correct_day"),
]
