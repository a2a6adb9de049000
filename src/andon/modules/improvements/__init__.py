"""Improvement projects: from a level that is not good enough to a benefit that is shown (10.1)."""
