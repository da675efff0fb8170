"""Runs a plan on a database: DuckDB, embedded, on one machine."""
