"""Work for later: kept in the database, leased by a worker, tried again, never lost."""
