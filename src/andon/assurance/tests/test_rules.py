"""The rules the modules bring, and how they are followed into each edition."""

from datetime import date, timedelta

import pytest

from andon.accounts.models import User
from andon.accounts.roles import Role
from andon.accounts.testing import SiteFactory, a_person
from andon.assurance import rules
from andon.assurance.testing import DAY, FIRST, LATER, saying
from andon.records.evidence import Evidence, Rule, State, once_a_round, one_round
from andon.standard import load_edition

NOTHING = Evidence(State.NONE)
EACH = pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)


def test_every_rule_has_a_name_of_its_own() -> None:
    names = [rule.name for rule in rules.RULES]

    assert len(set(names)) == len(names)


@EACH
def test_every_rule_answers_requirements_that_exist(rule: Rule) -> None:
    assert rule.requirements
    assert set(rule.requirements) <= set(load_edition(FIRST).by_id)
    assert all(id_ in load_edition(key).by_id for key, id_ in rule.extra)


@EACH
def test_every_rule_is_followed_into_the_newer_edition(rule: Rule) -> None:
    found = rules.requirements_of(rule, LATER)

    assert found
    assert set(found) <= set(load_edition(LATER).by_id)


@EACH
def test_every_rule_says_in_words_what_it_looks_at(rule: Rule) -> None:
    assert str(rule.title)
    assert str(rule.text).endswith(".")
    assert "conforming" not in str(rule.text).casefold().split()


def test_a_rule_follows_a_requirement_that_moved_and_one_that_split() -> None:
    rule = saying(State.CURRENT, "10.3-1", "6.1.2-a")

    assert rules.requirements_of(rule, FIRST) == ("10.3-1", "6.1.2-a")
    assert rules.requirements_of(rule, LATER) == ("10.1-1", "6.1.2-2", "6.1.3-2")


def test_a_rule_may_answer_what_only_one_edition_asks() -> None:
    rule = Rule(
        "new", ("8.7.1-1",), "New", "New.", lambda _p, _d: Evidence(State.NONE), ((LATER, "6.3-g"),)
    )

    assert rules.requirements_of(rule, LATER) == ("8.7.1-1", "6.3-g")
    assert rules.requirements_of(rule, FIRST) == ("8.7.1-1",)


def test_a_requirement_may_be_answered_by_several_rules() -> None:
    one, two = saying(State.CURRENT, name="one"), saying(State.NONE, name="two")

    assert rules.by_requirement(FIRST, (one, two)) == {"8.7.1-1": (one, two)}


def counting() -> tuple[Rule, list[User]]:
    """Return a rule and the list of those it was asked by."""
    asked: list[User] = []

    def ask(person: User, day: date) -> Evidence:
        asked.append(person)
        return NOTHING

    return Rule("seen", ("8.7.1-1",), "Seen", "Says who asked.", ask), asked


@pytest.mark.django_db
def test_a_rule_is_asked_again_only_after_the_trail_has_grown() -> None:
    person = a_person(Role.MANAGER)
    rule, asked = counting()

    for _ in range(3):
        rules.ask([rule], person, DAY)
    assert len(asked) == 1

    SiteFactory()
    rules.ask([rule], person, DAY)
    assert len(asked) == 2


@pytest.mark.django_db
def test_what_one_person_was_answered_is_not_told_to_another_nor_on_another_day() -> None:
    one, other = a_person(Role.MANAGER), a_person(Role.OWNER)
    rule, asked = counting()

    rules.ask([rule], one, DAY)
    rules.ask([rule], other, DAY)
    rules.ask([rule], one, DAY + timedelta(days=1))

    assert asked == [one, other, one]


@pytest.mark.django_db
def test_only_the_latest_answers_are_kept() -> None:
    person = a_person(Role.MANAGER)
    for number in range(rules.MOST + 5):
        rules.ask([saying(State.CURRENT)], person, DAY + timedelta(days=number))

    assert len(rules._kept) == rules.MOST


def test_what_several_rules_look_up_in_common_is_looked_up_once_a_round() -> None:
    looks: list[int] = []

    def look() -> int:
        looks.append(1)
        return len(looks)

    with one_round():
        assert [once_a_round("board", look), once_a_round("board", look)] == [1, 1]
        assert once_a_round("other", look) == 2
    assert [once_a_round("board", look), once_a_round("board", look)] == [3, 4]
