"""SHACL Core over a small graph in memory: for an article's graph, a query plan costs more than it saves.

The same report as `nutgraf.shapes.sql`, from the same model of the shapes and the same lexical rules.
"""
