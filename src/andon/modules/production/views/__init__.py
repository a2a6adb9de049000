"""Pages of production: overview, facts, a shift, imports, batches, causes."""
