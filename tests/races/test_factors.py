"""Two come with one code at the same moment: one is let in."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from andon.accounts import clock
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, a_person
from andon.entry import factors, factors_secrets
from andon.entry import factors_totp as totp
from andon.entry.factors_testing import a_generator, code_of
from andon.entry.models import Generator, RecoveryCode, Spent
from tests.committed import together

ROUNDS = 5


@pytest.fixture
def ana(committed_db):
    return a_person(Role.QUALITY, username="ana")


def test_AU3_of_six_with_one_code_one_wins(ana):
    generator = a_generator(ana)
    start = clock.now() + timedelta(minutes=1)
    for number in range(ROUNDS):
        with time_machine.travel(start + timedelta(seconds=totp.PERIOD * number), tick=False):
            code = code_of(generator)
            won = together(6, lambda _, code=code: factors.use_code(ana, code))
        assert sorted(won) == [False] * 5 + [True]


def test_AU3_twin_looking_before_writing_lets_several_in(ana, monkeypatch):
    """The broken twin: read, compare, write, as without the conditional UPDATE."""
    generator = a_generator(ana)
    looked = threading.Barrier(2)

    def spend_step(found, step):
        last = Generator.objects.get(pk=found.pk).last_step
        looked.wait()
        Generator.objects.filter(pk=found.pk).update(last_step=step)
        return last < step

    monkeypatch.setattr(factors, "spend_step", spend_step)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        code = code_of(generator)
        won = together(2, lambda _: factors.use_code(ana, code))

    assert won == [True, True]


def test_AU3_of_six_with_one_recovery_code_one_wins(ana):
    a_generator(ana)
    code, *_rest = factors.new_codes(ana)

    won = together(6, lambda _: factors.use_recovery_code(ana, code))

    assert sorted(won) == [False] * 5 + [True]
    assert RecoveryCode.objects.filter(used_at=None).count() == 9


def test_AU3_of_six_with_one_challenge_one_wins(committed_db):
    won = together(6, lambda _: factors_secrets.spend("passkey", "challenge"))

    assert sorted(won) == [False] * 5 + [True]
    assert Spent.objects.count() == 1


def test_AU3_of_two_sign_ins_with_one_code_one_is_let_in(ana):
    generator = a_generator(ana)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.post("/sign-in/", {"login": "ana", "password": PASSWORD})
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        code = code_of(generator)
        together(2, lambda n: browsers[n].post("/sign-in/second-step/", {"code": code}))

        let_in = [browser.get("/setup/").status_code for browser in browsers]

    assert sorted(let_in) == [200, 302]
