"""An analysis is a record like any other."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.analyses.models import Analysis
from andon.records import services as records
from andon.records.testing import RecordKindTests
from andon.records.workflow import Refusal

from .factories import QUIET, an_analysis, unsaved_analysis, values


class TestAnalysis(RecordKindTests):
    kind = Analysis

    def a_new(self, *, owner: User, site: Site, **fields: Any) -> Analysis:
        return unsaved_analysis(owner, site, **fields)

    def test_it_is_issued_with_its_conclusion_and_then_stays_as_it_is(self, owner, site):
        analysis = self.made(owner, site)

        issued = records.perform(
            analysis, "issue", by=owner, data={"conclusion": "The pump is left alone."}
        )

        assert (issued.state, issued.closed_date is not None) == ("issued", True)

    def test_it_is_not_issued_without_a_conclusion(self, owner, site):
        with pytest.raises(Refusal, match="still empty"):
            records.perform(self.made(owner, site), "issue", by=owner)

    def test_it_is_not_issued_when_the_statistics_say_something_else_by_now(self, owner, site):
        analysis = self.a_new(owner=owner, site=site)
        analysis.reading = ["Something else was read."]
        records.create(analysis, by=owner)

        with pytest.raises(Refusal, match="keep it anew"):
            records.perform(analysis, "issue", by=owner, data={"conclusion": "x"})

    def test_who_only_works_at_a_machine_may_keep_it_but_not_issue_it(self, site):
        olga = a_person(Role.CONTRIBUTOR, site)
        analysis = an_analysis(olga, site)

        with pytest.raises(Exception, match="roles"):
            records.perform(analysis, "issue", by=olga, data={"conclusion": "x"})

    def test_values_come_back_as_they_were_typed(self, owner, site):
        analysis = an_analysis(owner, site, found=values(x=[0.1, None, 3.0, 10000000.2]))

        again = Analysis.objects.get(pk=analysis.pk)

        assert again.data.columns[0].cells == (0.1, None, 3.0, 10000000.2)
        assert again.holds

    def test_values_that_do_not_suit_the_method_are_refused_in_words(self, owner, site):
        with pytest.raises(ValidationError, match="Choose the column"):
            an_analysis(owner, site, found=values(name=["a", "b"]))

    def test_too_many_values_are_refused(self, owner, site):
        many = values(**{f"c{at}": [1.0] * 5000 for at in range(13)})

        with pytest.raises(ValidationError, match="too many values"):
            an_analysis(owner, site, found=many)

    def test_it_says_with_what_it_was_computed(self, owner, site):
        assert an_analysis(owner, site).engine.startswith("Andon ")

    def test_it_is_found_by_what_was_read(self, owner, site):
        analysis = an_analysis(owner, site, found=values(flow=[*QUIET, 99.0]))

        assert "is not stable" in analysis.search_text
