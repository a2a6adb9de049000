"""A database of an older release stays verifiable: forms change with their version (AT8)."""

import pytest
from django.core.management import call_command

from andon.organization.models import Party
from andon.trail.forms import form_of, renew_baselines
from andon.trail.services import SYSTEM, audited
from andon.trail.verify import verify
from tools import forms


def test_AT8_every_change_of_a_form_raised_its_version():
    assert not forms.forgotten(forms.kept(), forms.now())
    assert forms.kept() == forms.now(), "run: python -m tools.forms"


def test_AT8_a_new_form_under_the_old_version_is_named():
    before = {"a.b": {"version": 1, "form": ["id:AutoField"]}}

    raised = {"a.b": {"version": 2, "form": ["id:AutoField", "name:CharField"]}}
    kept = {"a.b": {"version": 1, "form": ["id:AutoField", "name:CharField"]}}

    assert forms.forgotten(before, raised) == []
    assert forms.forgotten(before, kept) == ["a.b"]


def test_a_form_names_each_field_with_its_type():
    assert "code:CharField" in form_of(Party)


@pytest.mark.django_db(transaction=False)
def test_AT8_rows_of_an_older_form_are_sealed_anew_after_migrating(monkeypatch):
    with audited(SYSTEM("test"), reason="made"):
        Party.objects.create(code="OLD", name="Old and Sons", is_supplier=True)
    monkeypatch.setattr(Party, "trail_state_version", 2)
    assert [finding.kind for finding in verify().findings] == ["state version"]

    call_command("migrate", verbosity=0)

    assert verify().findings == []
    assert renew_baselines() == {}


@pytest.mark.django_db(transaction=False)
def test_AT8_a_deletion_told_last_hides_no_older_form(monkeypatch):
    with audited(SYSTEM("test"), reason="made"):
        Party.objects.create(code="OLD", name="Old and Sons", is_supplier=True)
        gone = Party.objects.create(code="GONE", name="Gone", is_supplier=True)
        gone.delete()
    monkeypatch.setattr(Party, "trail_state_version", 2)

    assert renew_baselines() == {"organization.party": 1}
    assert verify().findings == []
