"""The rules in force: the profile, where the organization has not chosen otherwise."""

from dataclasses import dataclass, fields
from typing import Any

from andon.organization import queries
from andon.organization.models import Settings

Profile = Settings.Profile


@dataclass(frozen=True)
class Policy:
    """What holds now, after profile and own choices."""

    name: str
    profile: str
    edition: str
    working_days: frozenset[int]  # ISO weekdays: Monday is 1
    repeat_window_days: int
    separate_verifier: bool  # False: warn and ask for a reason
    concession_needs_customer: bool
    major_needs_manager: bool
    full_causes_always: bool
    containment_hours: int
    correction_due_days: int
    action_due_days: int
    effect_window_days: int
    second_factor_roles: frozenset[str]  # who must have one (AU3)

    @property
    def light(self) -> bool:
        return self.profile == Profile.LIGHT


NOBODY = "-"
SECOND_FACTOR: dict[str, frozenset[str]] = {
    Profile.LIGHT: frozenset(),
    Profile.STANDARD: frozenset({"admin"}),
    # Who manages people, and who approves.
    Profile.REGULATED: frozenset({"admin", "manager", "quality"}),
}
DEFAULTS: dict[str, dict[str, Any]] = {
    Profile.LIGHT: {
        "repeat_window_days": 90,
        "separate_verifier": False,
        "concession_needs_customer": True,
        "major_needs_manager": False,
        "full_causes_always": False,
        "containment_hours": 48,
        "correction_due_days": 30,
        "action_due_days": 60,
        "effect_window_days": 60,
    },
    Profile.STANDARD: {
        "repeat_window_days": 180,
        "separate_verifier": True,
        "concession_needs_customer": True,
        "major_needs_manager": True,
        "full_causes_always": False,
        "containment_hours": 24,
        "correction_due_days": 14,
        "action_due_days": 60,
        "effect_window_days": 90,
    },
    Profile.REGULATED: {
        "repeat_window_days": 365,
        "separate_verifier": True,
        "concession_needs_customer": True,
        "major_needs_manager": True,
        "full_causes_always": True,
        "containment_hours": 24,
        "correction_due_days": 10,
        "action_due_days": 45,
        "effect_window_days": 90,
    },
}


def policy() -> Policy:
    """Return the rules in force; read once per request (``queries.settings``)."""
    return effective(queries.settings())


def effective(chosen: Settings) -> Policy:
    """Return the rules that follow from ``chosen``."""
    values = {
        field.name: _value(chosen, field.name)
        for field in fields(Policy)
        if field.name not in {"working_days", "second_factor_roles"}
    }
    return Policy(
        working_days=frozenset(map(int, chosen.working_days)),
        second_factor_roles=second_factor_roles(chosen),
        **values,
    )


def second_factor_roles(chosen: Settings) -> frozenset[str]:
    """Return the roles whose holders must have a second factor."""
    if not chosen.second_factor_roles:
        return SECOND_FACTOR[chosen.profile]
    return frozenset(chosen.second_factor_roles.split(",")) - {NOBODY}


def _value(chosen: Settings, name: str) -> Any:
    own = getattr(chosen, name)
    return DEFAULTS[chosen.profile].get(name) if own is None else own
