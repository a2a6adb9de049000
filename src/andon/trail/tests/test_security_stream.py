"""The second stream has its own head and is part of the same verification (AT11)."""

import pytest

from andon.trail.models import AuditEntry, TrailHead
from andon.trail.sealing import RECORDS, SECURITY
from andon.trail.security import tell
from andon.trail.services import SYSTEM, audited
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db


def heads():
    return dict(TrailHead.objects.values_list("stream", "seq"))


def test_AT11_an_event_moves_only_the_head_of_its_own_stream():
    before = heads()

    tell("signed in", by=SYSTEM("sign-in"), detail={"account": "7"})

    assert heads() == {**before, SECURITY: before[SECURITY] + 1}
    assert verify().clean


def test_AT11_an_event_inside_a_block_is_sealed_with_it():
    before = heads()

    with audited(SYSTEM("test")):
        tell("exported", by=SYSTEM("test"), number="NC-1")

    assert heads()[SECURITY] == before[SECURITY] + 1
    entry = AuditEntry.objects.filter(stream=SECURITY).latest("seq")
    assert (entry.action, entry.number, entry.actor_id) == ("exported", "NC-1", "test")


def test_AT11_an_event_is_lost_with_the_block_it_was_part_of():
    before = heads()

    with pytest.raises(ValueError, match="no"), audited(SYSTEM("test")):
        tell("exported", by=SYSTEM("test"))
        raise ValueError("no")

    assert heads() == before
    assert RECORDS in before
