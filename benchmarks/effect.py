"""How often the verdict on an action is wrong, and how often it sees what is there.

``python benchmarks/effect.py [--histories 2000]`` prints the tables of docs/statistics.md: false
"effective" among histories in which the action changed nothing, and the power for a fall of 25 %.
Each number is a share of so many simulated histories; the seed is fixed, so they come out again.
"""

import argparse
import sys
import time

from andon.stats.tests.histories import EXPOSURES, PROCESSES, SCATTERS, falls, verdicts

SEED = 20


def main() -> int:
    """Print both tables; fail when a false rate is above 5 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    most = parser.parse_args().histories
    started, worst = time.perf_counter(), 0.0
    print("| process | effective (wrong) | not effective | inconclusive |")
    print("| --- | ---: | ---: | ---: |")
    for name, process in PROCESSES.items():
        shares = verdicts(process, histories=most, seed=SEED, target_change=0.001)
        worst = max(worst, shares["effective"])
        cells = " | ".join(f"{100 * shares[o]:.1f} %" for o in
                           ("effective", "not_effective", "inconclusive"))  # fmt: skip
        print(f"| {name} | {cells} |")
    print("\n| units a week | " + " | ".join(SCATTERS) + " |")
    print("| ---: |" + " ---: |" * len(SCATTERS))
    for units in EXPOSURES:
        row = [
            verdicts(falls(units, scatter), histories=most, seed=SEED, target_change=0.15)
            for scatter in SCATTERS.values()
        ]
        print(f"| {units:,} | " + " | ".join(f"{100 * s['effective']:.1f} %" for s in row) + " |")
    print(f"\n{time.perf_counter() - started:.0f} s; worst false rate {100 * worst:.1f} %")
    return worst > 0.05


if __name__ == "__main__":
    sys.exit(main())
