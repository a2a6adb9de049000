"""How often the verdict on an action is wrong, and how often it sees what is there.

``python benchmarks/effect.py [--histories 2000]`` prints the tables of docs/statistics.md: false
"effective" among histories in which the action changed nothing, the same for levels that fall by
themselves, and the power for a fall of 25 %. Each number is a share of so many simulated
histories; the seed is fixed, so they come out again.
"""

import argparse
import sys
import time
from collections.abc import Mapping

from andon.stats.tests.histories import (
    DRIFTS,
    EXPOSURES,
    OUTCOMES,
    PROCESSES,
    SCATTERS,
    Process,
    falls,
    verdicts,
)

SEED = 20
MOST_WRONG = 0.05
MILD, PROMISED = 0.001, 0.15


def false_verdicts(processes: Mapping[str, Process], target: float, histories: int) -> float:
    """Print a table of verdicts where the action changed nothing; return the worst false rate."""
    worst = 0.0
    print(f"\n| process, target {target:.1%} | effective (wrong) | not effective | inconclusive |")
    print("| --- | ---: | ---: | ---: |")
    for name, process in processes.items():
        shares = verdicts(process, histories=histories, seed=SEED, target_change=target)
        worst = max(worst, shares["effective"])
        cells = " | ".join(f"{shares[outcome]:.1%}" for outcome in OUTCOMES)
        print(f"| {name} | {cells} |", flush=True)
    return worst


def power(histories: int) -> None:
    """Print how often a true fall by a quarter is called effective."""
    print("\n| units a week | " + " | ".join(SCATTERS) + " |")
    print("| ---: |" + " ---: |" * len(SCATTERS))
    for units in EXPOSURES:
        shares = [
            verdicts(falls(units, scatter), histories=histories, seed=SEED, target_change=PROMISED)
            for scatter in SCATTERS.values()
        ]
        cells = " | ".join(f"{share['effective']:.1%}" for share in shares)
        print(f"| {units:,} | {cells} |", flush=True)


def main() -> int:
    """Print the tables; fail when a false rate is above 5 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    histories = parser.parse_args().histories
    started = time.perf_counter()
    worst = false_verdicts(PROCESSES, MILD, histories)
    drifting = false_verdicts(DRIFTS, PROMISED, histories)
    power(histories)
    print(f"\n{time.perf_counter() - started:.0f} s; worst {worst:.1%}, drifting {drifting:.1%}")
    return int(worst > MOST_WRONG or drifting > MOST_WRONG)


if __name__ == "__main__":
    sys.exit(main())
