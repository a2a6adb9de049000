"""The ``andon`` command: sets the stage, runs one command, turns trouble into a sentence."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import DatabaseError

from andon.cli import parser
from andon.cli.errors import Sentence
from andon.records.workflow import Refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import ModuleType

SENTENCE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``arguments`` and return the exit code: 2 with a sentence when the user must act."""
    options = parser.build().parse_args(arguments)
    _set_the_stage(options)
    try:
        code: int = _loaded(options.module).run(options)
    except KeyboardInterrupt:
        return _complain("Stopped.", INTERRUPTED)
    except (Sentence, Refused, ImproperlyConfigured, PermissionDenied) as trouble:
        return _complain(str(trouble), SENTENCE)
    except ValidationError as trouble:
        return _complain(" ".join(trouble.messages), SENTENCE)
    except OSError as trouble:
        if trouble.filename is None:
            raise
        return _complain(f"{trouble.filename} cannot be used: {trouble.strerror}.", SENTENCE)
    except DatabaseError as trouble:
        return _complain(f"The database did not answer as it should: {trouble}", SENTENCE)
    return code


def _loaded(module: str) -> ModuleType:
    """Set Django up and return the module of the command.

    What is loaded here stays: looking for garbage in it meanwhile would cost a tenth of a
    second, and later on break up the memory that workers share.
    """
    gc.disable()
    django.setup()
    command = importlib.import_module(f"andon.cli.{module}")
    gc.freeze()
    gc.enable()
    return command


def _set_the_stage(options: argparse.Namespace) -> None:
    """Choose the settings before Django reads them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.settings")
    if getattr(options, "as_owner", False) and (owner := os.environ.get("ANDON_OWNER_URL")):
        os.environ["DATABASE_URL"] = owner
    if getattr(options, "profile", "") != "demo":
        return
    # A demo touches nothing of a real installation that the environment may describe.
    for name in [*os.environ]:
        if name.startswith("ANDON_") or name == "DATABASE_URL":
            del os.environ[name]
    os.environ["ANDON_PROFILE"] = "demo"
    os.environ["ANDON_DATA"] = str(Path(options.data).resolve())


def _complain(sentence: str, code: int) -> int:
    print(sentence.strip(), file=sys.stderr)
    return code
