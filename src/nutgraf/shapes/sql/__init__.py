"""SHACL Core in SQL: shapes are tables, and a constraint component is a query over all shapes that have it.

A node is a number: a hash of its term, the same in the data and in the shapes. Each query is constant text;
what a shape says stands in tables, and never in the text of a query.
"""
