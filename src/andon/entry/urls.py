"""The door: signing in and out, what belongs to the own account, and the watch."""

from django.urls import include, path

from andon.entry import reset_views, signin, token_views, views

pages = [
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/others/end/", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<str:handle>/end/", views.end_session, name="end_session"),
    path("account/tokens/", token_views.tokens, name="tokens"),
    path("account/tokens/new/", token_views.token_new, name="token_new"),
    path("account/tokens/<int:pk>/revoke/", token_views.token_revoke, name="token_revoke"),
    path("password/new/", reset_views.ask, name="reset_ask"),
    path("password/new/<int:pk>/<str:key>/", reset_views.reset, name="reset"),
    path("setup/door/", views.watch, name="watch"),
    path("setup/door/pauses/<str:pause>/lift/", views.lift, name="lift"),
    path("setup/door/sessions/<str:handle>/end/", views.end_any_session, name="end_any_session"),
    path("setup/door/people/<int:pk>/end/", views.end_all_of, name="end_all_of"),
    path(
        "setup/door/tokens/<int:pk>/revoke/",
        token_views.token_revoke_any,
        name="token_revoke_any",
    ),
]

urlpatterns = [
    path("sign-in/", signin.login, name="account_login"),
    path("sign-out/", signin.logout, name="account_logout"),
    path("password/", signin.change_password, name="account_change_password"),
    path("", include((pages, "entry"))),
]
