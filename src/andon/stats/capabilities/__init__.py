"""Capability of a process against its specification limits."""
