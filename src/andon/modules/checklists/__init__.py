"""Checklists: filled in at the record they belong to, on a phone, and signed off."""
