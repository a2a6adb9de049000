"""Charts and rules for points that arrive one by one, in memory that does not grow."""
