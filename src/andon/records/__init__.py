"""The kernel: what every record shares."""
