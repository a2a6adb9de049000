"""The second factor: codes that work once, hashed recovery codes, and who may take what away."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from andon.accounts import clock
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.entry import factors, factors_codes, factors_secrets, pins
from andon.entry import factors_totp as totp
from andon.entry.factors_testing import a_generator, code_of, security_events
from andon.entry.models import Generator, Pin, RecoveryCode, Session
from andon.trail.models import AuditEntry

# RFC 6238, appendix B, SHA-1: the last six of the eight digits, for "12345678901234567890".
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.fixture
def adam(db):
    return a_person(Role.ADMIN, username="adam")


@pytest.mark.parametrize(("instant", "code"), RFC_VECTORS)
def test_AU3_codes_are_those_of_the_standard(instant, code):
    assert totp.code_at(RFC_SECRET, totp.step_at(instant)) == code


def test_AU3_a_code_counts_one_step_early_or_late_and_no_longer():
    code = totp.code_at(RFC_SECRET, 1000)

    near = [totp.step_of(RFC_SECRET, code, instant=30 * step) for step in range(997, 1004)]

    assert near == [None, None, 1000, 1000, 1000, None, None]


def test_AU3_a_code_works_once_and_an_older_one_no_more(ana):
    generator = a_generator(ana)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        older, now = code_of(generator, steps=-1), code_of(generator)

        first, again, before = (factors.use_code(ana, code) for code in (now, now, older))

    assert (first, again, before) == (True, False, False)


def test_AU3_twin_without_the_conditional_update_a_code_works_twice(ana, monkeypatch):
    """The broken twin: it shows that the test above bites."""
    generator = a_generator(ana)
    monkeypatch.setattr(factors, "spend_step", lambda *_: True)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        now = code_of(generator)

        assert [factors.use_code(ana, now) for _ in range(2)] == [True, True]


def test_AU3_the_code_that_added_the_app_is_spent(ana):
    sealed = factors.begin_generator(ana)
    code = totp.code_at(factors.open_secret(ana, sealed), totp.step_at(clock.now().timestamp()))

    factors.add_generator(ana, sealed, code)

    assert not factors.use_code(ana, code)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "9" * 500]
)
def test_AU3_odd_codes_are_wrong_and_no_error(ana, typed):
    a_generator(ana)

    assert not factors.use_code(ana, typed)
    assert not factors.use_recovery_code(ana, typed)


def test_AU3_the_secret_is_sealed_for_its_owner_and_with_the_servers_key(ana, adam, settings):
    generator = a_generator(ana)
    secret = factors_secrets.unseal("totp", ana.pk, generator.secret)

    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    assert secret not in generator.secret
    assert factors_secrets.unseal("totp", adam.pk, generator.secret) == ""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", []
    assert factors_secrets.unseal("totp", ana.pk, generator.secret) == ""
    assert not factors.use_code(ana, totp.code_at(secret, totp.step_at(clock.now().timestamp())))


def test_AU3_an_enrolment_ends_after_a_quarter_of_an_hour_and_is_nobody_elses(ana, adam):
    sealed = factors.begin_generator(ana)

    with pytest.raises(ValidationError, match="too long"):
        factors.add_generator(adam, sealed, "000000")
    with (
        time_machine.travel(clock.now() + timedelta(minutes=16)),
        pytest.raises(ValidationError, match="too long"),
    ):
        factors.add_generator(ana, sealed, "000000")


def test_AU3_recovery_codes_are_stored_hashed_and_work_once(ana):
    a_generator(ana)
    codes = factors.new_codes(ana)
    stored = " ".join(RecoveryCode.objects.values_list("digest", flat=True))

    used = [factors.use_recovery_code(ana, codes[0].upper().replace("-", " ")) for _ in range(2)]

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)
    assert not any(factors_codes.normal(code) in stored for code in codes)
    assert used == [True, False]
    assert factors_codes.left(ana) == 9
    assert security_events("recovery code used")[0]["detail"] == {"left": 9}


def test_AU3_new_recovery_codes_end_the_old_ones_and_belong_to_one_person(ana, adam):
    a_generator(ana)
    a_generator(adam)
    old, new = factors.new_codes(ana), factors.new_codes(ana)

    assert not factors.use_recovery_code(ana, old[0])
    assert not factors.use_recovery_code(adam, new[0])
    assert factors.use_recovery_code(ana, new[0])


def test_AU3_an_administrator_resets_someone_elses_factors_and_it_is_told(ana, adam, client):
    a_generator(ana)
    factors.new_codes(ana)
    pins.set_pin(ana, "739154", purpose=Pin.Purpose.SIGNING, by=ana)
    client.force_login(ana)

    factors.reset(ana, by=adam)

    assert not factors.has_second(ana)
    assert not RecoveryCode.objects.exists()
    assert not Pin.objects.exists()
    assert not Session.objects.filter(person=ana).exists()
    told = security_events("factors reset")[0]
    assert (told["actor"], told["object_id"]) == (str(adam.pk), str(ana.pk))
    assert AuditEntry.objects.filter(model="entry.generator", action="deleted").exists()


def test_AZ5_nobody_resets_their_own_factors_or_those_of_a_wider_account(ana, adam):
    a_generator(adam)
    local = a_person(Role.ADMIN, SiteFactory.create())

    with pytest.raises(ValidationError, match="another administrator"):
        factors.reset(adam, by=adam)
    for stranger in (ana, local):
        with pytest.raises(PermissionDenied):
            factors.reset(adam, by=stranger)
    assert factors.has_second(adam)


def test_AU3_removing_the_last_factor_takes_the_recovery_codes_along(ana):
    a_generator(ana)
    factors.new_codes(ana)

    factors.remove_generator(ana)

    assert not Generator.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert len(security_events("factor removed")) == 1


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "987654", "121212", "123123", "12345", "abcdef", "１２３４５６", ""]
)
def test_a_signing_pin_that_others_would_try_first_is_refused(ana, pin):
    with pytest.raises(ValidationError):
        pins.set_pin(ana, pin, purpose=Pin.Purpose.SIGNING, by=ana)


@pytest.mark.parametrize("pin", ["0000", "1234", "4321", "7890", "9876", "1212", "123", "0987"])
def test_a_tablet_pin_that_others_would_try_first_is_refused(ana, pin):
    with pytest.raises(ValidationError):
        pins.set_pin(ana, pin, purpose=Pin.Purpose.TABLET, by=ana)


def test_a_pin_is_stored_hashed_and_counts_for_one_purpose(ana):
    pins.set_pin(ana, "739154", purpose=Pin.Purpose.SIGNING, by=ana)

    assert "739154" not in Pin.objects.get().hash
    assert pins.right(ana, "739154", purpose=Pin.Purpose.SIGNING)
    assert not pins.right(ana, "739155", purpose=Pin.Purpose.SIGNING)
    assert not pins.right(ana, "739154", purpose=Pin.Purpose.TABLET)
    assert "739154" not in " ".join(AuditEntry.objects.values_list("payload", flat=True))


def test_what_works_once_is_spent_by_the_first(db):
    assert factors_secrets.spend("passkey", "challenge")
    assert not factors_secrets.spend("passkey", "challenge")
    assert factors_secrets.spend("oidc", "challenge")
