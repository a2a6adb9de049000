"""The pages of the notices; each answers one request with one query or one service call."""

from .administering import duties

__all__ = ["duties"]
