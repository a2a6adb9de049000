"""The door: signing in and out, and what belongs to the own account."""

from django.urls import path

from andon.entry import signin

urlpatterns = [
    path("sign-in/", signin.login, name="account_login"),
    path("sign-out/", signin.logout, name="account_logout"),
    path("password/", signin.change_password, name="account_change_password"),
]
