"""Tests of analyses and of the Workbench."""
