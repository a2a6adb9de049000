"""The request of someone signed in, for annotations: the policy of the route has seen to it."""

from django.http import HttpRequest

from andon.accounts.models import User


class Request(HttpRequest):
    """A request whose user is a person."""

    user: User
