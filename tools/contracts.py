"""Check the import contracts of pyproject.toml; ends with 1 when one is broken."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports(no_cache=True, no_logo=True))
