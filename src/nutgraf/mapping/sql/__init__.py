"""Compiles the plan to SQL expressions.

```text
functions   calls and texts
natural     the natural RDF value of a column
json_values JSONPath over JSON values
scope       the records that a rule reads
encoding    percent-encoding
function    what a function is
iri_resolution  relative references
string_functions, date_functions, iri_functions, logic_functions  by family
function_library  functions that a mapping may call
terms       term maps: IRIs, blank nodes, literals
rules       rules
statements  identifiers and the tables of the result
invalid     checks of what was made
view_values what the fields of a view give
view_rows   the rows of a view
```
"""
