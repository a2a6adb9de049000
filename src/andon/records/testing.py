"""What every kind of record must do, as one test class to inherit."""

from abc import abstractmethod
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.trail.models import AuditEntry
from andon.trail.verify import verify

from . import services as records
from .models import Record
from .workflow import Refused, Stale


@pytest.mark.django_db
class RecordKindTests:
    """Inherit, say how one record is made, and the kind is held to what all kinds promise."""

    kind: ClassVar[type[Record]]
    # A role that may create and edit this kind.
    role: ClassVar[Role] = Role.MANAGER
    # Queries that a list page may cost at the most, whatever its length.
    list_queries: ClassVar[int] = 20

    @abstractmethod
    def a_new(self, *, owner: User, site: Site, **fields: Any) -> Record:
        """Return an unsaved record that is fit to be created."""

    @pytest.fixture
    def site(self) -> Site:
        site: Site = SiteFactory.create(code="ABC1")
        return site

    @pytest.fixture
    def owner(self, site: Site) -> User:
        return a_person(self.role, site)

    @pytest.fixture
    def page(self, client: Client, owner: User) -> Client:
        client.force_login(owner)
        return client

    def made(self, owner: User, site: Site, **fields: Any) -> Any:
        return records.create(self.a_new(owner=owner, site=site, **fields), by=owner)

    def address(self, record: Record, *parts: str) -> str:
        return record.get_absolute_url() + "/".join(parts) + ("/" if parts else "")

    # -- the life --------------------------------------------------------------------------

    def test_the_workflow_is_sound(self) -> None:
        assert list(self.kind.workflow.flaws()) == []

    def test_numbers_follow_each_other_per_site_and_year(self, owner: User, site: Site) -> None:
        day = timezone.now().date()

        first, second = self.made(owner, site), self.made(owner, site)

        stem = f"{self.kind.prefix}-ABC1-{day.year}-"
        assert (first.number, second.number) == (f"{stem}0001", f"{stem}0002")

    def test_a_creation_that_fails_gives_its_number_back(self, owner: User, site: Site) -> None:
        broken = self.a_new(owner=owner, site=site, title="x" * 300)
        with pytest.raises(Exception, match="200"):
            records.create(broken, by=owner)

        assert self.made(owner, site).number.endswith("0001")

    def test_who_may_not_create_is_refused(self, site: Site) -> None:
        auditor = a_person(Role.AUDITOR, site)

        with pytest.raises(PermissionDenied):
            records.create(self.a_new(owner=auditor, site=site), by=auditor)

    def test_a_step_from_the_wrong_state_is_refused_with_a_sentence(
        self, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        elsewhere = [
            step for step in record.workflow.transitions if record.state not in step.sources
        ]

        for step in elsewhere:
            with pytest.raises(Refused, match="not possible any more"):
                records.perform(record, step.name, by=owner)

    def test_a_void_record_keeps_number_and_content_and_is_frozen(
        self, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        if "void" not in record.workflow:
            pytest.fail("every kind can be voided")

        void = records.perform(record, "void", by=owner, data={"void_reason": "entered twice"})

        assert (void.number, void.is_void, void.closed_date is not None) == (
            record.number,
            True,
            True,
        )
        with pytest.raises(Refused, match="no longer changes"):
            records.edit(void, {"title": "another"}, by=owner, version=void.version)

    def test_a_void_needs_its_reason(self, owner: User, site: Site) -> None:
        with pytest.raises(Refused, match="still empty"):
            records.perform(self.made(owner, site), "void", by=owner)

    # -- edits -----------------------------------------------------------------------------

    def test_RC4_a_stale_edit_is_refused_with_both_values(self, owner: User, site: Site) -> None:
        record = self.made(owner, site)
        records.edit(record, {"title": "first"}, by=owner, version=1)

        with pytest.raises(Stale) as refused:
            records.edit(record, {"title": "second"}, by=owner, version=1)

        assert ("second", "first") in [
            (typed, stored) for _l, typed, stored in refused.value.differences
        ]

    def test_AZ4_a_field_that_moves_by_steps_cannot_be_edited(
        self, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        for name, value in (("state", "closed"), ("number", "X"), ("site", site)):
            with pytest.raises(Refused, match="not changed by hand"):
                records.edit(record, {name: value}, by=owner, version=record.version)

    def test_AT1_every_write_is_in_the_trail_and_the_trail_is_clean(
        self, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        records.edit(record, {"title": "another title"}, by=owner, version=1)
        records.comment(record, "seen", by=owner)

        entries = AuditEntry.objects.filter(number=record.number)
        assert {entry.action for entry in entries} >= {"created", "changed"}
        assert [finding.text for finding in verify().findings] == []

    # -- visibility ------------------------------------------------------------------------

    def test_AZ3_another_sites_record_is_as_absent(
        self, client: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        client.force_login(a_person(self.role, SiteFactory.create()))

        for path in (self.address(record), self.address(record, "edit"), f"/r/{record.number}/"):
            assert client.get(path).status_code == 404
        assert record.number not in client.get(f"/{self.kind.slug()}/").content.decode()

    def test_a_restricted_record_is_for_its_people(
        self, client: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site, restricted=True)
        other = a_person(self.role, site)
        client.force_login(other)

        assert client.get(self.address(record)).status_code == 404
        client.force_login(owner)
        client.post(self.address(record, "people"), {"username": other.username.upper()})
        unknown = client.post(self.address(record, "people"), {"username": "nobody"})
        client.force_login(other)

        assert client.get(self.address(record)).status_code == 200
        assert unknown.status_code == 409

    # -- pages -----------------------------------------------------------------------------

    def test_list_detail_form_thread_history_and_export_answer(
        self, page: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        base = f"/{self.kind.slug()}/"

        for path in (
            base,
            base + "new/",
            base + "export.csv",
            base + "export.xlsx?state=open",
            base + "?col=title&col=site&order=due",
            self.address(record) + "record.pdf",
            self.address(record),
            self.address(record, "edit"),
            self.address(record, "thread"),
            self.address(record, "history"),
            base + "?state=open&q=zzz",
            base + "?state=nonsense&after=x&site=999999",
            *(
                self.address(record, "do", step.name)
                for step in record.workflow.leaving(record.state)
                if step.applies(record)
            ),
        ):
            assert page.get(path).status_code == 200, path
        assert page.get(f"/r/{record.number}/").status_code == 302

    def test_a_list_costs_as_many_queries_for_eleven_as_for_one(
        self, page: Client, owner: User, site: Site
    ) -> None:
        self.made(owner, site)
        path = f"/{self.kind.slug()}/"
        page.get(path)
        with CaptureQueriesContext(
            connection,
        ) as one:
            page.get(path)
        for _more in range(10):
            self.made(owner, site)
        with CaptureQueriesContext(connection) as eleven:
            page.get(path)

        assert len(eleven) == len(one) <= self.list_queries

    def test_pages_of_a_list_follow_each_other_without_gap(
        self, page: Client, owner: User, site: Site
    ) -> None:
        numbers = [self.made(owner, site).number for _n in range(30)]
        path = f"/{self.kind.slug()}/"

        first = page.get(path)
        second = page.get(f"{path}?{first.context['page'].older}")

        shown = [row.number for row in [*first.context["page"].rows, *second.context["page"].rows]]
        assert shown == numbers[::-1]

    def test_search_finds_a_word_of_the_title_by_its_beginning(
        self, page: Client, owner: User, site: Site
    ) -> None:
        wanted = self.made(owner, site, title="Zwischenwelle scratched")
        self.made(owner, site, title="Something else")

        rows = page.get(f"/{self.kind.slug()}/?q=zwischenw").context["page"].rows

        assert [row.number for row in rows] == [wanted.number]

    def test_EX2_export_has_no_cell_that_a_spreadsheet_would_run(
        self, page: Client, owner: User, site: Site
    ) -> None:
        self.made(owner, site, title="=HYPERLINK(1)")

        text = b"".join(page.get(f"/{self.kind.slug()}/export.csv")).decode()

        assert "'=HYPERLINK(1)" in text
        assert ",=HYPERLINK" not in text

    def test_a_stale_form_gets_a_page_with_both_values_and_loses_nothing(
        self, page: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        records.edit(record, {"title": "theirs"}, by=owner, version=1)
        form = page.get(self.address(record, "edit")).context["form"]
        typed = {n: form[n].value() for n in form.fields if form[n].value() not in (None, False)}

        answer = page.post(self.address(record, "edit"), {**typed, "title": "mine", "version": "1"})

        assert answer.status_code == 409
        assert "theirs" in answer.content.decode()
        assert "mine" in answer.content.decode()

    def test_a_form_with_an_error_keeps_what_was_typed(self, page: Client) -> None:
        answer = page.post(f"/{self.kind.slug()}/new/", {"title": "kept" * 60})

        assert answer.status_code == 422
        assert "kept" * 60 in answer.content.decode()

    def test_an_auditor_reads_and_changes_nothing(
        self, client: Client, owner: User, site: Site
    ) -> None:
        record = self.made(owner, site)
        client.force_login(a_person(Role.AUDITOR, site))

        assert client.get(self.address(record)).status_code == 200
        for part in ("edit", "comment", "link", "extend", "files"):
            assert client.post(self.address(record, part), {"text": "x"}).status_code == 403

    # -- due dates -------------------------------------------------------------------------

    def test_an_extension_needs_a_reason_and_a_later_day_and_is_kept(
        self, owner: User, site: Site
    ) -> None:
        due = date(2026, 6, 1)
        record = self.made(owner, site, due_date=due)

        with pytest.raises(Refused, match="why more time"):
            records.extend(record, due + timedelta(days=5), by=owner, reason=" ")
        with pytest.raises(Refused, match="later"):
            records.extend(record, due, by=owner, reason="waiting")
        later = records.extend(
            record, due + timedelta(days=5), by=owner, reason="waiting for steel"
        )

        assert later.due_date == due + timedelta(days=5)
        assert [e.reason for e in later.extensions.all()] == ["waiting for steel"]
