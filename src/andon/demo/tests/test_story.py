"""The story holds: one fill, looked at from all sides."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Sum
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from andon import demo
from andon.accounts.models import User
from andon.assurance.models import Assessment
from andon.demo.factory import Factory
from andon.demo.tests.told import digest
from andon.modules.actions.models import CorrectiveAction
from andon.modules.actions.models.shipped import form_for
from andon.modules.actions.queries.eight_d import sheet_of
from andon.modules.actions.queries.parts_problem import dates_of
from andon.modules.actions.queries.told import Told
from andon.modules.improvements.models import ImprovementProject
from andon.modules.kpis.models import Kpi, Signal
from andon.modules.kpis.queries.comparing import window
from andon.modules.nonconformities.models import Nonconformity
from andon.modules.nonconformities.queries import similar_to
from andon.modules.production.models import ImportBatch, Output, Scrap
from andon.organization.queries import settings as chosen
from andon.records.models import Attachment, Record
from andon.records.services import open_steps
from andon.records.thread import thread_of
from andon.trail.verify import verify

TODAY = date(2026, 11, 25)


class TestTheStory(TestCase):
    """Everything that is asserted of one filled factory."""

    factory: Factory
    told_first: str

    @classmethod
    def setUpTestData(cls) -> None:
        cls.enterClassContext(override_settings(FILES=cls._folder()))
        # As Django does around a class; a rolled back fill leaves nothing for the next one.
        atomics = cls._enter_atomics()  # type: ignore[attr-defined]
        demo.fill(TODAY)
        cls.told_first = digest()
        cls._rollback_atomics(atomics)  # type: ignore[attr-defined]
        cls.factory = demo.fill(TODAY)

    @classmethod
    def _folder(cls) -> Path:
        return Path(cls.enterClassContext(TemporaryDirectory()))

    def test_nothing_looks_changed_behind_the_applications_back(self) -> None:
        found = verify()

        assert found.findings == []
        assert found.entries > 500

    def test_eight_people_can_sign_in_with_the_common_password(self) -> None:
        assert len(demo.SIGN_INS) == 8
        for one in demo.SIGN_INS:
            assert self._signed_in(one.username).get(reverse("portal:home")).status_code == 200

    def _signed_in(self, username: str) -> Client:
        client = Client()
        user = User.objects.get(username=username)
        assert user.check_password(demo.PASSWORD)
        client.force_login(user)
        return client

    def test_the_organization_is_light_and_uses_the_amended_edition(self) -> None:
        assert chosen().name == "ABC Industrial Components"
        assert chosen().profile == "light"
        assert chosen().edition == "9001:2015+A1"

    def test_facts_cover_eighteen_months_of_working_days_until_yesterday(self) -> None:
        days = set(Output.objects.values_list("day", flat=True))

        assert min(days) < date(2025, 6, 1)
        assert max(days) == date(2026, 11, 24)
        assert all(day.weekday() < 5 for day in days)
        assert not days & self.factory.holidays

    def test_scrap_is_always_less_than_what_was_made(self) -> None:
        made = Output.objects.current().aggregate(sum=Sum("produced"))["sum"]
        lost = Scrap.objects.current().aggregate(sum=Sum("quantity"))["sum"]

        assert 0.05 < lost / made < 0.07

    def test_scrap_of_press_line_2_went_from_8_to_6_per_cent(self) -> None:
        kpi = Kpi.objects.get(code="SCRAP-PRS2")
        before = window(kpi, since=self.factory.on(-57), until=self.factory.on(-35))
        after = window(kpi, since=self.factory.on(-26), until=self.factory.on(-1))

        assert abs(float(before.level or 0) - 8.0) < 0.1
        assert abs(float(after.level or 0) - 6.0) < 0.1

    def test_one_action_was_effective_by_its_numbers(self) -> None:
        action = self._action("effective")
        check = action.checks.get()

        assert check.computed == "effective"
        assert "8 %" in check.reasons or "7.9" in check.reasons
        assert action.verdict(action.closed_date).outcome == "effective"
        assert action.recurrences.get().counts is False

    def _action(self, state: str) -> Any:
        return CorrectiveAction.objects.exclude(title__startswith="Shafts above").get(state=state)

    def test_one_complaint_is_told_to_the_end_as_an_8d(self) -> None:
        action = CorrectiveAction.objects.get(title__startswith="Shafts above")
        told = Told(action, self.factory.people["ana"], TODAY)
        sheet = sheet_of(form_for(told.report), told)

        assert action.state == "effective"
        assert len(action.cases) == 3
        assert "Automotive 8D" in sheet.form
        empty = [part.title for part in sheet.parts if not (part.facts or part.rows or part.points
                 or part.svg or part.sentences)]  # fmt: skip
        assert empty == []
        assert all(day for _name, day in dates_of(told))

    def test_one_action_was_not_effective_and_has_a_successor(self) -> None:
        action = self._action("not_effective")

        assert action.checks.get().computed == "not_effective"
        assert action.successor is not None
        assert not action.needs_successor

    def test_one_action_is_inconclusive_and_watched_longer(self) -> None:
        action = self._action("implemented")

        assert [(c.decision, c.computed) for c in action.checks.all()] == [("inconclusive",) * 2]
        assert action.criterion.extended_days == 84
        assert action.verdict(TODAY).outcome == "inconclusive"

    def test_a_case_waits_to_be_judged_as_a_recurrence(self) -> None:
        assert len(self._action("implemented").verdict(TODAY).unjudged) == 1

    def test_one_action_is_still_open_and_not_ready(self) -> None:
        action = self._action("opened")
        missing = {step.name: texts for step, texts in open_steps(action, action.owner)}

        assert missing["settle"]

    def test_the_thread_goes_from_the_signal_to_the_action(self) -> None:
        case = Nonconformity.objects.get(title__startswith="Burrs of 0.16")
        numbers = str(thread_of(case, viewer=self.factory.people["ana"]))

        assert "SIG-ABC1" in numbers
        assert "CA-ABC1" in numbers

    def test_nonconformities_stand_in_every_state_of_the_light_profile(self) -> None:
        assert Nonconformity.objects.count() >= 25
        states = set(Nonconformity.objects.values_list("state", flat=True))
        assert states == {"reported", "decided", "closed", "void"}
        kinds = set(Nonconformity.objects.values_list("category", flat=True))
        assert kinds == {"product", "process", "system", "audit"}

    def test_a_repeat_within_the_window_is_flagged(self) -> None:
        again = Nonconformity.objects.get(title="Bores too wide again")
        nearest = similar_to(again, Nonconformity.objects.all())[0]

        assert nearest.is_repeat
        assert again.links_out.filter(kind="recurrence_of").count() == 2

    def test_something_is_overdue(self) -> None:
        assert Record.objects.overdue(TODAY).filter(kind="nonconformities").exists()

    def test_a_closure_was_refused_and_what_it_lacks_is_listed(self) -> None:
        case = Nonconformity.objects.get(title="Chatter marks in bushings")
        steps = {step.name: missing for step, missing in open_steps(case, case.owner)}

        assert case.state == "decided"
        assert case.comments.get().text.startswith("Not yet: ")
        assert len(steps["close"]) >= 2

    def test_one_concession_was_approved_by_the_customer_and_one_is_not(self) -> None:
        used = Nonconformity.objects.get(title__startswith="Shafts 4 µm")
        waiting = Nonconformity.objects.get(title__startswith="Weld nut")

        assert used.state == "closed"
        assert used.decisions[0].approval_number == "Elmot C-0412"
        assert waiting.state == "reported"
        assert "approval is missing" in waiting.comments.get().text

    def test_a_rework_failed_its_verification_once(self) -> None:
        case = Nonconformity.objects.get(title="Coating peels off guard plates")

        assert case.state == "closed"
        assert case.decisions[0].verified_ok

    def test_one_nonconformity_has_a_photo(self) -> None:
        photo = Attachment.objects.get()

        assert photo.is_photo
        assert photo.size > 10_000

    def test_signals_are_answered_in_different_ways_and_one_is_open(self) -> None:
        answers = [signal.answer.split(":")[0] for signal in Signal.objects.order_by("pk")]

        assert "False alarm" in answers
        assert "Cause" in answers
        assert any("NC-ABC1" in answer for answer in answers)
        assert Signal.objects.filter(state="raised").count() == 1
        assert len(answers) < 15

    def test_a_project_brought_money_and_another_answers_the_level_off_target(self) -> None:
        done = ImprovementProject.objects.get(state="confirmed")
        proposed = ImprovementProject.objects.get(state="proposed")
        phase = Kpi.objects.get(code="OTD").phases.order_by("-day")[0]

        assert done.confirmed_benefit is not None
        assert 5000 < done.confirmed_benefit < 12000
        assert (done.owner.username, done.confirmed_by) == ("tina", self.factory.people["ana"])
        assert phase.shown_by == done.number
        assert proposed.number in Signal.objects.get(signal_kind="off_target").answer

    def test_the_false_alarm_left_corrected_facts_and_a_restated_week(self) -> None:
        assert ImportBatch.objects.filter(corrected__gt=0, model="production.stop").exists()
        assert Kpi.objects.get(code="DOWNTIME").notes.filter(text__contains="Restated").exists()

    def test_requirements_are_assessed_with_every_kind_of_verdict(self) -> None:
        verdicts = set(Assessment.objects.values_list("verdict", flat=True))

        assert verdicts == {"conforming", "effective", "nonconforming", "not_applicable"}

    def test_the_same_seed_and_day_make_the_same_factory(self) -> None:
        assert digest() == self.told_first
