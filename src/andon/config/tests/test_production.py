"""What a production start demands, each in a process of its own, as `andon` reads it (LG2)."""

import os
import secrets
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from andon.config import secret

KEY = secrets.token_urlsafe(60)
SHOWN = (
    "from django.conf import settings as s\n"
    "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS)"
)


def start(folder, program=SHOWN, **environment):
    """Read the settings of a real installation; only what is given here is set."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"ANDON_SECRET_KEY": KEY, "ANDON_DATA": str(folder), **environment}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**bare, "DJANGO_SETTINGS_MODULE": "andon.config.settings", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_LG2_a_right_environment_starts_with_everything_tight(tmp_path):
    done = start(tmp_path, ANDON_HOSTS="qms.example.com", DEBUG="1", ANDON_DEBUG="1")

    assert done.stdout.split() == ["False", "True", "__Host-session", "31536000"], done.stderr


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"ANDON_SECRET_KEY": ""}, "there is no default key"),
        ({"ANDON_SECRET_KEY": "too short"}, "too short"),
        ({"ANDON_SECRET_KEY": "a" * 80}, "too short"),
        ({"ANDON_SECRET_KEY": "django-insecure-" + KEY}, "that of an example"),
        ({"ANDON_SECRET_KEY": "change-me-" + KEY}, "that of an example"),
        ({"ANDON_HOSTS": "*"}, "wildcard"),
        ({"ANDON_HOSTS": "qms.example.com,.example.com"}, "wildcard"),
        ({"ANDON_ORIGINS": "https://*.example.com"}, "wildcard"),
        ({"DATABASE_URL": f"postgres://andon:{KEY}@db/andon"}, "two different secrets"),
        ({"ANDON_METRICS_TOKEN": "short"}, "too short"),
        ({"ANDON_METRICS_TOKEN": KEY}, "two different secrets"),
    ],
)
def test_LG2_a_start_that_would_not_be_safe_is_refused_with_what_to_do(
    tmp_path, environment, sentence
):
    done = start(tmp_path, **environment)

    assert done.returncode
    assert "ImproperlyConfigured" in done.stderr
    assert sentence in done.stderr


def test_LG2_the_signing_key_is_another_secret_than_the_key_of_the_sessions(tmp_path):
    (tmp_path / "signing-key").write_text(KEY)

    done = start(tmp_path)

    assert "two different secrets" in done.stderr


def test_LG2_without_the_check_it_would_start(tmp_path):
    """The broken twin: the refusals above come from these checks and from nothing else."""
    off = (
        "from andon.config import secret\n"
        "secret.refuse_weak = secret.refuse_shared = secret.refuse_open_hosts = lambda *a, **k: 0\n"
    )

    done = start(tmp_path, off + SHOWN, ANDON_SECRET_KEY="too short", ANDON_HOSTS="*")

    assert done.returncode == 0, done.stderr


def test_LG2_the_check_for_a_deployment_finds_nothing_under_production_settings(tmp_path):
    run = "import sys; from andon.cli.main import main; sys.exit(main(sys.argv[1:] or {}))"
    given = {
        "ANDON_HOSTS": "qms.example.com",
        "ANDON_ORIGINS": "https://qms.example.com",
        "ANDON_URL": "https://qms.example.com",
    }
    migrated = start(tmp_path, run.format(["migrate"]), **given)
    checked = start(tmp_path, run.format(["check"]), **given)

    assert migrated.returncode == 0, migrated.stderr
    assert "no issues" in checked.stdout + checked.stderr, checked.stdout
    assert checked.returncode == 0, checked.stdout


def test_a_weak_secret_says_how_to_make_a_strong_one():
    with pytest.raises(ImproperlyConfigured, match="token_urlsafe"):
        secret.refuse_weak("ANDON_SECRET_KEY", "x" * 10)
