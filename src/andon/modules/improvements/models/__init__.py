"""Improvement projects and what they are worth."""

from andon.modules.improvements.lifecycle import State

from .benefits import Benefit
from .project import ImprovementProject, ImprovementProjectQuerySet

__all__ = ["Benefit", "ImprovementProject", "ImprovementProjectQuerySet", "State"]
