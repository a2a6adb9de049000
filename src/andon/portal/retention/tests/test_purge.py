"""Nothing goes before its time, under a hold, by one person, or without a trace (RT1)."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.tests.factories import reported
from andon.organization import clock
from andon.portal.hooks.models import Delivery, Webhook
from andon.portal.notices.models import CalendarEntry
from andon.portal.retention import queries, services
from andon.portal.retention.models import Purge, Stub
from andon.records import services as records
from andon.records.models import Comment, Link
from andon.records.workflow import Refused
from andon.trail.models import AuditEntry
from andon.trail.services import audited
from andon.trail.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ten_years")]
WHY = "Ten years are over"


def destroyed(record, proposer, confirmer):
    return services.confirm(
        services.propose([record.number], reason=WHY, by=proposer), by=confirmer
    )


class TestTwoPeople:
    def test_RT1_two_people_destroy_a_record_and_its_parts(self, closed, ana, ines):
        record = closed(title="Secret recipe")
        records.comment(record, "A remark", by=ana)

        destroyed(record, ana, ines)

        assert not Nonconformity.objects.exists()
        assert not Comment.objects.exists()
        assert verify().findings == []

    def test_RT1_nobody_confirms_their_own_proposal(self, closed, ana):
        record = closed()
        purge = services.propose([record.number], reason=WHY, by=ana)

        with pytest.raises(Refused, match="second person"):
            services.confirm(purge, by=ana)

        assert Nonconformity.objects.filter(pk=record.pk).exists()

    def test_RT1_also_the_database_refuses_one_person(self, closed, ana):
        purge = services.propose([closed().number], reason=WHY, by=ana)

        with pytest.raises(IntegrityError), audited(ana):
            purge.stage, purge.decided_by = Purge.Stage.DONE, ana
            purge.save()

    def test_RT1_a_proposal_is_decided_once(self, closed, ana, ines):
        purge = destroyed(closed(), ana, ines)

        for act in (services.confirm, services.turn_down):
            with pytest.raises(Refused, match="decided already"):
                act(purge, by=ines)

    def test_RT1_a_proposal_that_is_turned_down_destroys_nothing(self, closed, ana, ines):
        record = closed()
        services.turn_down(services.propose([record.number], reason=WHY, by=ana), by=ines)

        assert Nonconformity.objects.filter(pk=record.pk).exists()

    @pytest.mark.parametrize("role", [Role.QUALITY, Role.OWNER, Role.AUDITOR, Role.CONTRIBUTOR])
    def test_RT1_other_roles_neither_propose_nor_confirm(self, closed, site, ana, role):
        record, other = closed(), a_person(role, site)
        purge = services.propose([record.number], reason=WHY, by=ana)

        with pytest.raises(PermissionDenied):
            services.propose([record.number], reason=WHY, by=other)
        with pytest.raises(PermissionDenied):
            services.confirm(purge, by=other)
        with pytest.raises(PermissionDenied):
            services.turn_down(purge, by=other)

    def test_RT1_a_reason_is_asked_for(self, closed, ana):
        with pytest.raises(Refused, match="Say why"):
            services.propose([closed().number], reason=" ", by=ana)


class TestTime:
    def test_RT1_a_record_is_kept_until_its_years_are_over(self, closed, ana):
        record = closed(day=date(2024, 1, 1))

        with pytest.raises(Refused, match="kept for 10 years"):
            services.propose([record.number], reason=WHY, by=ana)

    def test_RT1_a_kind_without_a_class_is_kept_for_ever(self, closed, ana):
        record = closed()
        services.keep_for_ever("nonconformities", by=ana)

        with pytest.raises(Refused, match="kept for ever"):
            services.propose([record.number], reason=WHY, by=ana)

    def test_RT1_a_class_that_became_longer_counts_when_it_is_confirmed(self, closed, ana, ines):
        record = closed()
        purge = services.propose([record.number], reason=WHY, by=ana)
        services.keep_for("nonconformities", years=50, basis="A new contract", by=ana)

        with pytest.raises(Refused, match="kept for 50 years"):
            services.confirm(purge, by=ines)

    def test_RT1_an_open_record_is_never_destroyed(self, site, ana):
        record = reported(ana, site)

        with pytest.raises(Refused, match="is not closed"):
            services.propose([record.number], reason=WHY, by=ana)

    def test_the_day_of_the_end_still_belongs_to_the_time(self, ten_years):
        assert queries.last_day(ten_years, date(2026, 12, 1)) == date(2016, 12, 1)
        assert queries.last_day(ten_years, date(2024, 2, 29)) == date(2014, 3, 1)

    @pytest.mark.parametrize("years", [0, 101])
    def test_a_class_has_years(self, ana, years):
        with pytest.raises(ValidationError):
            services.keep_for("actions", years=years, basis="x", by=ana)

    def test_what_is_due_is_counted_and_what_is_proposed_is_not(self, closed, ana):
        first, _second = closed(), closed()

        def due():
            rows = queries.kept(ana, date(2026, 12, 1))
            return next(row.due for row in rows if row.kind is Nonconformity)

        assert due() == 2
        services.propose([first.number], reason=WHY, by=ana)
        assert due() == 1


class TestHolds:
    @pytest.mark.parametrize(
        "limits",
        [
            {},
            {"kind": "nonconformities"},
            {"opened_from": date(2010, 1, 1), "opened_until": date(2010, 12, 31)},
        ],
    )
    def test_RT1_a_hold_stops_what_it_covers(self, closed, ana, limits):
        record = closed()
        services.hold({"title": "Dispute", "reason": "A claim", **limits}, by=ana)

        with pytest.raises(Refused, match="held by “Dispute”"):
            services.propose([record.number], reason=WHY, by=ana)

    @pytest.mark.parametrize("limits", [{"kind": "actions"}, {"opened_from": date(2011, 1, 1)}])
    def test_a_hold_on_something_else_does_not(self, closed, ana, limits):
        services.hold({"title": "Dispute", "reason": "A claim", **limits}, by=ana)

        assert services.propose([closed().number], reason=WHY, by=ana).pk

    def test_RT1_a_hold_that_comes_between_the_two_stops_the_second(self, closed, ana, ines):
        record = closed()
        purge = services.propose([record.number], reason=WHY, by=ana)
        services.hold({"title": "Dispute", "reason": "A claim", "numbers": record.number}, by=ines)

        with pytest.raises(Refused, match="held by"):
            services.confirm(purge, by=ines)

        assert Nonconformity.objects.filter(pk=record.pk).exists()

    def test_a_hold_that_is_lifted_with_a_reason_holds_no_more(self, closed, ana):
        record = closed()
        hold = services.hold({"title": "Dispute", "reason": "A claim"}, by=ana)
        with pytest.raises(Refused, match="Say why"):
            services.lift(hold, reason="", by=ana)

        services.lift(hold, reason="Settled", by=ana)

        assert services.propose([record.number], reason=WHY, by=ana).pk

    def test_a_hold_names_only_records_that_exist(self, ana):
        with pytest.raises(ValidationError, match="no record with the number NC-X"):
            services.hold({"title": "D", "reason": "A", "numbers": "NC-X"}, by=ana)


class TestWhatStays:
    def test_RT1_messages_and_calendars_repeat_nothing_of_it_any_more(self, closed, ana, ines):
        gone, stays = closed(title="Secret recipe"), closed(title="No secret")
        calls = {"events": ["created"], "seen_by": ana, "url": "https://erp.example.com/"}
        with audited(ana):
            hook = Webhook.objects.create(name="ERP", **calls)
        for record in (gone, stays):
            Delivery.objects.create(
                webhook=hook,
                key=record.number,
                record_id=record.pk,
                body=record.title,
                made_at=clock.now(),
                due_at=clock.now(),
            )
            CalendarEntry.objects.create(
                user=ana,
                uid=record.number,
                title=record.title,
                url=f"/r/{record.number}",
                due_date=clock.today(),
                changed_at=clock.now(),
            )

        destroyed(gone, ana, ines)

        assert [one.body for one in Delivery.objects.all()] == ["No secret"]
        assert [one.title for one in CalendarEntry.objects.all()] == ["No secret"]

    def test_RT1_the_stub_proves_what_was_and_says_nothing_of_it(self, closed, ana, ines):
        record = closed(title="Secret recipe")
        entry = AuditEntry.objects.filter(number=record.number).last()

        destroyed(record, ana, ines)

        stub = Stub.objects.get(number=record.number)
        manifest = json.loads(stub.manifest)
        assert manifest["state"] == entry.content()["state"]
        assert manifest["last_entry"] == entry.entry_hash
        assert (manifest["proposed_by"], manifest["confirmed_by"]) == (str(ana.pk), str(ines.pk))
        assert "Secret recipe" not in stub.manifest

    def test_RT1_the_entries_of_the_purge_repeat_nothing(self, closed, ana, ines):
        record = closed(title="Secret recipe")
        before = AuditEntry.objects.latest("pk").pk

        destroyed(record, ana, ines)

        after = AuditEntry.objects.filter(pk__gt=before)
        assert not [entry for entry in after if "Secret recipe" in entry.payload]

    def test_RT1_the_number_is_never_given_again(self, closed, ana, ines):
        record = closed()
        destroyed(record, ana, ines)

        assert closed().number != record.number

    def test_RT1_a_stub_that_was_changed_is_found(self, closed, ana, ines):
        destroyed(closed(), ana, ines)
        Stub.objects.get()  # the guard is the trail: this edit goes past it
        _in_sql("UPDATE retention_stub SET manifest = replace(manifest, 'Ten', 'Two')", by=ana)

        kinds = {finding.kind for finding in verify().findings}
        assert {"stub", "row changed"} <= kinds

    def test_RT1_a_stub_that_is_gone_is_found(self, closed, ana, ines):
        destroyed(closed(), ana, ines)
        _in_sql("DELETE FROM retention_stub", by=ana)

        texts = [finding.text for finding in verify().findings]
        assert "A record was purged and left no stub." in texts


def _in_sql(statement, *, by):
    with audited(by), connection.cursor() as cursor:
        cursor.execute(statement)


class TestWhatIsLinked:
    def test_RT1_a_link_to_a_record_that_stays_goes_and_the_stub_keeps_its_number(
        self, closed, site, ana, ines
    ):
        record, other = closed(), reported(ana, site)
        records.link(other, "related", record, by=ana, why="same")

        destroyed(record, ana, ines)

        assert not Link.objects.exists()
        assert json.loads(Stub.objects.get().manifest)["links"] == [other.number]
        assert verify().clean

    def test_RT1_many_go_at_once_and_all_or_none(self, closed, ana):
        old, young = closed(), closed(day=date(2024, 1, 1))

        with pytest.raises(Refused, match=young.number):
            services.propose([old.number, young.number], reason=WHY, by=ana)

        assert not Purge.objects.exists()
