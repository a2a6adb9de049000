"""People, sites, roles, sign-in, visibility."""
