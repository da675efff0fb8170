"""Outputs that people and machines read: Turtle, TriG, N-Quads, JSON-LD, pages, sites."""
