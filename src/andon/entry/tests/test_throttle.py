"""Wrong tries are counted before anything is checked, and nobody is locked out (AU4, AU5, AU6)."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory

from andon.accounts import clock, names, services
from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import PASSWORD, a_person
from andon.entry import devices, proving, throttle
from andon.entry.adapter import NOT_LET_IN
from andon.entry.models import Budget
from andon.entry.testing import WRONG, is_in, sign_in, told
from andon.trail.services import audited

SPELLINGS = ("ana", "ANA", " Ana", "ＡＮＡ", "aNa")


@pytest.fixture
def ana(db):
    return a_person(Role.QUALITY, username="ana")


@pytest.fixture
def later(monkeypatch):
    """Let time pass: the clock of the application goes ahead."""

    def pass_by(**how_long):
        now = clock.now() + timedelta(**how_long)
        monkeypatch.setattr(clock, "now", lambda: now)

    return pass_by


def guess(count, *, name="ana", address="192.0.2.1"):
    for number in range(count):
        sign_in(Client(), name, f"guess {number} of a password", address=address)


def test_AU4_five_wrong_tries_pause_the_account_at_that_address_only(client, ana):
    guess(5)

    sign_in(client)
    here = is_in(client)
    sign_in(client, address="192.0.2.77")

    assert not here
    assert is_in(client)


def test_AU4_guesses_are_counted_together_however_the_name_is_spelled(client, ana):
    for name in SPELLINGS:
        sign_in(Client(), name, WRONG)

    sign_in(client)

    assert not is_in(client)


def test_AU4_ten_wrong_tries_from_anywhere_pause_the_account_everywhere(client, ana):
    for number in range(10):
        guess(1, address=f"192.0.2.{number}")

    sign_in(client, address="198.51.100.1")

    assert not is_in(client)


def test_AU4_one_address_has_a_budget_over_all_names(client, ana):
    for number in range(50):
        guess(1, name=f"nobody{number}")

    sign_in(client)

    assert not is_in(client)


def test_AU4_strangers_cannot_lock_out_a_browser_that_signed_in_before(client, ana):
    sign_in(client)
    client.post("/sign-out/")
    for number in range(40):  # also from behind the same address
        guess(1, address="192.0.2.1" if number % 2 else f"198.51.100.{number}")

    unknown = Client()
    sign_in(unknown, address="203.0.113.5")
    sign_in(client)

    assert not is_in(unknown)
    assert is_in(client)


def test_AU4_twin_without_the_device_cookie_strangers_would_lock_her_out(client, ana, monkeypatch):
    monkeypatch.setattr(devices, "known", lambda *_: "")
    sign_in(client)
    client.post("/sign-out/")
    guess(5)

    sign_in(client)

    assert not is_in(client)


def test_AU4_a_known_browser_has_five_tries_of_its_own(client, ana):
    sign_in(client)
    client.post("/sign-out/")
    for _ in range(5):
        sign_in(client, password=WRONG)

    sign_in(client)

    assert not is_in(client)


def test_AU4_a_forged_or_foreign_device_cookie_buys_nothing(client, ana):
    bo = Client()
    a_person(Role.QUALITY, username="bo")
    sign_in(bo, "bo")
    client.cookies["device"] = bo.cookies["device"].value  # signed, but of Bo
    guess(5)
    sign_in(client)
    foreign = is_in(client)
    client.cookies["device"] = "eyJuYW1lIjoieCIsInBlb3BsZSI6WzFdfQ:forged:signature"
    sign_in(client)

    assert not foreign
    assert not is_in(client)


def test_AU4_a_pause_ends_by_itself_even_when_the_guessing_goes_on(client, ana, later):
    guess(5)
    later(minutes=10)
    guess(20)
    later(minutes=5, seconds=1)

    sign_in(client)

    assert is_in(client)


def test_AU4_twin_without_counting_every_guess_is_checked(client, ana, monkeypatch):
    monkeypatch.setattr(throttle, "_budgets", lambda *_: [])
    guess(60)

    sign_in(client)

    assert is_in(client)


def test_AU4_a_right_password_takes_back_its_own_count_and_no_other(client, ana):
    guess(4)

    sign_in(client)

    assert is_in(client)
    assert Budget.objects.get(kind="pair").used == 4


def test_AU4_the_try_is_counted_before_the_password_is_checked(client, ana, monkeypatch):
    seen = []
    check = User.check_password
    monkeypatch.setattr(
        User,
        "check_password",
        lambda user, typed: seen.append(Budget.objects.get(kind="pair").used) or check(user, typed),
    )

    sign_in(client)

    assert seen == [1]
    assert Budget.objects.get(kind="pair").used == 0


def test_AU4_a_try_inside_an_audited_block_is_refused_as_a_bug(ana, rf):
    with audited(ana), pytest.raises(throttle.CountedInsideError):
        throttle.attempt("ana", rf.get("/"))


def test_AU4_signing_in_and_proving_again_share_one_budget(client, ana):
    guess(4)
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    request.user = ana

    with pytest.raises(proving.WrongPasswordError):
        proving.prove_password(request, WRONG, act="signing")
    with pytest.raises(throttle.Paused, match="Wait 15 minutes"):
        proving.prove_password(request, PASSWORD, act="signing")
    sign_in(client)

    assert not is_in(client)
    assert told("signing failed") == [{"person": ana.pk}]


def test_AU4_the_old_password_on_the_password_page_is_a_try_as_well(client, ana):
    new = "another bridge over the river"
    sign_in(client)
    for _ in range(5):
        client.post("/password/", {"oldpassword": WRONG, "password1": new, "password2": new})

    page = client.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert "Too many wrong tries" in page.content.decode()
    assert User.objects.get(pk=ana.pk).check_password(PASSWORD)


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled", "paused"])
def test_AU6_every_refusal_says_the_same(client, ana, case):
    if case == "disabled":
        services.disable_user(ana, by=a_person(Role.ADMIN))
    if case == "paused":
        guess(5)
    name, password = {"unknown": ("nobody", PASSWORD), "wrong": ("ana", WRONG)}.get(
        case, ("ana", PASSWORD)
    )

    page = sign_in(client, name, password)

    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == [str(NOT_LET_IN)]


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled", "paused"])
def test_AU6_every_refusal_hashes_exactly_one_password(client, ana, case, monkeypatch):
    """Hashing is what takes the time: one hash more or less tells which case it was."""
    if case == "disabled":
        services.disable_user(ana, by=a_person(Role.ADMIN))
    if case == "paused":
        guess(5)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *typed: hashed.append(typed) or encode(*typed)
    )

    sign_in(client, "nobody" if case == "unknown" else "ana", WRONG)

    assert len(hashed) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_AU5_forged_forwarding_headers_change_nothing_without_a_proxy_of_ours(client, ana, count):
    for number in range(5):
        client.post(
            "/sign-in/",
            {"login": "ana", "password": WRONG},
            REMOTE_ADDR="192.0.2.1",
            HTTP_X_FORWARDED_FOR=", ".join([f"203.0.113.{number}"] * count),
        )

    sign_in(client)

    assert not is_in(client)


def test_AU5_behind_a_proxy_only_what_it_saw_itself_counts(client, ana, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        client.post(
            "/sign-in/",
            {"login": "ana", "password": WRONG},
            REMOTE_ADDR="10.0.0.1",
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.9",
        )
    pair = Budget.objects.get(kind="pair")

    assert pair.address == "198.51.100.9"
    assert pair.used == 5


def test_AU5_twin_trusting_the_left_end_would_give_endless_tries(client, ana, monkeypatch):
    def left(request):
        return request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[0]

    monkeypatch.setattr(throttle, "client_address", left)
    for number in range(5):
        client.post(
            "/sign-in/",
            {"login": "ana", "password": WRONG},
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, 198.51.100.9",
        )

    assert not Budget.objects.filter(kind="pair", used=5).exists()


def test_AU5_an_ipv6_household_is_one_address():
    assert throttle.network("2001:db8:1:2::1") == throttle.network("2001:db8:1:2:ffff::9")
    assert throttle.network("2001:db8:1:2::1") != throttle.network("2001:db8:1:3::1")
    assert throttle.network("::ffff:192.0.2.1") == "192.0.2.1"


def test_AU4_every_event_is_told_in_the_security_stream(client, ana):
    admin = a_person(Role.ADMIN)
    sign_in(client)
    client.post("/sign-out/")
    guess(5, address="198.51.100.1")

    throttle.lift(throttle.paused().get().key, by=admin)

    assert len(told("signed in")) == len(told("signed out")) == 1
    assert told("sign-in failed") == [{"person": ana.pk}] * 5
    assert told("paused") == [{"budget": "pair", "minutes": 15, "person": ana.pk}]
    assert told("pause lifted") == [{"budget": "pair", "person": ana.pk}]
    assert sign_in(client, address="198.51.100.1").status_code == 302


def test_LG1_nothing_typed_is_kept_in_the_clear(client, db):
    """People type their password into the field of the name."""
    sign_in(client, "my secret pass phrase", WRONG)

    kept = str(list(Budget.objects.values()))
    assert "secret" not in kept
    assert names.username_key("my secret pass phrase") not in kept
    assert "secret" not in str(told("sign-in failed"))


@pytest.mark.parametrize("name", ["", "ana\x00", "a" * 5000])
def test_odd_credentials_are_refused_and_no_error(ana, name):
    assert authenticate(None, username=name, password=PASSWORD) is None
