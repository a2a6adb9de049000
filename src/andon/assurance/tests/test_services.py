"""A verdict is recorded whole, follows the earlier one, and never changes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.assurance.models import Assessment, Verdict
from andon.assurance.testing import DAY, FIRST, LATER, a_verdict
from andon.records.workflow import Refusal, Refused
from andon.trail.models import AuditEntry
from andon.trail.services import NotAudited, audited

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessor() -> User:
    return a_person(Role.MANAGER)


def test_a_verdict_names_who_said_it_when_and_how_long_it_holds(assessor: User) -> None:
    said = a_verdict(assessor)

    kept = Assessment.objects.get()
    assert kept == said
    assert (kept.edition, kept.requirement) == (FIRST, "8.7.1-1")
    assert kept.assessor == assessor
    assert kept.day == DAY
    assert kept.expires_on == DAY + timedelta(days=365)


def test_a_verdict_leaves_an_entry_in_the_trail_under_its_requirement(assessor: User) -> None:
    a_verdict(assessor)

    entry = AuditEntry.objects.get(model="assurance.assessment")
    assert entry.number == "8.7.1-1"
    assert entry.actor_id == str(assessor.pk)


def test_a_later_verdict_follows_the_earlier_one_which_stays_as_it_was(assessor: User) -> None:
    first = a_verdict(assessor, Verdict.NONCONFORMING)
    second = a_verdict(assessor, Verdict.CONFORMING, day=DAY + timedelta(days=30))

    first.refresh_from_db()
    assert first.verdict == Verdict.NONCONFORMING
    assert second.replaces == first
    assert list(Assessment.objects.current()) == [second]


def test_a_verdict_counts_only_in_its_edition(assessor: User) -> None:
    before = a_verdict(assessor, edition=FIRST)
    after = a_verdict(assessor, edition=LATER)

    assert after.replaces is None
    assert set(Assessment.objects.current()) == {before, after}


def test_two_assessors_cannot_both_have_the_last_word(assessor: User) -> None:
    a_verdict(assessor)

    with pytest.raises(Refused, match="Somebody assessed this requirement"):
        a_verdict(a_person(Role.QUALITY), seen=0)

    assert Assessment.objects.count() == 1


def test_who_has_seen_the_last_word_may_follow_it(assessor: User) -> None:
    first = a_verdict(assessor)

    assert a_verdict(assessor, seen=first.pk).replaces == first


@pytest.mark.parametrize(
    "role", [Role.CONTRIBUTOR, Role.OWNER, Role.MANAGEMENT, Role.AUDITOR, Role.ADMIN]
)
def test_only_quality_people_assess(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        a_verdict(a_person(role))

    assert not Assessment.objects.exists()


def test_a_refusal_lists_everything_that_is_missing(assessor: User) -> None:
    with pytest.raises(Refusal) as refusal:
        a_verdict(assessor, Verdict.NOT_APPLICABLE, note=" ", expires_on=DAY)

    assert [item.fix for item in refusal.value.items] == [
        "#id_note",
        "#id_justification",
        "#id_expires_on",
    ]


def test_an_unknown_verdict_is_refused(assessor: User) -> None:
    with pytest.raises(Refusal, match="Choose a verdict"):
        a_verdict(assessor, "fine")


def test_not_applicable_keeps_its_reason_and_other_verdicts_have_none(assessor: User) -> None:
    left_out = a_verdict(
        assessor,
        Verdict.NOT_APPLICABLE,
        on="8.3.1-1",
        justification="We make to drawings of customers.",
    )
    kept = a_verdict(assessor, Verdict.CONFORMING, justification="Not asked for.")

    assert left_out.justification == "We make to drawings of customers."
    assert kept.justification == ""


def test_a_verdict_cannot_be_changed_outside_the_trail(assessor: User) -> None:
    said = a_verdict(assessor)
    said.note = "Something else"

    with pytest.raises(NotAudited):
        said.save()


@pytest.mark.parametrize(
    "broken",
    [
        {"verdict": "fine"},
        {"verdict": Verdict.NOT_APPLICABLE},
        {"note": ""},
        {"expires_on": date(2020, 1, 1)},
    ],
    ids=str,
)
def test_the_database_itself_refuses_a_broken_verdict(
    assessor: User, broken: dict[str, object]
) -> None:
    said = a_verdict(assessor)

    with pytest.raises(IntegrityError), audited(assessor, reason="test"):
        Assessment.objects.filter(pk=said.pk).update(**broken)


def test_the_database_itself_refuses_a_second_first_word(assessor: User) -> None:
    said = a_verdict(assessor)
    said.pk = None

    with pytest.raises(IntegrityError), audited(assessor, reason="test"):
        said.save(force_insert=True)
