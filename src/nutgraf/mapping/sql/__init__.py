"""Compiles the plan to SQL expressions.

```text
functions   calls and texts
natural     the natural RDF value of a column
terms       term maps: IRIs, blank nodes, literals
statements  rules, identifiers, checks and the tables of the result
```
"""
