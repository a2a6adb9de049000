"""Home, my work, search, clause map: looks across all modules."""
