"""The API under a fuzzer: whatever is sent, the answer is no error of ours (AP2)."""

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.config.api import api
from andon.modules.nonconformities.tests.factories import reported

schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(api.get_openapi_schema(), default=str))
)
METHODS_THAT_WRITE = ("POST", "PATCH", "PUT", "DELETE")


@pytest.fixture
def manager() -> User:
    site: Site = SiteFactory.create(code="ABC1")
    person = a_person(Role.MANAGER, site)
    reported(person, site)
    return person


def sent(client: Client, case: schemathesis.Case) -> Any:
    """Send the generated case through Django's own client, as a browser session would."""
    path = case.formatted_path
    headers = {
        key: str(value)
        .encode("latin-1", "replace")
        .decode("latin-1")
        .replace("\n", "")
        .replace("\r", "")
        for key, value in (case.headers or {}).items()
    }
    body = case.body
    data = (
        b""
        if isinstance(body, schemathesis.core.NotSet)
        else json.dumps(body, default=str).encode()
    )
    return client.generic(
        case.method.upper(),
        path,
        data,
        content_type="application/json",
        headers=headers,
        query_params=case.query or {},
    )


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_AP2_no_input_makes_the_api_fail(
    case: schemathesis.Case, manager: User, client: Client
) -> None:
    client.force_login(manager)

    answer = sent(client, case)

    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["title"]
