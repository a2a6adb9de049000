"""The pages of feeds and of what they refused: set up, repair, send again, dismiss."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import TESTS, SiteFactory, a_person
from andon.modules.production.imports import arrivals
from andon.modules.production.models import Arrival, Feed, Output

GOOD = "Date;Line;Quantity\n2026-03-02;P1;120\n"
BAD = GOOD.replace("120", "many")


@pytest.fixture
def arrival(site: Site, line: Any) -> Arrival:
    return arrivals.keep(
        BAD.encode(),
        arrivals.told("“many” is not a number.", row=2, field="Quantity"),
        by=TESTS,
        site=site,
        target="output",
        source="folder",
        name="shift.csv",
    )


def _post(client: Client, arrival: Arrival, act: str, **said: Any) -> Any:
    return client.post(reverse(f"production:arrival-{act}", args=[arrival.pk]), said)


def test_a_feed_is_set_up_on_a_page_and_its_place_stays(
    client: Client, site: Site, engineer: User
) -> None:
    client.force_login(engineer)
    said = {"kind": "folder", "place": "press/output", "site": site.pk, "target": "output"}

    wrong = client.post(reverse("production:feed-new"), {**said, "place": "../etc"})
    right = client.post(reverse("production:feed-new"), said)
    feed = Feed.objects.get()
    client.post(reverse("production:feed", args=[feed.pk]), {"place": "x", "create_missing": "on"})

    assert wrong.status_code == 422
    assert "../etc" in wrong.content.decode()
    assert "below the configured one" in wrong.content.decode()
    assert right.status_code == 303
    feed.refresh_from_db()
    assert (feed.place, feed.create_missing, feed.is_active) == ("press/output", True, False)
    assert "Not in use" in client.get(reverse("production:feeds")).content.decode()


def test_what_was_refused_shows_what_came_when_and_why(
    client: Client, arrival: Arrival, engineer: User
) -> None:
    client.force_login(engineer)

    listed = client.get(reverse("production:arrivals")).content.decode()
    page = client.get(arrival.get_absolute_url()).content.decode()
    content = client.get(reverse("production:arrival-content", args=[arrival.pk]))

    assert "shift.csv" in listed
    assert "“many” is not a number." in page
    assert "2026-03-02;P1;many" in page
    assert content.content == BAD.encode()
    assert content["Content-Disposition"] == 'attachment; filename="shift.csv"'


def test_a_repaired_text_is_sent_again(client: Client, arrival: Arrival, engineer: User) -> None:
    client.force_login(engineer)

    _post(client, arrival, "resend", text=BAD.replace("many", "few"))
    arrival.refresh_from_db()
    assert (arrival.state, arrival.tries) == ("waiting", 2)
    assert "few" in client.get(arrival.get_absolute_url()).content.decode()

    _post(client, arrival, "resend", text=GOOD.replace("\n", "\r\n"))

    arrival.refresh_from_db()
    assert arrival.state == "sent"
    assert Output.objects.current().get().produced == 120
    assert "Send again" not in client.get(arrival.get_absolute_url()).content.decode()


def test_a_repaired_file_is_sent_instead(client: Client, arrival: Arrival, engineer: User) -> None:
    client.force_login(engineer)
    file = SimpleUploadedFile("x.csv", GOOD.encode())

    _post(client, arrival, "resend", text=BAD, file=file)

    arrival.refresh_from_db()
    assert arrival.state == "sent"


def test_a_dismissal_on_the_page_asks_for_a_reason(
    client: Client, arrival: Arrival, engineer: User
) -> None:
    client.force_login(engineer)

    assert _post(client, arrival, "dismiss", reason="").status_code == 422
    assert _post(client, arrival, "dismiss", reason="A test.").status_code == 303

    arrival.refresh_from_db()
    assert (arrival.state, arrival.reason) == ("dismissed", "A test.")
    assert "shift.csv" not in client.get(reverse("production:arrivals")).content.decode()
    settled = client.get(f"{reverse('production:arrivals')}?state=dismissed")
    assert "shift.csv" in settled.content.decode()


def test_AZ2_what_came_for_another_site_is_not_there(client: Client, arrival: Arrival) -> None:
    client.force_login(a_person(Role.QUALITY, SiteFactory.create(code="XYZ")))

    assert client.get(arrival.get_absolute_url()).status_code == 404
    assert client.get(reverse("production:arrival-content", args=[arrival.pk])).status_code == 404
    assert _post(client, arrival, "resend", text=GOOD).status_code == 404
    assert not Output.objects.exists()


@pytest.mark.parametrize(
    "kind", ["output", "rework", "plan", "cycle-times", "deliveries", "receipts"]
)
def test_the_facts_of_every_kind_have_a_page(kind: str, client: Client, engineer: User) -> None:
    client.force_login(engineer)

    assert client.get(reverse("production:facts", args=[kind])).status_code == 200
