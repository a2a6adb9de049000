"""Corrective action (10.2)."""
