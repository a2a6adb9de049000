"""The people whom a command names."""

from andon.accounts.models import User
from andon.accounts.names import username_key
from andon.cli.errors import Sentence


def person(username: str) -> User:
    """Return the active person of that name; raises ``Sentence`` for nobody."""
    found = User.objects.filter(username_key=username_key(username), is_active=True).first()
    if found is None:
        message = f"Nobody active is called {username}."
        raise Sentence(message)
    return found
