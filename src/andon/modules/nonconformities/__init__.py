"""Nonconforming outputs and their decision (8.7, 10.2.1)."""
