"""A person gets what is kept of them, and can be forgotten; what they did stays (RT2)."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from andon.accounts import services as accounts
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.entry.models import Badge, OutsideIdentity, Passkey
from andon.modules.nonconformities.tests.factories import reported
from andon.portal.retention import privacy
from andon.portal.retention.models import Erasure
from andon.records.workflow import Refused
from andon.trail.models import AuditEntry, PersonalValue
from andon.trail.sealing import SECURITY
from andon.trail.services import audited
from andon.trail.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga(site):
    return a_person(
        Role.CONTRIBUTOR, site, username="olga", display_name="Olga Petrova", email="o@example.com"
    )


@pytest.fixture
def gone(olga, adam):
    return accounts.disable_user(olga, by=adam)


def a_passkey(person, name, now):
    with audited(person):
        return Passkey.objects.create(
            user=person, name=name, credential_id=str(len(name)), public_key="x", added_at=now
        )


def everything_kept():
    personal = "".join(PersonalValue.objects.values_list("value", flat=True))
    return personal + "".join(AuditEntry.objects.values_list("payload", flat=True))


class TestErase:
    def test_RT2_who_is_erased_is_nowhere_and_their_acts_stay(self, gone, adam):
        assert "Petrova" in everything_kept()

        privacy.erase(gone, reason="Her wish", by=adam)

        gone.refresh_from_db()
        assert gone.display_name == f"Erased person {gone.pk}"
        assert (gone.username, gone.email) == (f"erased-{gone.pk}", "")
        assert "Petrova" not in everything_kept()
        assert "o@example.com" not in everything_kept()
        assert AuditEntry.objects.filter(model="accounts.user", object_id=gone.pk).exists()
        assert verify().clean

    def test_RT2_what_the_person_reported_stays(self, olga, adam, site):
        record = reported(olga, site)
        accounts.disable_user(olga, by=adam)

        privacy.erase(User.objects.get(pk=olga.pk), reason="Her wish", by=adam)

        record.refresh_from_db()
        assert record.opened_by_id == olga.pk
        assert verify().clean

    def test_RT2_what_they_signed_in_with_goes_and_its_names_too(self, olga, adam):
        now = timezone.now()
        lost = a_passkey(olga, "Olgas old phone", now)
        with audited(olga):
            lost.delete()
        a_passkey(olga, "Olgas blue key", now)
        with audited(adam):
            OutsideIdentity.objects.create(
                user=olga, issuer="https://id.example.com", subject="olga.p", linked_at=now
            )
            Badge.objects.create(user=olga, digest="d" * 64, set_at=now)
        accounts.disable_user(olga, by=adam)

        privacy.erase(User.objects.get(pk=olga.pk), reason="Her wish", by=adam)

        kept = everything_kept()
        assert not [word for word in ("Olgas", "olga.p", "Petrova") if word in kept]
        assert not Passkey.objects.exists()
        assert not Badge.objects.exists()
        assert verify().clean

    def test_RT2_the_decision_is_recorded(self, gone, adam):
        privacy.erase(gone, reason="Her wish", by=adam)

        made = Erasure.objects.get()
        assert (made.person_id, made.decided_by_id, made.reason) == (gone.pk, adam.pk, "Her wish")

    def test_RT2_somebody_who_may_sign_in_is_not_erased(self, olga, adam):
        with pytest.raises(Refused, match="Disable the person first"):
            privacy.erase(olga, reason="x", by=adam)

    def test_RT2_nobody_is_erased_twice_or_by_themselves_or_without_a_reason(self, gone, adam):
        with pytest.raises(Refused, match="Say why"):
            privacy.erase(gone, reason=" ", by=adam)
        privacy.erase(gone, reason="Her wish", by=adam)

        with pytest.raises(Refused, match="erased already"):
            privacy.erase(gone, reason="again", by=adam)
        with pytest.raises(Refused, match="Nobody erases themselves"):
            privacy.erase(adam, reason="x", by=adam)

    @pytest.mark.parametrize("role", [Role.MANAGER, Role.QUALITY, Role.AUDITOR])
    def test_RT2_other_roles_erase_nobody(self, gone, site, role):
        with pytest.raises(PermissionDenied):
            privacy.erase(gone, reason="x", by=a_person(role, site))


class TestExport:
    def test_RT2_a_person_gets_what_names_them_without_what_opens_doors(self, olga, site):
        record = reported(olga, site, title="Burr")

        data = json.loads(privacy.export(olga, by=olga))

        assert data["person"]["display_name"] == "Olga Petrova"
        assert "password" not in data["person"]
        assert data["said_of_them"]["accounts.rolegrant"]
        assert record.number in json.dumps(data)
        assert any("created" in done["what"] for done in data["what_they_did"])

    def test_RT2_the_data_of_others_is_for_who_sees_to_privacy(self, olga, adam, ana):
        assert privacy.export(olga, by=adam)
        with pytest.raises(PermissionDenied):
            privacy.export(olga, by=ana)

    def test_AT11_an_export_is_in_the_security_stream(self, olga, adam):
        privacy.export(olga, by=adam)

        entry = AuditEntry.objects.filter(stream=SECURITY).latest("seq")
        assert (entry.actor_id, entry.object_id) == (str(adam.pk), str(olga.pk))


class TestPages:
    def test_a_person_is_forgotten_by_page(self, client, gone, adam):
        client.force_login(adam)

        client.post(f"/setup/privacy/{gone.pk}/", {"reason": "Her wish"})

        page = client.get(f"/setup/privacy/{gone.pk}/").content.decode()
        assert "Her wish" in page
        assert "Petrova" not in page

    def test_what_stands_in_the_way_is_said_and_nothing_is_lost(self, client, olga, adam):
        client.force_login(adam)

        answer = client.post(f"/setup/privacy/{olga.pk}/", {"reason": "Her wish"})

        assert answer.status_code == 409
        assert b"Disable the person first" in answer.content
        assert b"Her wish" in answer.content

    def test_everybody_takes_their_own_data_away(self, client, olga):
        client.force_login(olga)

        answer = client.get("/setup/privacy/mine/")

        assert "attachment" in answer["Content-Disposition"]
        assert json.loads(answer.content)["person"]["username"] == "olga"


class TestRetentionPages:
    def test_a_purge_goes_through_by_page(self, client, closed, ana, ines):
        record = closed()
        client.force_login(ana)
        client.post("/setup/retention/kinds/nonconformities/", {"years": 10, "basis": "Contract"})
        assert (
            record.number
            in client.get("/setup/retention/kinds/nonconformities/purge/").content.decode()
        )
        answer = client.post(
            "/setup/retention/kinds/nonconformities/purge/",
            {"number": [record.number], "reason": "Over"},
        )
        own = client.post(f"{answer['Location']}confirm/")
        assert own.status_code == 409
        client.force_login(ines)
        client.post(f"{answer['Location']}confirm/")

        page = client.get(answer["Location"]).content.decode()
        assert "Signed" in page
        assert client.get(f"/nonconformities/{record.number}/").status_code == 404
