"""Control charts and what they say."""
