"""The copies of the database that other tests stand on."""

import urllib.error
import urllib.request

import pytest
from django.db import connection

from andon.accounts.models import Site
from andon.trail.models import TrailHead
from andon.trail.services import SYSTEM, audited
from tests.committed import together


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_gets_a_fresh_copy(committed_db: str, time: str) -> None:
    assert TrailHead.objects.get(stream="records").seq == 0

    with audited(SYSTEM(time)):
        Site.objects.create(code="A", name=time)

    assert not connection.in_atomic_block
    assert together(2, lambda _: Site.objects.count()) == [1, 1]


def test_the_usual_database_is_there_again(db: None) -> None:
    assert not Site.objects.exists()


def test_the_application_is_served_on_a_copy(committed_server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{committed_server}/no-such-page/", timeout=20)

    assert answer.value.code == 404
    answer.value.close()
