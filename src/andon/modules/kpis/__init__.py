"""Indicators, their charts and signals (9.1)."""
