"""What the statistics cost, as ratios to `x.sum()` over the same array in the same process.

``python benchmarks/stats.py [--quick]``: medians of 7 (3 with ``--quick``), peak of extra memory
as a part of the input, the import of ``andon.stats``, and what others need for the same numbers.
The medians are judged. The ratio of the fastest runs stands beside them: on a busy machine it is
nearer to what the code costs.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from andon.stats import run_rules, survey, xbar_r_limits, xbar_s_limits
from andon.stats.blocks import moments

NELSON = ["n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"]
ROW = "{:<56} {:>7} {:>7} {:>7} {:>7} {:>6}  {}"


class Times(NamedTuple):
    middle: float
    fastest: float


def seconds(work: Callable[[], Any], times: int) -> Times:
    """The median and the least time of ``work``, after one call that is not counted."""
    work()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return Times(median(found), min(found))


def memory(work: Callable[[], Any], size: int) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / size


def ours(engine: Any) -> list[tuple[str, int, Callable[[Any], Any], float]]:
    """Name, number of values, what is measured, and the ratio it may have."""
    fast = engine == "compiled"
    return [
        ("X-bar-R limits, subgroups of 5, 1e6", 10**6,
         lambda x: xbar_r_limits(x, 5, engine=engine), 3 if fast else 8),
        ("X-bar-R limits, subgroups of 5, 1e7", 10**7,
         lambda x: xbar_r_limits(x, 5, engine=engine), 3 if fast else 8),
        ("X-bar-S limits, subgroups of 5, 1e7", 10**7,
         lambda x: xbar_s_limits(x, 5, engine=engine), 3 if fast else 8),
        ("Nelson 1 to 8, 1e6", 10**6,
         lambda x: run_rules(x, 10, 1, NELSON, engine=engine), 30 if fast else 90),
        ("mean and s, 1e7", 10**7,
         lambda x: moments(x, engine=engine), 3 if fast else 4),
        ("mean, s, moving range, extremes, outside, 1e7", 10**7,
         lambda x: survey(x, 6, 14, engine=engine), 5 if fast else 15),
    ]  # fmt: skip


def measure(times: int, engine: str) -> None:
    arrays = {n: np.random.default_rng(1).normal(10, 1, n) for n in (10**6, 10**7)}
    for name, size, work, budget in ours(engine):
        x = arrays[size]
        # The sum before and after: on a busy machine the ratio must not gain by a slow one.
        before = seconds(x.sum, times)
        taken = seconds(partial(work, x), times)
        after = seconds(x.sum, times)
        ratio = taken.middle / min(before.middle, after.middle)
        best = taken.fastest / min(before.fastest, after.fastest)
        peak = memory(partial(work, x), x.nbytes)
        verdict = "" if ratio <= budget and peak <= 0.3 else "MISSED"
        figures = f"{taken.middle * 1000:.1f}", f"{ratio:.1f}", f"{best:.1f}", str(budget)
        print(ROW.format(f"{name}, {engine}", *figures, f"{peak:.2f}", verdict))


def peers(times: int) -> None:
    """The same numbers as people usually get them."""
    x = np.random.default_rng(1).normal(10, 1, 10**6)
    base = seconds(x.sum, times)
    work: dict[str, Callable[[], Any]] = {
        "X-bar-R 1e6: numpy, ptp over short rows": lambda: np.ptp(x.reshape(-1, 5), axis=1).mean(),
        "mean and s 1e6: x.mean(), x.std(ddof=1)": lambda: (x.mean(), x.std(ddof=1)),
    }  # fmt: skip
    try:
        import pandas as pd  # noqa: PLC0415 -- a peer, where installed
    except ImportError:
        print("pandas is not installed")
    else:
        frame = pd.DataFrame({"group": np.arange(x.size) // 5, "x": x})
        work["X-bar-R 1e6: pandas groupby max - min"] = lambda: (  # noqa: PLW0108 -- timed later
            frame.groupby("group").x.max() - frame.groupby("group").x.min()
        ).mean()
    try:
        from statsmodels.stats.weightstats import DescrStatsW  # noqa: PLC0415 -- a peer, where installed
    except ImportError:
        print("statsmodels is not installed")
    else:
        work["mean and s 1e6: statsmodels DescrStatsW"] = lambda: (
            DescrStatsW(x).mean,
            DescrStatsW(x, ddof=1).std,
        )
    for name, others in work.items():
        taken = seconds(others, times)
        ratios = f"{taken.middle / base.middle:.1f}", f"{taken.fastest / base.fastest:.1f}"
        print(ROW.format(name, f"{taken.middle * 1000:.1f}", *ratios, "", "", ""))
    print("R was not available here" if os.system("command -v Rscript >/dev/null") else "R is here")


def plant(times: int) -> None:
    """X-bar-R limits of 50 characteristics over 1e7 rows of Parquet, Ibis on DuckDB."""
    try:
        import ibis  # type: ignore[import-untyped]  # noqa: PLC0415 -- an extra
    except ImportError:
        print("Ibis is not installed (requirements/plant.in)")
        return
    from andon.stats import plant_xbar_r  # noqa: PLC0415 -- needs Ibis

    with tempfile.TemporaryDirectory(prefix="andon-benchmark-") as folder:
        path, connection = Path(folder) / "plant.parquet", ibis.duckdb.connect()
        connection.raw_sql(
            "COPY (SELECT i // 200000 AS characteristic, i % 200000 AS sequence,"
            " (i % 200000) // 5 AS subgroup, 10 + random() AS value FROM range(10000000) t(i))"
            f" TO '{path}' (FORMAT parquet)"
        )
        limits = plant_xbar_r(connection.read_parquet(path))
        taken = seconds(limits.to_pyarrow, times)
    verdict = "" if taken.middle <= 0.6 else "MISSED"
    print(
        "X-bar-R, 1e7 rows of Parquet, 50 characteristics, DuckDB:"
        f" {taken.middle:.2f} s, fastest {taken.fastest:.2f} s (0.6) {verdict}"
    )


def import_time() -> None:
    """Each in a process of its own; the first chart loads numpy, whose own import is beside it."""
    work = {
        "import andon.stats": "import andon.stats",
        "import andon.stats, first chart": "import andon.stats; andon.stats.imr_chart([1, 2, 4])",
        "import numpy alone": "import numpy",
    }
    for name, statement in work.items():
        code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
        command = [sys.executable, "-c", code]
        found = [
            float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(7)
        ]
        limit = " (0.15)" if name == "import andon.stats" else ""
        print(f"{name}: {median(found):.3f} s, fastest {min(found):.3f} s{limit}")


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="medians of 3")
    times = 3 if parser.parse_args().quick else 7
    load = ", ".join(f"{mean:.1f}" for mean in os.getloadavg())
    print(f"numpy {np.__version__}, Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    print(f"load averages at the start: {load}")
    print(ROW.format("", "ms", "ratio", "best", "allowed", "memory", ""))
    for engine in ("numpy", "compiled"):
        measure(times, engine)
    peers(times)
    import_time()
    plant(times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
