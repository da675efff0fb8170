"""The fast path: mappings as lines of N-Triples or N-Quads, streamed, without a table of statements.

```text
slots    what of a record a rule puts into its statements
overlap  which rules may make the same statement
units    rules that are run together
columns  the columns that a mapping reads of a JSON file, as a typed schema
source   what a source gives             json_source, table_source  the two kinds
copies   what several units read of a file
scan     the rows of a source, with a column for each slot
text     the statements of a row as one text
distinct the distinct rows of a unit, and their texts
ahead    makes the next units ready while one is written
ladder   writes a unit, by the cheapest way that makes no statement twice
general  rules that have no such short way
run      all units of a mapping
```

Every short cut is either proved from the mapping or checked on the data while it is taken. Where it does not
hold, and where data is odd in any way, the plan of `nutgraf.mapping.run` answers instead: it removes
repetitions from the table of all statements, and it says what is wrong.
"""
