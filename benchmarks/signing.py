"""What trail and signatures cost in a create and in a step: CPU milliseconds each, and their share.

Usage::

    python benchmarks/signing.py                            # SQLite in a scratch folder
    DATABASE_URL=postgres://… python benchmarks/signing.py

CPU is that of this process; on PostgreSQL the server's share is not in it. The proof (password
hash, one-time code) is not in it either: Argon2 takes its time on purpose.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("ANDON_PROFILE", "test")
os.environ.setdefault("ANDON_DATA", tempfile.mkdtemp(prefix="andon-bench-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "andon.config.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from andon.accounts.models import User  # noqa: E402
from andon.accounts.roles import Role  # noqa: E402
from andon.accounts.testing import SiteFactory, a_person  # noqa: E402
from andon.modules.nonconformities.models import Nonconformity  # noqa: E402
from andon.modules.nonconformities.tests import factories  # noqa: E402
from andon.records import services as records  # noqa: E402
from andon.signing import dial, services, showing, validity  # noqa: E402
from andon.signing.models import Level  # noqa: E402
from andon.signing.proving import Proof  # noqa: E402
from andon.trail import capture, sealing  # noqa: E402

ROUNDS = 40
SPENT = {"trail": 0.0, "signing": 0.0}
Act = Callable[[], Any]


@contextmanager
def counted(part: str) -> Iterator[None]:
    """Add the CPU spent inside to ``part``; what the trail spends inside signing is the trail's."""
    began, before = time.process_time(), SPENT["trail"]
    yield
    inside = SPENT["trail"] - before if part == "signing" else 0.0
    SPENT[part] += time.process_time() - began - inside


def watch(module: Any, name: str, part: str) -> None:
    whole = getattr(module, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        with counted(part):
            return whole(*args, **kwargs)

    setattr(module, name, watched)


def measure(acts: list[Act]) -> dict[str, float]:
    """Return the median CPU of ``acts``, and the shares of trail and signatures."""
    rows = []
    for act in acts:
        for part in SPENT:
            SPENT[part] = 0.0
        began = time.process_time()
        act()
        rows.append((time.process_time() - began, SPENT["trail"], SPENT["signing"]))
    whole, trail, signing = (statistics.median(column) * 1000 for column in zip(*rows, strict=True))
    return {"ms": round(whole, 2), "trail": round(trail, 2), "signing": round(signing, 2)}


def signed_step(pk: int, by: User) -> Act:
    record = Nonconformity.objects.get(pk=pk)
    token = showing.show(record, record.workflow["settle"], to=by, session="bench")
    proof = Proof(by.pk, "bench", token, "password")
    return lambda: records.perform(record, "settle", by=by, proof=proof)


def main() -> None:
    call_command("migrate", verbosity=0)
    site = SiteFactory.create(code="BEN1")
    by = a_person(Role.MANAGER, site)
    for name in ("rows", "record"):
        watch(capture, name, "trail")
    watch(sealing.Transaction, "append", "trail")
    watch(services, "begin", "signing")
    watch(services.Signing, "through", "signing")
    ready = [factories.ready_to_decide(by, site).pk for _each in range(2 * ROUNDS)]
    plain = [Nonconformity.objects.get(pk=pk) for pk in ready[:ROUNDS]]
    new = [factories.unsaved(by, site) for _each in range(ROUNDS)]
    found = {
        "create": measure([lambda one=one: records.create(one, by=by) for one in new]),
        "step, rigour 0": measure([lambda o=o: records.perform(o, "settle", by=by) for o in plain]),
    }
    dial.turn({"nonconformities.settle": Level.ONE}, {}, by=by)
    found["step, rigour 1"] = measure([signed_step(pk, by) for pk in ready[ROUNDS:]])
    signed = [Nonconformity.objects.get(pk=pk) for pk in ready[ROUNDS:]]
    unsigned = [Nonconformity.objects.get(pk=pk) for pk in ready[:ROUNDS]]
    shown = [
        lambda one=one: showing.show(one, one.workflow["void"], to=by, session="b")
        for one in signed
    ]
    found["show what is signed"] = measure(shown)
    found["validity, signed"] = measure([lambda o=o: validity.checked(o) for o in signed])
    found["validity, not signed"] = measure([lambda o=o: validity.checked(o) for o in unsigned])
    print(json.dumps({"database": connection.vendor, **found}, indent=2))


if __name__ == "__main__":
    main()
