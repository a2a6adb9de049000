"""The command line of ``andon``: every command with its options, nothing else.

Each command is a module of this package with one function ``run(options) -> int``, imported once
Django is set up. A new command is one function here and such a module.
"""

from __future__ import annotations

import argparse
import contextlib
from datetime import date
from pathlib import Path
from typing import TypeAlias

from andon.cli import parser_keeping, parser_trust

LAST_PORT = 65_535

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it no other way


def build() -> argparse.ArgumentParser:
    """Return the parser; ``options.module`` names the module that runs the chosen command."""
    parser = argparse.ArgumentParser(
        prog="andon",
        description="A quality management system that starts from the shop floor.",
    )
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    for add in (
        _demo, _serve, _worker, _migrate, _createadmin, _import, _feed, _subscribe, _check,
        *parser_trust.COMMANDS,
        *parser_keeping.COMMANDS,
    ):  # fmt: skip
        add(commands)
    return parser


def _demo(commands: Commands) -> None:
    demo = commands.add_parser("demo", help="serve a filled demo factory to this machine only")
    demo.set_defaults(module="demonstration", profile="demo")
    demo.add_argument("--port", type=_port, default=8000, help="default: 8000")
    demo.add_argument(
        "--data",
        type=Path,
        default=Path("var/demo"),
        metavar="DIR",
        help="folder for its database, files and key (default: var/demo)",
    )
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.add_argument(
        "--today",
        type=date.fromisoformat,
        default=None,
        metavar="YYYY-MM-DD",
        help="the day the factory's story ends (default: today)",
    )
    demo.add_argument("--seed", type=int, default=9001, help="the same seed, the same factory")


def _serve(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="serve the application")
    serve.set_defaults(module="serve")
    serve.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    serve.add_argument("--port", type=_port, default=8000, help="default: 8000")
    serve.add_argument("--workers", type=_positive, default=1, help="processes (default: 1)")
    serve.add_argument("--threads", type=_positive, default=4, help="a worker (default: 4)")
    serve.add_argument(
        "--worker", action="store_true", help="also do the duties of `andon worker` meanwhile"
    )


def _worker(commands: Commands) -> None:
    worker = commands.add_parser(
        "worker",
        help="do what falls due: notices, mail, watched folders",
        description="Runs until stopped. Several may run; each duty is done by one at a time.",
    )
    worker.set_defaults(module="worker")
    worker.add_argument("--once", action="store_true", help="do what is due now, then end")
    worker.add_argument("--beside", type=_positive, metavar="PID", help=argparse.SUPPRESS)


def _migrate(commands: Commands) -> None:
    migrate = commands.add_parser("migrate", help="bring the database up to this version")
    migrate.set_defaults(module="migrate", as_owner=True)


def _createadmin(commands: Commands) -> None:
    create = commands.add_parser(
        "createadmin",
        help="make the first administrator",
        description="Asks for what is not given. The password comes from ANDON_ADMIN_PASSWORD, "
        "from standard input with --password-stdin, or is asked for.",
    )
    create.set_defaults(module="createadmin")
    create.add_argument("--username")
    create.add_argument("--display-name", help="default: the user name")
    create.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def _import(commands: Commands) -> None:
    bring = commands.add_parser(
        "import",
        help="bring facts, records or a list in from a file, all of it or nothing",
        description="Columns are guessed from their headings and can be said. Ends with 0 when "
        "everything is in, with 1 when rows stand in the way (they are listed, and nothing is "
        "in), with 2 when the file cannot be read or a question is open.",
    )
    bring.set_defaults(module="facts")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--kind", required=True, metavar="KIND", help="what its rows are")
    bring.add_argument("--site", metavar="CODE", help="default: the only site there is")
    bring.add_argument("--by", metavar="USERNAME", help="who answers for it; default: this command")
    for option, metavar, text in (
        (
            "--column",
            "FIELD=COLUMN",
            "the column of a field; several are joined: day=year+month+day",
        ),
        ("--value", "FIELD=VALUE", "one value for all rows"),
        ("--good", "FIELD=VALUE", "a value of a cause that means: no defect"),
        ("--start", "FIELD=YYYY-MM-DD", "the day from which a column of numbers counts days"),
        ("--answer", "NAME=VALUE", "the answer to a question the file raised"),
        ("--map", "FIELD:WORD=VALUE", "what a word means, such as severity:Small=minor"),
    ):
        bring.add_argument(
            option, type=_pair, action="append", default=[], metavar=metavar, help=text
        )
    bring.add_argument("--source", metavar="NAME", help="where records come from; remembered")
    bring.add_argument(
        "--repeats", choices=("skip", "new"), help="what becomes of records that are there already"
    )
    for option, text in (
        ("--add-up", "add rows about the same thing together"),
        ("--create-missing", "make the lines, items and causes that are not there"),
        ("--leave-out", "bring in the rows without errors and leave out the others"),
        ("--dry-run", "only say what would happen"),
    ):
        bring.add_argument(option, action="store_true", help=text)


def _feed(commands: Commands) -> None:
    feed = commands.add_parser(
        "feed",
        help="bring in the files of the watched folders",
        description="The worker does this, too. Which folders are watched is set up on the page "
        "Feeds; all lie below ANDON_FEEDS. A file is taken once it changes no more, and is put "
        "into done or errors.",
    )
    feed.set_defaults(module="feed")
    feed.add_argument("--once", action="store_true", help="end when no file is waiting any more")


def _subscribe(commands: Commands) -> None:
    subscribe = commands.add_parser(
        "subscribe",
        help="bring in the messages of an MQTT broker",
        description="Which topics bring which facts is set up on the page Feeds. A message is "
        "confirmed once its facts are committed. Let the broker keep sessions on disk and queue "
        "without a limit (mosquitto: persistence true, max_queued_messages 0).",
    )
    subscribe.set_defaults(module="subscribe")
    subscribe.add_argument(
        "--broker",
        metavar="mqtt://HOST",
        help="mqtt://user:password@host:port, or mqtts; default: ANDON_MQTT",
    )
    subscribe.add_argument(
        "--client-id", default="andon", help="names the session at the broker (default: andon)"
    )
    subscribe.add_argument(
        "--quiet-seconds",
        type=_positive,
        metavar="N",
        help="end when nothing came for so long (default: never)",
    )


def _check(commands: Commands) -> None:
    check = commands.add_parser("check", help="check settings, guards and database")
    check.set_defaults(module="check")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        message = f"{text} is not of the form NAME=VALUE"
        raise argparse.ArgumentTypeError(message)
    return name, value


def _port(text: str) -> int:
    number = _positive(text)
    if number > LAST_PORT:
        message = f"{text} is not a port; give a number from 1 to {LAST_PORT}"
        raise argparse.ArgumentTypeError(message)
    return number


def _positive(text: str) -> int:
    with contextlib.suppress(ValueError):
        if int(text) > 0:
            return int(text)
    message = f"{text} is not a whole number above 0"
    raise argparse.ArgumentTypeError(message)
