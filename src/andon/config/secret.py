"""Secrets of an installation: none is a default, a short one, or used for two things (LG2)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

LEAST_LENGTH = 50
LEAST_KINDS = 5
LEAST_TOKEN = 32
# What stands in examples, and what Django writes into a new project.
EXAMPLES = ("change", "django-insecure", "example", "secret-key", "password", "your-", "<")


def read(env: Callable[..., Any], name: str) -> str:
    """Return the secret of the variable ``name``, or the content of the file that it names."""
    if given := env(name, default=""):
        return str(given)
    if path := env(f"{name}_FILE", default=""):
        return Path(path).read_text(encoding="utf-8").strip()
    return ""


def refuse_weak(name: str, secret: str, *, least: int = LEAST_LENGTH) -> None:
    """Raise when a secret could be guessed, or is one that everybody knows."""
    lowered = secret.lower()
    if any(lowered.startswith(word) for word in EXAMPLES):
        raise ImproperlyConfigured(f"{name} is that of an example. Make one: {_recipe(least)}")
    if len(secret) < least or len(set(secret)) < LEAST_KINDS:
        message = f"{name} is too short: {least} characters at least. Make one: {_recipe(least)}"
        raise ImproperlyConfigured(message)


def refuse_shared(secrets: Mapping[str, str]) -> None:
    """Raise when two of these are the same: whoever learns one must not know the other."""
    seen: dict[str, str] = {}
    for name, secret in secrets.items():
        if not secret:
            continue
        if secret in seen:
            raise ImproperlyConfigured(f"{name} and {seen[secret]} must be two different secrets.")
        seen[secret] = name


def refuse_open_hosts(name: str, hosts: list[str]) -> None:
    """Raise when a name of a host stands for many."""
    for host in hosts:
        bare = host.split("://")[-1]
        if "*" in bare or bare.startswith("."):
            raise ImproperlyConfigured(
                f"{name} must name the hosts; the wildcard {host} is refused."
            )


def text_of(path: Path) -> str:
    """Return what a file of a key holds, to compare; nothing where there is none yet."""
    return path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""


def _recipe(least: int) -> str:
    return f"python3 -c 'import secrets; print(secrets.token_urlsafe({least}))'"
