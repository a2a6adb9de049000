"""Analyses: values, a method, and what the statistics say of them; kept as evidence."""
