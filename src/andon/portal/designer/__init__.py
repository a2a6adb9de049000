"""The designer: custom fields and checklists are drafted, tried, published and retired here."""
