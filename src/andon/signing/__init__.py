"""Electronic signatures: what was seen is what is signed (SG)."""
