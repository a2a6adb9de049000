"""How often the verdict is wrong by chance, on simulated histories with a fixed seed."""

from collections import Counter

import numpy as np
import pytest

from andon.stats import Periods, effectiveness


def histories(*, runs, seed, fall=0.0, scatter=0.0, memory=0.0, weeks=(26, 13), units=1000,
              level=0.08):  # fmt: skip
    """Weekly scrap of a process whose level wanders by ``scatter`` with ``memory``."""
    rng = np.random.default_rng(seed)
    size = sum(weeks)
    noise = rng.normal(size=(runs, size))
    for week in range(1, size):
        noise[:, week] = memory * noise[:, week - 1] + (1 - memory**2) ** 0.5 * noise[:, week]
    levels = level * np.exp(scatter * noise)
    levels[:, weeks[0] :] *= 1 - fall
    exposure = rng.integers(units // 2, units * 3 // 2, (runs, size))
    return rng.binomial(exposure, np.clip(levels, 0, 1)), exposure


def outcomes(target=0.25, weeks=(26, 13), **process):
    bad, units = histories(weeks=weeks, **process)
    cut = weeks[0]
    return Counter(
        effectiveness(
            Periods(x[:cut], n[:cut]), Periods(x[cut:], n[cut:]), target_change=target
        ).outcome
        for x, n in zip(bad, units, strict=True)
    )


@pytest.mark.parametrize(
    "process",
    [
        {},
        {"scatter": 0.2},
        {"scatter": 0.2, "memory": 0.3},
        {"units": 60, "level": 0.03, "weeks": (12, 6)},
    ],
    ids=["binomial", "overdispersed", "autocorrelated", "few"],
)
def test_of_2000_histories_without_change_at_most_5_percent_are_called_effective(process):
    # The mildest target: nothing but the interval and the stability stand in the way.
    found = outcomes(target=0.001, runs=2000, seed=20, **process)

    assert found["effective"] <= 0.05 * 2000


def test_a_fall_beyond_the_target_is_usually_found():
    found = outcomes(target=0.15, fall=0.25, scatter=0.1, runs=300, seed=4)

    assert found["effective"] >= 0.9 * 300
    assert found["not_effective"] == 0
