"""Mappings: YARRRML and RML are read into one model, planned, compiled to SQL, and run.

```text
load        files → model            yarrrml, rml   the two syntaxes
check       what must hold           model          RML's nouns
plan        model → rules            sql            rules → SQL
sources     tables and files         run            all of it
```
"""

from __future__ import annotations

from nutgraf.mapping.load import load
from nutgraf.mapping.model import RmlMapping
from nutgraf.mapping.run import explain, run

__all__ = ["RmlMapping", "explain", "load", "run"]
