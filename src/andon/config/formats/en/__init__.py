"""English as the shop floor writes it."""
