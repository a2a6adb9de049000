"""Pages a corrective action has beyond those of every record."""

from .records import PAGES

__all__ = ["PAGES"]
