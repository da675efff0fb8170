"""Validating again only what a change can touch, with the report of a full run."""
