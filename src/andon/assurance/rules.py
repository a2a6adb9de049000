"""Which rules answer which requirement: the modules' rules, by name, followed into each edition."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from andon.accounts.models import User
from andon.assurance import evidence as own
from andon.records.evidence import Evidence, Rule
from andon.standard import EDITIONS, map_requirement

RULES: tuple[Rule, ...] = (*own.RULES,)
FIRST = EDITIONS[0]


def requirements_of(rule: Rule, edition: str) -> tuple[str, ...]:
    """Return the ids in ``edition`` a rule speaks for."""
    found = [new for id_ in rule.requirements for new in map_requirement(id_, FIRST, edition)]
    found += [id_ for key, id_ in rule.extra if key == edition]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16)
def by_requirement(edition: str, rules: tuple[Rule, ...] = RULES) -> dict[str, tuple[Rule, ...]]:
    """Return the rules for each requirement of ``edition`` that has any."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for id_ in requirements_of(rule, edition):
            found.setdefault(id_, []).append(rule)
    return {id_: tuple(several) for id_, several in found.items()}


def ask(rules: Iterable[Rule], person: User, day: date) -> dict[str, tuple[Rule, Evidence]]:
    """Ask each rule once and return it with its answer, by the rule's name."""
    return {rule.name: (rule, rule.ask(person, day)) for rule in dict.fromkeys(rules)}
