"""The rows of the notices: duties of the worker, choices of people, notices, mails."""

from .duties import DutyRun

__all__ = ["DutyRun"]
