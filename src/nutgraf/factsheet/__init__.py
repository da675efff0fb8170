"""The fact sheet: its schema, loading, references, evidence and the tables that mappings read."""
