"""Causes as one tree in two views, is/is-not, team, and looking across."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.actions import queries, services
from andon.modules.actions.models import CorrectiveAction
from andon.modules.actions.queries import fishbone
from andon.modules.actions.queries.timeline import timeline
from andon.modules.nonconformities.tests.factories import a_code
from andon.organization.testing import ItemFactory, LineFactory, with_settings
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

from .factories import DONE, OPENED, case, done, fresh, opened, planned, verified, with_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def words(page: Client, address: str) -> str:
    answer = page.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# -- one tree, two views -------------------------------------------------------------------------


def test_what_is_edited_in_one_view_of_the_tree_is_changed_in_the_other(
    page: Client, site: Site, manager: User
) -> None:
    record = opened(manager, site)
    root = services.add_cause(record, by=manager, text="Drill wanders", branch="machine")
    tree = f"/actions/{record.number}/tree/"

    deeper = page.post(
        f"/actions/{record.number}/causes/?view=whys",
        {"text": "Bush is worn", "kind": "occurrence", "parent": root.pk},
    )
    record.refresh_from_db()
    edited = page.post(
        f"/actions/{record.number}/causes/{root.pk}/edit/?view=fishbone",
        {
            "text": "Drill walks off",
            "kind": "occurrence",
            "branch": "method",
            "version": record.version,
        },
    )

    assert (deeper.status_code, deeper["Location"]) == (303, f"{tree}?view=whys")
    assert edited["Location"] == f"{tree}?view=fishbone"
    assert "Drill walks off" in words(page, f"{tree}?view=whys")
    assert "Bush is worn" in words(page, f"{tree}?view=fishbone")
    [chain] = fishbone.chains(fresh(record))
    assert [branch.cause.text for branch in chain] == ["Drill walks off", "Bush is worn"]
    bone = next(bone for bone in fishbone.bones(fresh(record)) if bone.key == "method")
    assert bone.causes[0].deeper[0].cause.text == "Bush is worn"


def test_a_form_begins_where_the_view_was_clicked(page: Client, site: Site, manager: User) -> None:
    record = opened(manager, site)

    form = page.get(f"/actions/{record.number}/causes/?view=fishbone&branch=material").context[
        "form"
    ]

    assert form["branch"].value() == "material"


def test_the_fishbone_is_a_sound_drawing_whatever_is_written_on_it(
    site: Site, manager: User
) -> None:
    record = opened(manager, site, title="<b>Bores & more</b>")
    for at, branch in enumerate(("people", "machine", "management", "", "machine")):
        services.add_cause(record, by=manager, text=f"<script>{at}&" + "w" * 70, branch=branch)

    drawn = ET.fromstring(fishbone.svg(fresh(record)))

    said = " ".join(drawn.itertext())
    assert "<script>" in said
    for label in ("People", "Machine", "Method", "Material", "Measurement", "Environment"):
        assert label in said
    assert "Not placed yet" in said


def test_a_cause_worded_anew_has_to_be_verified_again(site: Site, manager: User) -> None:
    record = opened(manager, site)
    key = verified(record, manager)
    same = fresh(record).all_causes[0]

    moved = services.edit_cause(record, by=manager, cause=key, text=same.text, branch="machine")
    reworded = services.edit_cause(record, by=manager, cause=key, text="The drill is bent")

    assert moved.is_verified
    assert (reworded.state, reworded.verified_by) == ("proposed", None)


def test_a_cause_cannot_lie_behind_itself_nor_deeper_than_anybody_reads(
    site: Site, manager: User
) -> None:
    record = opened(manager, site)
    first = above = services.add_cause(record, by=manager, text="Why 1")
    for at in range(2, 8):
        above = services.add_cause(record, by=manager, text=f"Why {at}", parent=above.pk)

    with pytest.raises(Refused, match="behind itself"):
        services.edit_cause(record, by=manager, cause=first.pk, text="x", parent=above.pk)
    with pytest.raises(Refused, match="too deep"):
        services.add_cause(record, by=manager, text="Why 8", parent=above.pk)
    assert len(queries.tree(fresh(record))) == 1


def test_a_confirmed_plan_keeps_its_causes(site: Site, manager: User) -> None:
    record = planned(manager, site)

    with pytest.raises(Refused, match="no longer change"):
        services.edit_cause(
            record, by=manager, cause=record.all_causes[0].pk, text="Something else"
        )


# -- is and is not -------------------------------------------------------------------------------


def test_the_is_is_not_table_is_written_on_one_page_and_shown(
    page: Client, site: Site, manager: User
) -> None:
    record = opened(manager, site)
    cells = {"where__is_so": "Line 2", "where__is_not": "Line 1", "where__distinction": "New tool"}
    url = f"/actions/{record.number}/contrasts/"

    blind = page.post(url, cells)
    stale = page.post(url, {**cells, "version": record.version - 1})
    answer = page.post(url, {**cells, "version": record.version})

    assert [blind.status_code, stale.status_code, answer.status_code] == [422, 409, 303]
    assert "Line 2" in stale.content.decode(), "both values are shown (RC4)"
    assert [row.question for row in record.contrasts.all()] == ["where"]
    assert "New tool" in words(page, record.get_absolute_url())
    services.contrast(record, by=manager, rows={"where": dict.fromkeys(("is_so", "is_not"), "")})
    assert record.contrasts.get().distinction == "New tool", "what is not given stays"


def test_an_unknown_question_is_refused(site: Site, manager: User) -> None:
    with pytest.raises(Refused, match="no such question"):
        services.contrast(opened(manager, site), by=manager, rows={"whence": {"is_so": "x"}})


# -- team ----------------------------------------------------------------------------------------


def test_a_member_of_the_team_sees_a_restricted_record_until_leaving(
    site: Site, manager: User
) -> None:
    record = opened(manager, site, restricted=True)
    member = a_person(Role.CONTRIBUTOR, site)
    seen = CorrectiveAction.objects.visible_to
    assert not seen(member).exists()

    row = services.join_team(record, by=manager, user=member, role="sponsor")
    assert seen(member).exists()

    services.leave_team(record, by=manager, member=row.pk)
    assert not seen(member).exists()


def test_a_name_from_outside_is_in_the_team_too(page: Client, site: Site, manager: User) -> None:
    record = opened(manager, site)

    answer = page.post(
        f"/actions/{record.number}/team/", {"name": "Jana Weiss, Elmot", "role": "member"}
    )

    assert answer.status_code == 303
    assert "Jana Weiss, Elmot" in words(page, record.get_absolute_url())
    empty = page.post(f"/actions/{record.number}/team/", {"role": "member"})
    assert empty.status_code == 422
    with pytest.raises(Refused, match="Choose a person"):
        services.join_team(record, by=manager)


def test_nobody_is_in_the_team_twice(site: Site, manager: User) -> None:
    record = opened(manager, site)
    services.join_team(record, by=manager, user=manager)

    with pytest.raises(Refused, match="already"):
        services.join_team(record, by=manager, user=manager)


# -- looking across ------------------------------------------------------------------------------


@pytest.fixture
def spread(site: Site, manager: User) -> dict[str, Any]:
    """Return an action, with its defect on another item, another line and another site."""
    item, defect = ItemFactory.create(number="10-1"), a_code(manager)
    line = LineFactory.create(site=site, code="L1")
    record = opened(manager, site, major=True)
    first = case(manager, site, item=item, defect=defect, line=line)
    services.take_on(record, by=manager, case=first)
    other = LineFactory.create(site=site, code="L2")
    case(manager, site, item=ItemFactory.create(number="10-2"), defect=defect, line=line)
    case(manager, site, item=item, line=other)
    case(manager, site, item=ItemFactory.create(number="10-9"), line=line)
    hidden = ItemFactory.create(number="99-9")
    case(manager, site, item=hidden, defect=defect, line=line, restricted=True)
    return {"record": record, "defect": defect, "line": other}


def test_the_records_propose_where_else_it_could_be(spread: dict[str, Any]) -> None:
    found = {place.key.split(":")[0]: place for place in fresh(spread["record"]).proposed_places()}

    assert set(found) == {"item", "line"}
    assert "10-2" in found["item"].text
    assert "same defect" in found["item"].why
    assert "same item" in found["line"].why


def test_a_case_at_another_site_proposes_that_site(spread: dict[str, Any]) -> None:
    elsewhere = SiteFactory.create(code="ABC2")
    owner = a_person(Role.MANAGER, elsewhere)
    case(owner, elsewhere, defect=spread["defect"])

    assert any(p.key == f"site:{elsewhere.pk}" for p in fresh(spread["record"]).proposed_places())


def test_every_proposed_place_is_answered_with_who_and_when(
    page: Client, spread: dict[str, Any], manager: User
) -> None:
    record = spread["record"]
    place = fresh(record).unanswered_places()[0]
    address = f"/actions/{record.number}/across/"
    assert place.text in words(page, address)

    refused = page.post(
        f"{address}answer/", {"key": place.key, "answer": "affected", "who": manager.pk}
    )
    answered = page.post(
        f"{address}answer/",
        {
            "key": place.key,
            "answer": "not_affected",
            "note": "20 parts measured",
            "who": manager.pk,
        },
    )

    assert refused.status_code == 422
    assert "Say what was looked at" in refused.content.decode()
    assert answered.status_code == 303
    look = record.looks.get()
    assert (look.place, look.who, look.answer) == (place.text, manager, "not_affected")
    assert place.key not in [one.key for one in fresh(record).unanswered_places()]


def test_a_stricter_profile_wants_an_answer_to_every_place_and_light_a_sentence(
    spread: dict[str, Any], site: Site, manager: User, engineer: User
) -> None:
    record = with_action(spread["record"], manager)
    records.edit(record, {"baseline": "8 %", "elsewhere": "Line 2"}, by=manager, version=None)
    for kind in ("escape", "system"):
        services.add_item(record, by=manager, what=kind, owner=manager, due_date=DONE,
                          cause=verified(record, manager, kind))  # fmt: skip
    services.promise_no_recurrence(record, by=manager, window_days=60, verifier=engineer)
    assert _missing(record, "settle", manager) == []

    with_settings(profile="standard")
    records.perform(fresh(record), "analyse", by=manager)

    assert len(_missing(record, "plan", manager)) == 2
    for place in fresh(record).unanswered_places():
        services.look_across(record, by=manager, key=place.key, answer="to_check", until=DONE)
    assert _missing(record, "plan", manager) == []


def _missing(record: CorrectiveAction, step: str, by: User) -> list[str]:
    steps = {one.name: missing for one, missing in records.open_steps(fresh(record), by)}
    return [str(one) for one in steps[step]]


def test_what_is_still_to_be_checked_keeps_a_strict_case_open(
    site: Site, manager: User, engineer: User
) -> None:
    record = planned(manager, site)
    services.look_across(
        record, by=manager, place="Line 7", answer="to_check", until=DONE, who=manager
    )
    record = done(fresh(record), manager)
    with_settings(profile="standard")

    with pytest.raises(Refusal, match="Line 7"):
        records.perform(
            record, "effective", by=engineer, day=DONE + timedelta(days=60),
            data={"verdict_note": "None"},
        )  # fmt: skip


# -- the timeline --------------------------------------------------------------------------------


def test_the_timeline_goes_from_the_problem_first_seen_to_the_effect(
    page: Client, site: Site, manager: User, engineer: User
) -> None:
    record = planned(manager, site)
    early = case(manager, site, OPENED - timedelta(days=9))
    services.take_on(record, by=manager, case=early)
    record = done(fresh(record), manager)
    records.perform(
        record, "effective", by=engineer, day=DONE + timedelta(days=60),
        data={"verdict_note": "None in 60 days"},
    )  # fmt: skip

    events = timeline(fresh(record), viewer=manager)

    assert [event.day for event in events] == sorted(event.day for event in events)
    assert events[0].text == f"First seen: {early.number}"
    assert events[-1].text == "Effective"
    assert "None in 60 days" in words(page, f"/actions/{record.number}/timeline/")
