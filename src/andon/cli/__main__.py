"""``python -m andon.cli`` is the ``andon`` command."""

import sys

from andon.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
