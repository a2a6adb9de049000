"""Pages of the Workbench and of analyses."""
