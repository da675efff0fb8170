"""The statements in memory: loading, SPARQL, canonical form."""
