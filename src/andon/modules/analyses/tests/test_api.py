"""The API of analyses: what the Workbench keeps, and every refusal as a sentence."""

import json

import pytest

from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.modules.analyses.models import METHODS, Analysis

from .factories import QUIET, an_analysis
from .test_methods import GOOD, OPTIONS

pytestmark = pytest.mark.django_db
BASE = "/api/v1/analyses/"


@pytest.fixture
def site():
    return SiteFactory.create(code="ABC1")


@pytest.fixture
def manager(site):
    return a_person(Role.MANAGER, site)


@pytest.fixture
def api(client, manager):
    client.force_login(manager)
    return client


def post(api, path="", data=None, **headers):
    sent = data if isinstance(data, str) else json.dumps(data)
    return api.post(BASE + path, sent, content_type="application/json", headers=headers)


def flow(**changes):
    return {
        "title": "Flow of the pump", "site": "ABC1", "source": "Test bench 2", "method": "imr",
        "values": [{"name": "Flow", "cells": QUIET}], **changes,
    }  # fmt: skip


def refused(answer):
    """The refusal is problem JSON with a sentence; return what it says."""
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert not Analysis.objects.exists()
    return str(answer.json())


def test_an_analysis_is_kept_and_read_with_what_was_read_from_it(api):
    made = post(api, data=flow(options={"usl": 53}))

    read = api.get(BASE + made.json()["number"] + "/").json()
    assert made.status_code == 201
    assert (read["method"], read["source"], read["state"]) == ("imr", "Test bench 2", "draft")
    assert read["reading"] == ["Flow is stable: none of 10 points signals under the rules chosen."]
    assert Analysis.objects.get().chosen["options"]["usl"] == 53


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_the_workbench_is_kept_over_the_api(api, method):
    values = [{"name": name, "cells": cells} for name, cells in GOOD[method].items()]

    made = post(api, data=flow(method=method, values=values, options=OPTIONS.get(method, {})))

    assert made.status_code == 201
    assert Analysis.objects.get().holds


def test_columns_that_are_named_take_their_part(api):
    values = [{"name": "late", "cells": [90, 80, 95]}, {"name": "late too", "cells": [9, 8, 7]}]

    made = post(api, data=flow(method="c", values=values, columns={"c": ["late too"]}))

    assert made.status_code == 201
    assert made.json()["reading"][0].startswith("late too")


def test_it_is_issued_with_its_conclusion(api):
    number = post(api, data=flow()).json()["number"]

    empty = post(api, f"{number}/do/issue/", {"data": {}}, **{"If-Match": "1"})
    done = post(
        api, f"{number}/do/issue/", {"data": {"conclusion": "Left alone."}}, **{"If-Match": "1"}
    )

    assert (empty.status_code, empty.json()["missing"] != []) == (409, True)
    assert (done.status_code, done.json()["state"]) == (200, "issued")
    assert done.json()["conclusion"] == "Left alone."


def test_an_issued_analysis_is_not_changed_any_more(api):
    number = post(api, data=flow(conclusion="Left alone.")).json()["number"]
    post(api, f"{number}/do/issue/", {"data": {}}, **{"If-Match": "1"})

    answer = api.patch(
        f"{BASE}{number}/", '{"conclusion": "Other."}', content_type="application/json",
        headers={"If-Match": "2"},
    )  # fmt: skip

    assert answer.status_code in {403, 409}
    assert Analysis.objects.get().conclusion == "Left alone."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"method": "tarot"}, "There is no such method"),
        ({"site": "NONE"}, "no site with this code"),
        ({"values": [{"name": "a", "cells": [1, 2]}, {"name": "b", "cells": [1]}]}, "equally many"),
        ({"values": [{"name": "a", "cells": [1]}, {"name": "a", "cells": [2]}]}, "different names"),
        ({"values": [{"name": "a", "cells": ["x", "y"]}]}, "Choose the column"),
        ({"columns": {"x": ["Pressure"]}}, "There is no “Pressure” here"),
        ({"columns": {"y": ["Flow"]}}, "There is no “y” here"),
        ({"options": {"colour": "red"}}, "There is no “colour” here"),
        ({"method": "type1"}, "still empty"),
        ({"method": "capability"}, "give lsl, usl or both"),
        ({"method": "capability", "options": {"lsl": 60, "usl": 40}}, "must be below usl"),
    ],
)
def test_what_does_not_suit_is_refused_with_a_sentence(api, changes, sentence):
    assert sentence in refused(post(api, data=flow(**changes)))


@pytest.mark.parametrize("method", [name for name in METHODS if METHODS[name].options])
@pytest.mark.parametrize("value", ["a word", "1e5", True, 1e305, 10**320, -(10**20)])
def test_AP2_an_option_of_the_wrong_kind_is_never_an_error_of_the_server(api, method, value):
    values = [{"name": name, "cells": cells} for name, cells in GOOD[method].items()]
    for option in METHODS[method].options:
        options = OPTIONS.get(method, {}) | {option.name: value}
        answer = post(api, data=flow(method=method, values=values, options=options))
        fits = value == -(10**20) and option.kind == "number"
        assert answer.status_code in ({201, 422} if fits else {422}), option.name


@pytest.mark.parametrize(
    "sent",
    [
        "", "[]", "null", "{", '{"title": "x"}',
        json.dumps(flow()).replace("49.6", "NaN"),
        json.dumps(flow()).replace("49.6", "Infinity"),
        json.dumps(flow()).replace("49.6", "1e999"),
        json.dumps(flow()).replace("49.6", "true"),
        json.dumps(flow()).replace("49.6", '"49.6"'),
        json.dumps(flow(values=[])),
        json.dumps(flow(values=[{"name": "", "cells": [1]}])),
        json.dumps(flow(state="issued")),
        json.dumps(flow(reading=["All is well."])),
        json.dumps(flow(title="x\u0000y")),
    ],
)  # fmt: skip
def test_AP2_what_is_no_analysis_is_refused_as_problem_json(api, sent):
    answer = post(api, data=sent)

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert not Analysis.objects.exists()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cell", [1e308, -1e308, 1e49, -1e49, 1e-49, 5e-324, 0.0, None])
def test_AP2_cells_at_the_edge_of_numbers_are_never_an_error_of_the_server(api, method, cell):
    values = [
        {"name": name, "cells": [cells[0], *[cell] * (len(cells) - 1)]}
        if isinstance(cells[0], (int, float)) else {"name": name, "cells": cells}
        for name, cells in GOOD[method].items()
    ]  # fmt: skip

    answer = post(api, data=flow(method=method, values=values, options=OPTIONS.get(method, {})))

    assert answer.status_code in {201, 422}


@pytest.mark.parametrize("name", ["a\u0000b", "\u202eevil", "<b>x</b>", "%s %(name)s", "=1+1"])
def test_a_column_may_have_any_name_and_is_read_as_it_stands_or_refused(api, name):
    answer = post(api, data=flow(values=[{"name": name, "cells": QUIET}]))

    assert answer.status_code in {201, 400, 422}
    if answer.status_code == 201:
        assert answer.json()["reading"][0].startswith(name)


def test_AZ3_an_analysis_of_another_site_is_absent(api, client):
    elsewhere = SiteFactory.create(code="XYZ1")
    hidden = an_analysis(a_person(Role.MANAGER, elsewhere), elsewhere)

    assert api.get(BASE + hidden.number + "/").status_code == 404
    assert api.get(BASE).json()["items"] == []
    assert "no site with this code" in str(post(api, data=flow(site="XYZ1")).json())


def test_AZ1_who_only_looks_keeps_nothing(client, site):
    client.force_login(a_person(Role.AUDITOR, site))

    assert post(client, data=flow()).status_code == 403
    assert not Analysis.objects.exists()
