"""Mappings: YARRRML and RML are read into one model, planned, compiled to SQL, and run.

```text
load        files → model            yarrrml, rml   the two syntaxes
check       what must hold           model          RML's nouns
plan        model → rules            sql            rules → SQL
references  names and JSONPath       json_path      chains that SQL expresses
sources     tables and files         run            all of it
views       logical views            relations      what rules read, columns its checks
evaluate    what SQL cannot express
folders     which files              targets        where statements go
stream      lines without a table
explanation the plan as text             calls          which argument is which parameter's
```
"""

from __future__ import annotations

from nutgraf.mapping.counts import RuleCount
from nutgraf.mapping.explanation import explain
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.load import load
from nutgraf.mapping.model import RmlMapping
from nutgraf.mapping.plan import plan
from nutgraf.mapping.run import run
from nutgraf.mapping.sql.function import Function
from nutgraf.mapping.sql.function_library import register

__all__ = ["Folders", "Function", "RmlMapping", "RuleCount", "explain", "load", "plan", "register", "run"]
