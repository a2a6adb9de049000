"""Pages of nonconformities beyond those of every record."""

from .record import PAGES

__all__ = ["PAGES"]
