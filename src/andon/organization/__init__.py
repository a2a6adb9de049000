"""What every record names: processes, items, parties, lines, settings."""
