"""A site of the graph: pages that people read, and the same statements beside them as data."""
