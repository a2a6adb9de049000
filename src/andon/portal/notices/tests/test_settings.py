"""Everybody chooses for themselves when they are told."""

import pytest

from andon.accounts.roles import Role
from andon.portal.notices.models import Preference

pytestmark = pytest.mark.django_db


def test_choices_are_kept_and_shown_again(client, pedro):
    client.force_login(pedro)
    typed = {"hour": "15", "weekdays": ["5", "1"], "returned_at_once": "on"}

    answer = client.post("/notices/settings/", typed)

    chosen = Preference.objects.get(user=pedro)
    assert answer.status_code == 302
    assert (chosen.hour, chosen.weekdays) == (15, "15")
    assert (chosen.assigned_at_once, chosen.returned_at_once) == (False, True)
    assert '<option value="15" selected>' in client.get("/notices/settings/").content.decode()


@pytest.mark.parametrize("typed", [{"hour": "24"}, {"hour": "7", "weekdays": ["8"]}, {}])
def test_what_cannot_be_is_refused_kindly(client, pedro, typed):
    client.force_login(pedro)

    answer = client.post("/notices/settings/", typed)

    assert answer.status_code == 200
    assert not Preference.objects.exists()


def test_who_has_no_address_is_told_so(client, person, mail_on):
    client.force_login(person(Role.OWNER, "nobody", email=""))

    assert "You have no e-mail address here" in client.get("/notices/settings/").content.decode()
