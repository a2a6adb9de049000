"""Which rules answer which requirement: the modules' rules, by name, followed into each edition."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from threading import Lock

from andon.accounts.models import User
from andon.assurance import evidence as own
from andon.modules.actions import evidence as actions
from andon.modules.analyses import evidence as analyses
from andon.modules.improvements import evidence as improvements
from andon.modules.kpis import evidence as kpis
from andon.modules.nonconformities import evidence as nonconformities
from andon.modules.production import evidence as production
from andon.records.evidence import Evidence, Rule, one_round
from andon.standard import EDITIONS, map_requirement
from andon.trail.models import TrailHead
from andon.trail.sealing import RECORDS

RULES: tuple[Rule, ...] = (
    *own.RULES,
    *nonconformities.RULES,
    *kpis.RULES,
    *actions.RULES,
    *improvements.RULES,
    *analyses.RULES,
    *production.RULES,
)
FIRST = EDITIONS[0]

Ask = Callable[[User, date], Evidence]


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
    """Ask each rule once and return it with its answer, by the rule's name.

    An answer is kept until the trail grows: every write a rule could see leaves an entry, so the
    same end of the trail means the same records.
    """
    kept = _answers(person, day)
    found = {}
    with one_round():
        for rule in dict.fromkeys(rules):
            if rule.ask not in kept:
                kept[rule.ask] = rule.ask(person, day)
            found[rule.name] = (rule, kept[rule.ask])
    return found


def _answers(person: User, day: date) -> dict[Ask, Evidence]:
    """Return what was answered to this person since the newest entry of the trail."""
    heads = TrailHead.objects.filter(stream=RECORDS).values_list("entry_hash", flat=True)
    if not (head := heads.first()):
        return {}
    key = (person.pk, person.site_scope(), day, head)
    with _lock:
        answers = _kept.pop(key, None) or {}
        _kept[key] = answers
        while len(_kept) > MOST:
            del _kept[next(iter(_kept))]
    return answers


#: Answers by person, sites, day and end of the trail, the longest unused first.
_kept: dict[tuple[object, ...], dict[Ask, Evidence]] = {}
_lock = Lock()
MOST = 64
