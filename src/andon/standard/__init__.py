"""ISO 9000 and ISO 9001 as versioned data in our own words."""
