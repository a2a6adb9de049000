"""Quality statistics on numpy; knows no Django."""
