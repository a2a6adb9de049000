"""Several groups of values, given as lists or under names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from andon.stats.inputs import ArgumentError, Floats, Values, series

GroupValues: TypeAlias = Mapping[str, Values] | Sequence[Values]


@dataclass(frozen=True)
class Groups:
    """Checked groups without their missing values; empty ones are left out."""

    names: list[str]
    parts: list[Floats]
    missing: int

    @classmethod
    def of(cls, groups: GroupValues) -> "Groups":
        if isinstance(groups, Mapping):
            named = dict(groups)
        elif isinstance(groups, list | tuple):
            named = {str(place): group for place, group in enumerate(groups, start=1)}
        else:
            raise ArgumentError("groups", "must be lists of numbers, or lists under names")
        names, parts, missing = [], [], 0
        for name, values in named.items():
            group = series(values, f"groups[{name}]")
            there = group[~np.isnan(group)]
            missing += group.size - there.size
            if there.size:
                names.append(str(name))
                parts.append(there)
        return cls(names, parts, missing)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def together(self) -> Floats:
        return np.concatenate(self.parts) if self.parts else np.empty(0)
