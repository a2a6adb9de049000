"""The tree of defect codes: grown, moved, pruned, and never tied into a circle."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from andon.accounts.models import Site, User
from andon.accounts.roles import Role
from andon.accounts.testing import a_person
from andon.modules.nonconformities import services
from andon.modules.nonconformities.models import DefectCode, Nonconformity, Tree
from andon.records.workflow import Refused

from .factories import reported


def code(by: User, name: str, parent: DefectCode | None = None) -> DefectCode:
    return services.add_defect_code(code=name, name=name.title(), parent=parent, by=by)


def test_the_tree_lists_each_code_under_the_one_above(manager: User) -> None:
    surface = code(manager, "SURFACE")
    code(manager, "DIM")
    scratch = code(manager, "SCRATCH", surface)
    code(manager, "DEEP", scratch)

    tree = Tree(DefectCode.objects.all())

    assert [(b.code.code, b.level) for b in tree.branches()] == [
        ("DIM", 0), ("SURFACE", 0), ("SCRATCH", 1), ("DEEP", 2),
    ]  # fmt: skip
    assert [one.code for one in tree.path(scratch.pk)] == ["SURFACE", "SCRATCH"]


def test_a_circle_is_refused(manager: User) -> None:
    above = code(manager, "A")
    below = code(manager, "B", above)

    with pytest.raises(ValidationError, match="lies below"):
        services.edit_defect_code(above, by=manager, parent=below)
    with pytest.raises(ValidationError, match="itself"):
        services.edit_defect_code(above, by=manager, parent=above)


def test_a_tree_that_gets_too_deep_is_refused_whichever_end_moves(manager: User) -> None:
    chain: list[DefectCode] = []
    for name in "ABCD":
        chain.append(code(manager, name, chain[-1] if chain else None))
    other = code(manager, "TOP")

    with pytest.raises(ValidationError, match="at most 4 levels"):
        code(manager, "E", chain[-1])
    with pytest.raises(ValidationError, match="at most 4 levels"):
        services.edit_defect_code(chain[0], by=manager, parent=other)


def test_a_code_out_of_use_stays_on_its_cases_and_is_offered_no_more(
    site: Site, manager: User, client: Client
) -> None:
    burr = code(manager, "BURR")
    record = reported(manager, site, defect=burr)
    services.edit_defect_code(burr, by=manager, is_active=False)
    client.force_login(manager)

    offered = client.get("/nonconformities/new/").content.decode()

    assert "BURR" not in offered
    assert Nonconformity.objects.get(pk=record.pk).defect == burr


def test_codes_are_changed_by_those_who_may(site: Site) -> None:
    with pytest.raises(Refused, match="Your roles"):
        code(a_person(Role.CONTRIBUTOR, site), "NEW")


def test_the_pages_add_and_move_codes(manager: User, client: Client) -> None:
    surface = code(manager, "SURFACE")
    client.force_login(manager)

    asked: dict[str, Any] = {"code": "scr", "name": "Scratch", "parent": surface.pk}
    added = client.post("/nonconformities/codes/", asked)
    twice = client.post("/nonconformities/codes/", asked)
    row = DefectCode.objects.get(code="SCR")
    moved = client.post(
        f"/nonconformities/codes/{row.pk}/", {"name": "Scratches", "parent": "", "is_active": "on"}
    )

    row.refresh_from_db()
    assert (added.status_code, twice.status_code, moved.status_code) == (303, 422, 303)
    assert "There is a defect with this code already." in twice.content.decode()
    assert (row.name, row.parent) == ("Scratches", None)
