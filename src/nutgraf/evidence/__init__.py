"""Who says so: the evidence of every statement, as a graph."""
