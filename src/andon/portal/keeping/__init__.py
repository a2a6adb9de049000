"""Keeping it all: backup, restore, drills, the whole export, and the page about them."""
