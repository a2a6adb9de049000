"""Andon: a quality management system that starts from the shop floor."""

__version__ = "0.1.0"
