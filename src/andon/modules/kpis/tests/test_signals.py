"""Signals are raised once, and every answer has what it needs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.kpis import services
from andon.modules.kpis.models import Signal, SignalKind
from andon.records import services as records
from andon.records.workflow import Refusal, Refused

from .factories import ANSWER, MONDAY, a_kpi, a_signal, typed

QUIET = [(5, 100), (6, 100), (4, 100), (5, 100), (6, 100), (5, 100), (4, 100), (6, 100), (5, 100)]
LATER = MONDAY + timedelta(weeks=30)
SOON = MONDAY + timedelta(weeks=11)


def test_a_point_beyond_the_limits_raises_one_signal_in_a_sentence(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [*QUIET, (25, 100)])

    signal = Signal.objects.get()

    assert (signal.rule, signal.point) == ("n1", "2026-W11")
    assert "25.00 % lies above the upper limit" in signal.sentence
    assert signal.number.startswith("SIG-ABC1-")
    assert signal.owner == kpi.owner


def test_looking_again_raises_nothing_again(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [*QUIET, (25, 100)])

    again = services.refresh(kpi, by=manager, day=SOON)
    records.perform(Signal.objects.get(), "note_cause", by=manager, data=ANSWER)

    assert again.signals == []
    assert services.refresh(kpi, by=manager, day=SOON).signals == []
    assert Signal.objects.count() == 1


def test_the_same_data_gives_the_same_signals_at_once_as_week_by_week(manager, site):
    pairs = [*QUIET, (25, 100), (5, 100), *[(9, 100)] * 9, (30, 100)]
    weekly = a_kpi(manager, site)
    typed(weekly, manager, pairs)
    at_once = a_kpi(manager, site, code="ONCE", active_from=LATER)
    typed(at_once, manager, pairs)
    assert not at_once.signals.exists()

    services.redefine(at_once, {"active_from": weekly.active_from}, by=manager)
    services.detect(type(at_once).objects.get(pk=at_once.pk), by=manager, day=LATER)

    assert found(at_once) == found(weekly) != set()


def found(kpi):
    return set(kpi.signals.values_list("rule", "point", "sentence"))


def test_few_points_raise_no_signal(manager, site):
    kpi = a_kpi(manager, site)
    typed(kpi, manager, [(5, 100), (5, 100), (5, 100), (60, 100)])

    assert not Signal.objects.exists()


def test_points_before_the_kpi_was_put_in_use_raise_no_signal(manager, site):
    kpi = a_kpi(manager, site, active_from=LATER)
    typed(kpi, manager, [*QUIET, (25, 100)])

    assert not Signal.objects.exists()


def test_three_in_a_row_off_target_are_another_thing_than_a_signal_and_raised_once(manager, site):
    kpi = a_kpi(manager, site)
    services.set_target(kpi, value=Decimal(3), from_date=kpi.defined_date, by=manager)
    typed(kpi, manager, QUIET)

    signal = Signal.objects.get()

    assert signal.signal_kind == SignalKind.OFF_TARGET
    assert "2026-W02 to 2026-W04: 3 in a row miss the target of 3.00 %" in signal.sentence


def test_back_on_target_and_off_again_is_raised_again(manager, site):
    kpi = a_kpi(manager, site)
    services.set_target(kpi, value=Decimal(5), from_date=kpi.defined_date, by=manager)
    typed(kpi, manager, [(6, 100), (7, 100), (6, 100), (5, 100), (6, 100), (7, 100), (6, 100)])

    rows = Signal.objects.filter(rule="off_target").order_by("pk")

    assert [row.point for row in rows] == ["2026-W02", "2026-W06"]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ("note_cause", "cause"),
        ("accept", "accepted_reason"),
        ("false_alarm", "false_alarm_reason"),
        ("void", "void_reason"),
    ],
)
def test_an_answer_without_its_words_is_refused(manager, site, step, field):
    signal = a_signal(manager, site)

    with pytest.raises(Refusal, match="still empty"):
        records.perform(signal, step, by=manager)
    words = {**ANSWER, "cause": "worn punch"} if step == "note_cause" else {field: "worn punch"}
    if step != "void":
        with pytest.raises(Refused, match="Write down"):
            records.perform(signal, step, by=manager, data={**words, field: "   "})
    done = records.perform(signal, step, by=manager, data=words)

    assert done.is_final


def test_handing_on_needs_a_record_raised_from_the_signal(manager, site):
    signal, other = a_signal(manager, site), a_signal(manager, site)
    records.link(other, "raised_from", signal, by=manager)

    with pytest.raises(Refused, match="No nonconformity, corrective action"):
        records.perform(signal, "hand_on", by=manager)


def test_a_nonconformity_raised_from_the_signal_answers_it(client, manager, site):
    signal = a_signal(manager, site)
    client.force_login(manager)
    form = client.get(f"/nonconformities/new/?raised_from={signal.number}").context["form"]
    typed_in = {n: form[n].value() for n in form.fields if form[n].value() not in (None, False)}

    client.post(
        "/nonconformities/new/",
        {**typed_in, "suspect_quantity": "5", "site": site.pk, "raised_from": signal.number},
    )
    answered = records.perform(signal, "hand_on", by=manager)

    assert answered.answer.startswith("Handed on to NC-ABC1-")
    assert "answered" in client.get(signal.get_absolute_url()).content.decode().lower()


def test_who_may_only_observe_may_not_answer(manager, site):
    signal = a_signal(manager, site)
    inspector = a_person(Role.CONTRIBUTOR, site)

    with pytest.raises(PermissionDenied):
        records.perform(signal, "note_cause", by=inspector, data=ANSWER)
    with pytest.raises(PermissionDenied):
        records.perform(signal, "void", by=a_person(Role.OWNER, site), data={"void_reason": "x"})
