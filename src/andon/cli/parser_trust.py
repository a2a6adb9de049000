"""The commands by which somebody else can check what Andon says; see `parser`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from andon.cli.parser import Commands


def _verify(commands: Commands) -> None:
    verify = commands.add_parser(
        "verify",
        help="look for changes made behind the application's back",
        description="Ends with 0 when trail, checkpoints and records agree, with 1 on any finding, "
        "and with --strict with 2 when no checkpoint that was kept elsewhere says so, too.",
    )
    verify.set_defaults(module="verify")
    verify.add_argument(
        "--checkpoint",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="checkpoints kept outside of this machine, one or many in a file; may be repeated",
    )
    verify.add_argument(
        "--strict", action="store_true", help="want at least one checkpoint from elsewhere to hold"
    )
    verify.add_argument("--json", action="store_true", help="print the report as JSON")


def _checkpoint(commands: Commands) -> None:
    checkpoint = commands.add_parser(
        "checkpoint",
        help="sign the trail as it is now, and print the text to keep elsewhere",
        description="Prints the newest checkpoint. Whoever keeps it on paper or on another machine "
        "can prove later whether anything before it was changed: andon verify --checkpoint FILE",
    )
    checkpoint.set_defaults(module="checkpoint")


def _key(commands: Commands) -> None:
    key = commands.add_parser(
        "key",
        help="make, show or change the key that signs checkpoints",
        description="The private key is the file ANDON_SIGNING_KEY_FILE (default: signing-key in "
        "the data folder). Keep a copy of it where no copy of the database lies.",
    )
    key.set_defaults(module="key")
    key.add_argument("act", choices=("create", "show", "rotate"))
    key.add_argument(
        "--lost",
        action="store_true",
        help="with rotate: the old key is not there any more and cannot endorse the new one",
    )


def _roles(commands: Commands) -> None:
    roles = commands.add_parser(
        "roles",
        help="make the PostgreSQL role that runs Andon and cannot rewrite the trail",
        description="Prints the SQL, or with --apply runs it as the owner of the tables "
        "(ANDON_OWNER_URL). Then let DATABASE_URL sign in as that role; andon migrate goes on "
        "using ANDON_OWNER_URL.",
    )
    roles.set_defaults(module="roles", as_owner=True)
    roles.add_argument("role", nargs="?", default="andon_app", metavar="ROLE")
    roles.add_argument("--apply", action="store_true", help="run it instead of printing it")
    roles.add_argument(
        "--password-file", type=Path, metavar="FILE", help="with --apply: sets this password"
    )


def _pack(commands: Commands) -> None:
    pack = commands.add_parser(
        "pack",
        help="hand out records with all that is needed to check them without Andon",
        description="Writes a ZIP file with records, trail, proofs, checkpoint and files. It is "
        "checked on any machine by andon_verify.py, which --verifier writes.",
    )
    pack.set_defaults(module="pack")
    pack.add_argument("numbers", nargs="*", metavar="NUMBER", help="such as NC-ABC1-2026-0001")
    pack.add_argument("--output", type=Path, metavar="FILE", help="default: named by the records")
    pack.add_argument("--by", metavar="USERNAME", help="who answers for it; default: this command")
    pack.add_argument(
        "--verifier", type=Path, metavar="FILE", help="also, or only, write the verifier there"
    )


COMMANDS = (_verify, _checkpoint, _key, _roles, _pack)
