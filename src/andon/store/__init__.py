"""Files: what is let in, how its bytes are kept and read again (UP)."""
