"""Fifty guesses at the same moment stay within the budget (AU4)."""

import pytest
from django.test import Client

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.entry import throttle
from andon.entry.models import Budget
from andon.entry.testing import WRONG, is_in, sign_in, told
from andon.trail.verify import verify
from tests.committed import together

GUESSES = 50


@pytest.fixture
def checked(monkeypatch):
    """Return the passwords that were really compared."""
    compared = []
    check = User.check_password
    monkeypatch.setattr(
        User,
        "check_password",
        lambda user, typed: compared.append(typed) or check(user, typed),
    )
    return compared


def test_AU4_fifty_guesses_at_once_from_one_address_are_five(committed_db, checked):
    a_person(Role.QUALITY, username="ana")

    together(GUESSES, lambda number: sign_in(Client(), "ana", f"guess number {number}"))

    assert len(checked) == 5
    assert Budget.objects.get(kind="pair").used == 5
    assert len(told("sign-in failed")) == 5
    assert len(told("paused")) == 1
    assert verify().clean


def test_AU4_fifty_guesses_at_once_from_fifty_addresses_are_ten(committed_db, checked):
    a_person(Role.QUALITY, username="ana")

    def guess(number):
        return sign_in(Client(), "ana", WRONG, address=f"198.51.100.{number}")

    together(GUESSES, guess)

    assert len(checked) == 10
    assert Budget.objects.get(kind="account").used == 10


def test_AU4_twin_reading_before_counting_lets_more_through(committed_db, checked, monkeypatch):
    """Look, check, then count: what the one statement is for."""
    a_person(Role.QUALITY, username="ana")

    def looked(kind, key, person, address):
        row = Budget.objects.filter(key=key).first()
        used = row.used if row else 0
        if used >= throttle.MOST[Budget.Kind(kind)]:
            return None
        Budget.objects.update_or_create(
            key=key,
            defaults={
                "kind": kind,
                "used": used + 1,
                "most": throttle.MOST[Budget.Kind(kind)],
                "until": throttle.clock.now() + throttle.PAUSE,
            },
        )
        return used + 1

    monkeypatch.setattr(throttle, "_count", looked)

    together(GUESSES, lambda number: sign_in(Client(), "ana", f"guess number {number}"))

    assert len(checked) > 5


def test_AU4_right_passwords_at_once_leave_no_count_behind(committed_db):
    a_person(Role.QUALITY, username="ana")
    clients = [Client() for _ in range(4)]

    together(4, lambda number: sign_in(clients[number], "ana"))

    assert all(is_in(client) for client in clients)
    assert set(Budget.objects.values_list("used", flat=True)) == {0}
