"""JSON-LD for the pages that people read: which triples, in which tree."""
