"""Acceptance sampling: plans, their curves, the published schemes and their switching rules."""
