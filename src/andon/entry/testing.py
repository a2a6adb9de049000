"""People at the door, for tests."""

from typing import Any

from django.test import Client

from andon.accounts.testing import PASSWORD
from andon.trail.models import AuditEntry

WRONG = "not the password at all"


def sign_in(client: Client, name: str = "ana", password: str = PASSWORD, **more: Any) -> Any:
    """Type name and password on the page; ``address`` is where the browser stands."""
    address = more.pop("address", "192.0.2.1")
    return client.post(
        "/sign-in/", {"login": name, "password": password, **more}, REMOTE_ADDR=address
    )


def is_in(client: Client) -> bool:
    """Whether the browser is signed in."""
    return bool(client.get("/setup/").status_code == 200)


def told(action: str) -> list[dict[str, Any]]:
    """Return what the security stream says of ``action``: the details, in their order."""
    entries = AuditEntry.objects.filter(stream="security", action=action).order_by("seq")
    return [entry.content()["detail"] for entry in entries]
