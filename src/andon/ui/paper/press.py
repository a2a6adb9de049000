"""Sets one report in a process of its own, with limits on time and memory (EX3).

Started by path, not as part of the package, so that it imports neither Django nor Andon. It reads
no file but the template and the fonts that Typst brings, and asks nobody anything.
In: the limits and the template's path as arguments, the data as JSON. Out: the PDF.
"""

import contextlib
import json
import sys
from pathlib import Path

with contextlib.suppress(ImportError):  # not on Windows, where only the time limit holds
    import resource


def main() -> None:
    """Set the data on stdin by the template and write the PDF to stdout."""
    limits = json.loads(sys.argv[1])
    template = Path(sys.argv[2])
    if "resource" in globals():
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
        resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Imported here: the memory limit must stand before the library allocates.
    import typst  # noqa: PLC0415

    data = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        str(template), root=str(template.parent), sys_inputs={"data": data},
        ignore_system_fonts=True, font_paths=[],
        # No packages: there are none in this folder, and none are fetched into it.
        package_path=str(template.parent), package_cache_path=str(template.parent),
    )  # fmt: skip
    sys.stdout.buffer.write(pdf)


main()
