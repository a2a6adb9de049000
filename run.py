"""Start Andon from a checkout: ``python3 run.py demo``, ``python3 run.py test``.

Only this file has to be readable by an old Python; what it does stands in ``tools/``.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an old Python must reach this sentence
    sys.exit(
        "Andon needs Python 3.11 or newer, and this is Python %d.%d. "  # noqa: UP031 - so must this
        "Install a newer one (for example python3.11), and start run.py with it."
        % sys.version_info[:2]
    )

from tools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
