"""Saved views of lists: a filter, columns and an order under a name, kept or shared."""
