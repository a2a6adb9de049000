"""The one way out to another machine: https to addresses on the list, nothing else (OB1)."""
