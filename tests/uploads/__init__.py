"""Hostile files, formula cells and papers: nothing runs, nothing is fetched (UP, EX)."""
