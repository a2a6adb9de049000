"""Custom fields and checklists: questions that the company asks itself, as versioned data."""
