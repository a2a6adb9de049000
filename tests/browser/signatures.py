"""Signatures in the demo factory: one that stands, one step that waits for a second person."""

from andon.accounts.models import Site, User
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import ready_to_decide
from andon.records import services as records
from andon.signing import dial, showing
from andon.signing.models import Level
from andon.signing.proving import Proof

SIGNED, WAITING = "Signed: bore too wide", "Signed once: burr on the edge"
DIALLED = {"nonconformities.settle": Level.TWO, "nonconformities.void": Level.ONE}


def sign_all(*, first: User, second: User, site: Site) -> None:
    """Turn the dial up, sign one record by two people and one by the first only."""
    dial.turn(dict(DIALLED), {}, by=second)
    for title, people in ((SIGNED, (first, second)), (WAITING, (first,))):
        record = ready_to_decide(first, site, title=title)
        for person in people:
            sign(record, "settle", by=person)


def sign(record: Nonconformity, step: str, *, by: User) -> None:
    """Sign as a page would, after the person proved who they are."""
    fresh = Nonconformity.objects.get(pk=record.pk)
    token = showing.show(fresh, fresh.workflow[step], to=by, session="the demo's")
    proof = Proof(by.pk, "the demo's", token, "password")
    records.perform(fresh, step, by=by, proof=proof)
