"""The same request from eight windows at the same moment does its work once (RC4)."""

import json

from django.test import Client

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.trail.verify import verify
from tests.committed import together

BODY = json.dumps({"site": "ABC1", "title": "Burr on bracket", "category": "process"})


def test_RC4_eight_at_once_with_one_key_make_one_record(committed_db):
    ana = a_person(Role.MANAGER, SiteFactory.create(code="ABC1"))

    def send(number):
        client = Client()
        client.force_login(ana)
        return client.post(
            "/api/v1/nonconformities/",
            BODY,
            content_type="application/json",
            headers={"Idempotency-Key": "order 4711"},
        )

    answers = together(8, send)

    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["number"] for each in answers}) == 1
    assert Nonconformity.objects.count() == 1
    assert verify().clean
