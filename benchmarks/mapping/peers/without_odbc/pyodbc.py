"""Stands in for pyodbc, which SDM-RDFizer imports at start and needs for databases only."""
