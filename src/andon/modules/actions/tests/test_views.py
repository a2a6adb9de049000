"""The pages of a corrective action: what they show, offer and refuse."""

from datetime import timedelta

import pytest
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.actions import services
from andon.modules.actions.models import CorrectiveAction
from andon.organization.testing import with_settings
from andon.records import services as records

from .factories import (
    BEFORE,
    DONE,
    OPENED,
    WEEKS_BEFORE,
    a_kpi,
    case,
    done,
    fresh,
    implemented,
    observed,
    on_a_kpi,
    opened,
    planned,
    weeks_after,
    with_action,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def text_of(page: Client, record: CorrectiveAction) -> str:
    answer = page.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_many_nonconformities_open_one_corrective_action(
    page: Client, site: Site, manager: User
) -> None:
    cases = [case(manager, site, title=f"Bore {n} too wide") for n in range(2)]
    query = "&".join(f"corrects={one.number}" for one in cases)

    form = page.get(f"/actions/new/?{query}").context["form"]
    assert form["title"].value() == "Bore 0 too wide"
    answer = page.post(
        "/actions/new/",
        {
            "title": "Bores too wide",
            "site": site.pk,
            "owner": manager.pk,
            "corrects": [one.number for one in cases],
        },
    )

    assert answer.status_code == 303
    record = CorrectiveAction.objects.get()
    assert [one.pk for one in record.cases] == [one.pk for one in cases]
    assert "Bore 1 too wide" in text_of(page, record)


def test_the_correction_is_shown_and_not_offered_for_change(
    page: Client, site: Site, manager: User
) -> None:
    record = opened(manager, site)
    services.take_on(record, by=manager, case=case(manager, site, correction="Sorted at once"))

    assert "Sorted at once" in text_of(page, record)
    assert 'name="correction"' not in page.get(f"{record.get_absolute_url()}edit/").content.decode()


def test_the_whole_life_by_its_small_forms(page: Client, site: Site, manager: User) -> None:
    record = opened(manager, site)
    base = record.get_absolute_url()
    page.post(f"{base}causes/", {"text": "Drill wanders", "kind": "occurrence"})
    cause = record.all_causes[0].pk
    page.post(f"{base}causes/{cause}/", {"verified": "yes", "how": "On and off"})
    page.post(
        f"{base}items/",
        {
            "what": "Guide bush",
            "kind": "change",
            "cause": cause,
            "owner": manager.pk,
            "due_date": DONE,
        },
    )
    page.post(f"{base}effect/recurrence/", {"window_days": 60})
    page.post(f"{base}do/settle/", {"version": fresh(record).version})
    item = record.live_items[0].pk
    page.post(f"{base}items/{item}/done/", {"done_date": DONE, "note": "Built in"})
    page.post(f"{base}do/implement/", {"version": fresh(record).version})
    page.post(
        f"{base}do/effective/",
        {
            "version": fresh(record).version,
            "verdict_note": "None seen",
            "same_person_reason": "We are two people",
        },
    )

    assert fresh(record).state == "effective"
    assert "None seen" in text_of(page, record)


def test_light_offers_one_page_for_the_ordinary_case(
    page: Client, site: Site, manager: User
) -> None:
    record = opened(manager, site)
    address = f"{record.get_absolute_url()}simple/"
    assert address in text_of(page, record)
    assert address not in text_of(page, opened(manager, site, major=True))

    answer = page.post(
        address,
        {
            "problem": "Bores too wide",
            "cause": "Drill wanders",
            "how": "On and off",
            "what": "Guide bush",
            "kind": "change",
            "owner": manager.pk,
            "due_date": DONE,
            "window_days": 60,
        },
    )

    assert answer.status_code == 303
    assert [
        step.name for step, missing in records.open_steps(fresh(record), manager) if not missing
    ]
    with_settings(profile="standard")
    assert address not in text_of(page, opened(manager, site))


def test_a_cause_that_only_blames_gets_a_hint(page: Client, site: Site, manager: User) -> None:
    record = opened(manager, site)
    services.add_cause(record, by=manager, text="Human error")

    assert "Ask what let it happen" in text_of(page, record)


def test_what_is_missing_leads_to_a_place_on_the_page(
    page: Client, site: Site, manager: User
) -> None:
    text = text_of(page, opened(manager, site, major=True))

    for place in ("problem", "causes", "elsewhere", "effect", "actions", "cases"):
        assert f'id="{place}"' in text


def test_the_verdict_stands_with_interval_before_p_and_the_chart(
    page: Client, site: Site, manager: User
) -> None:
    record = on_a_kpi(manager, site)
    assert record.kpi is not None
    observed(record.kpi, manager, weeks_after(8), [52, 49, 55, 50, 51, 48, 53, 50])
    implemented(manager, site, title="New coolant")

    text = text_of(page, record)

    assert text.index("95 % interval") < text.index("p &lt; 0.0001") < text.index("effect-chart")
    assert "2026-W21" in text
    assert "New coolant" in text


def test_the_promise_by_a_kpi_is_typed_in(page: Client, site: Site, manager: User) -> None:
    kpi = a_kpi(manager, site)
    observed(kpi, manager, WEEKS_BEFORE, BEFORE)
    record = with_action(opened(manager, site), manager)
    address = f"{record.get_absolute_url()}effect/kpi/"
    assert page.get(address).status_code == 200
    typed = {
        "kpi": kpi.pk,
        "target_change": "25",
        "baseline_from": WEEKS_BEFORE[0],
        "baseline_until": OPENED - timedelta(days=1),
        "window_days": 56,
        "left_out": f"{WEEKS_BEFORE[3]}, {WEEKS_BEFORE[4]}",
    }

    assert page.post(address, {**typed, "left_out": "last week"}).status_code == 422
    assert page.post(address, {**typed, "target_value": "6"}).status_code == 422
    assert page.post(address, typed).status_code == 303

    assert record.left_out.count() == 2
    text = text_of(page, record)
    assert "falls by 25 %" in text
    assert "effect-chart" in text
    assert page.get(address).context["form"]["target_change"].value() == 25


def test_an_unsustained_effect_says_so_and_offers_the_successor(
    page: Client, site: Site, manager: User, engineer: User
) -> None:
    record = records.perform(
        implemented(manager, site),
        "effective",
        by=engineer,
        day=DONE + timedelta(days=60),
        data={"verdict_note": "None seen"},
    )
    later = case(manager, site, DONE + timedelta(days=100))
    records.link(later, "recurrence_of", record, by=manager)

    assert "Reported again" in text_of(page, record)
    services.judge_recurrence(
        record, by=manager, case=later, counts=True, why="Same", produced_date=later.opened_date
    )
    assert "Effect not sustained" in text_of(page, record)
    rows = page.get("/actions/?effect=unsustained").context["page"].rows
    assert [row.pk for row in rows] == [record.pk]

    address = f"{record.get_absolute_url()}succeed/"
    assert page.get(address).status_code == 200
    answer = page.post(
        address, {"title": "Again", "owner": manager.pk, "due_date": DONE + timedelta(days=200)}
    )
    successor = CorrectiveAction.objects.get(title="Again")
    assert answer["Location"] == successor.get_absolute_url()
    assert (
        page.post(address, {"title": "Thrice", "owner": manager.pk, "due_date": DONE}).status_code
        == 422
    )


def test_a_refused_closure_lists_everything_and_changes_nothing(
    page: Client, site: Site, manager: User
) -> None:
    with_settings(profile="light")
    record = planned(manager, site, window_days=1000)
    record = done(record, manager)
    answer = page.post(
        f"{record.get_absolute_url()}do/effective/",
        {"version": record.version, "verdict_note": "fine"},
    )

    assert answer.status_code == 409
    assert "the window has not passed" in answer.content.decode()
    assert "why nobody else" in answer.content.decode()
    assert fresh(record).state == "implemented"


def test_a_contributor_sees_the_button_for_their_own_action_only(
    client: Client, site: Site, manager: User
) -> None:
    operator = a_person(Role.CONTRIBUTOR, site)
    record = with_action(opened(manager, site), manager, owner=operator)
    services.promise_no_recurrence(record, by=manager, window_days=60)
    record = records.perform(fresh(record), "settle", by=manager, day=OPENED)
    address = f"{record.get_absolute_url()}items/{record.live_items[0].pk}/done/"
    client.force_login(operator)
    assert address in text_of(client, record)

    client.force_login(a_person(Role.CONTRIBUTOR, site))

    assert address not in text_of(client, record)
    assert client.post(address, {"done_date": DONE, "note": "x"}).status_code == 403


def test_filters_find_serious_cases(page: Client, site: Site, manager: User) -> None:
    major = opened(manager, site, major=True)
    opened(manager, site)

    rows = page.get("/actions/?case=major").context["page"].rows

    assert [row.pk for row in rows] == [major.pk]


def test_an_empty_list_teaches(page: Client) -> None:
    text = page.get("/actions/").content.decode()

    assert "find the cause, act on it" in text
    assert "10.2" in text


def test_values_are_analysed_as_evidence_for_a_corrective_action(
    page: Client, site: Site, manager: User
) -> None:
    action = opened(manager, site)

    shown = page.get(action.get_absolute_url()).content.decode()

    assert f"/analyses/new/?evidence_for={action.number}" in shown
