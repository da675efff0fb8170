"""Wikidata: its entity documents and its live service, the only HTTP client here beside `reconciliation`."""
