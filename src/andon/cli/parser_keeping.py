"""The commands that keep the records safe: backup, restore, drill, export, load."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from andon.cli.parser import Commands

_ENCRYPTS = (
    "a file whose content encrypts backups; default: the file that ANDON_BACKUP_SECRET_FILE names"
)


def _backup(commands: Commands) -> None:
    backup = commands.add_parser(
        "backup",
        help="back everything up into one file, beside the running server",
        description="Database, stored files and what they must be, in one file that is whole or "
        "not there. Keep it on another machine, and its secret in another place than the file. "
        "Ends with 1 when stored files were found damaged.",
    )
    backup.set_defaults(module="backup")
    backup.add_argument("target", type=Path, metavar="DIR|FILE", help="a folder, or a new file")
    backup.add_argument("--secret-file", type=Path, metavar="FILE", help=_ENCRYPTS)
    backup.add_argument(
        "--keep", type=_count, metavar="N", help="then delete all but the newest N of the folder"
    )


def _restore(commands: Commands) -> None:
    restore = commands.add_parser(
        "restore",
        help="bring a backup back into an empty place, and verify it",
        description="The place is what ANDON_DATA and DATABASE_URL name; it must be empty. Every "
        "byte is checked and all is verified before anything is put there.",
    )
    restore.set_defaults(module="restore", as_owner=True)
    restore.add_argument("archive", type=Path, metavar="ARCHIVE")
    restore.add_argument("--secret-file", type=Path, metavar="FILE", help=_ENCRYPTS)
    restore.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint kept elsewhere; says loudly when the backup is older than it",
    )
    restore.add_argument(
        "--despite-findings",
        action="store_true",
        help="bring it back also when the verification finds changed records",
    )
    restore.add_argument("--json", action="store_true", help="print the result as JSON")
    restore.add_argument("--drill", action="store_true", help=argparse.SUPPRESS)


def _drill(commands: Commands) -> None:
    drill = commands.add_parser(
        "drill",
        help="prove that the newest backup can be restored",
        description="Restores it into an empty temporary place, verifies it, throws it away and "
        "keeps the result for the page Backups. Ends with 1 when the backup is not good.",
    )
    drill.set_defaults(module="drill")
    drill.add_argument(
        "archive",
        type=Path,
        nargs="?",
        metavar="ARCHIVE",
        help="default: the newest one in the folder that ANDON_BACKUPS names",
    )
    drill.add_argument("--secret-file", type=Path, metavar="FILE", help=_ENCRYPTS)


def _export(commands: Commands) -> None:
    export = commands.add_parser(
        "export",
        help="write everything in open formats: nothing is locked in",
        description="Records, lists, people, relations, history and files as JSON Lines and plain "
        "files, with a description of every field, into a new folder or a new ZIP.",
    )
    export.set_defaults(module="export")
    export.add_argument("target", type=Path, metavar="DIR|FILE.zip")
    export.add_argument("--by", metavar="USERNAME", help="who asks for it; default: this command")
    export.add_argument(
        "--with-credentials",
        action="store_true",
        help="also hashed passwords, PINs and second factors: to move, not to hand on",
    )


def _load(commands: Commands) -> None:
    load = commands.add_parser(
        "load",
        help="bring an export into an empty instance, also on the other database",
        description="The instance must be as andon migrate makes it. Everything comes in with the "
        "same history, links, numbers and files, or nothing.",
    )
    load.set_defaults(module="load", as_owner=True)
    load.add_argument("export", type=Path, metavar="EXPORT")
    load.add_argument(
        "--password-for",
        metavar="USERNAME",
        help="then give this person a password and no second factor, to let somebody in",
    )
    load.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    message = f"{text} is not a whole number above 0"
    raise argparse.ArgumentTypeError(message)


COMMANDS = (_backup, _restore, _drill, _export, _load)
