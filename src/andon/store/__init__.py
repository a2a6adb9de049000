"""Files: what is let in, kept and read again, on a floor of its own (ADR 20)."""
