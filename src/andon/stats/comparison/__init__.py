"""Before and after: did it change, by how much, and did the action work."""
