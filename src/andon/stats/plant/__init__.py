"""Statistics of a whole plant as Ibis expressions, for DuckDB, PostgreSQL and Spark alike."""
