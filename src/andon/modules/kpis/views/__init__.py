"""Pages of KPIs and of signals."""
