"""The life of a record as a table: transitions, what they require, and how they refuse."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from andon.ui.refusals import Refusal, Refused, Text

if TYPE_CHECKING:
    from andon.accounts.models import User

    from .models import Record

__all__ = ["Act", "Refusal", "Refused", "Stale", "Transition", "Workflow"]


class Stale(Refused):
    """Somebody else changed the record since this person read it.

    ``differences`` lists (label, value typed here, value stored now) of the fields that differ.
    """

    def __init__(self, record: "Record", differences: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(_("Somebody changed this record while you were working on it."))
        self.record = record
        self.differences = tuple(differences)


@dataclass(frozen=True)
class Act:
    """Who acts, on which business day, and what was typed with the transition."""

    by: "User"
    day: date
    data: Mapping[str, Any] = field(default_factory=dict)


# Guards and effects take a record of their own kind, which a table of all kinds cannot name.
Guard = Callable[[Any, Act], None]
Effect = Callable[[Any, Act], None]


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One allowed step of a life.

    ``asks`` are fields of the record that must be filled in with the step, ``may_ask`` those that
    may. ``requires`` are checks that raise :class:`Refused`; ``then`` are effects, run in the same
    transaction. ``signed_as`` is the meaning of a signature, where the company asks for one
    (`andon.signing`); a step without it cannot be signed. ``regulated`` is how strictly that is
    asked under the profile Regulated.
    """

    name: str
    label: Text
    source: str | tuple[str, ...]
    target: str
    permission: str
    help: Text = ""
    asks: tuple[str, ...] = ()
    may_ask: tuple[str, ...] = ()
    requires: tuple[Guard, ...] = ()
    then: tuple[Effect, ...] = ()
    signed_as: Text = ""
    regulated: int = 0
    secondary: bool = False
    # Whether this step exists at all under the rules in force (a profile may do without it).
    applies: Callable[[Any], bool] = lambda _record: True

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    def missing(self, record: "Record", act: Act) -> list[Refused]:
        """List every check of this step that ``record`` does not pass."""
        found: list[Refused] = []
        for check in self.requires:
            try:
                check(record, act)
            except Refused as refused:
                found.extend(refused.items)
        return found


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The states of a kind and the only steps between them.

    ``void`` is the state of a record made by mistake; ``final`` are the states in which content is
    frozen. ``tones`` gives each state one of: neutral, info, wait, act, good (see ``ui.badges``).
    """

    states: type[TextChoices]
    initial: str
    final: frozenset[str]
    transitions: tuple[Transition, ...]
    void: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Transition:
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(transition.name == name for transition in self.transitions)

    def leaving(self, state: str) -> Iterator[Transition]:
        """Yield the transitions that start in ``state``, in the order of the table."""
        return (one for one in self.transitions if state in one.sources)

    def label(self, state: str) -> str:
        try:
            return str(self.states(state).label)
        except ValueError:
            return state

    def tone(self, state: str) -> str:
        return self.tones.get(state, "neutral")

    def progress(self) -> list[str]:
        """List the states of the ordinary way, from the first to the last, without void."""
        return [value for value in self.states.values if value != self.void]

    def flaws(self) -> Iterable[str]:
        """Name what is wrong with this table: unreachable states, exits from final ones."""
        known = set(self.states.values)
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            for step in self.leaving(frontier.pop()):
                if step.target not in reached:
                    reached.add(step.target)
                    frontier.append(step.target)
        yield from (f"state {state} cannot be reached" for state in sorted(known - reached))
        for step in self.transitions:
            if unknown := {step.target, *step.sources} - known:
                yield f"transition {step.name} names unknown states {sorted(unknown)}"
            if self.final & set(step.sources):
                yield f"transition {step.name} leaves a final state"
        names = [step.name for step in self.transitions]
        yield from (
            f"two transitions are called {name}"
            for name in {n for n in names if names.count(n) > 1}
        )
        for state in known - self.final:
            if not any(self.leaving(state)):
                yield f"state {state} is a dead end but not final"
