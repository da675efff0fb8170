"""Reads YARRRML into the model.

```text
node     a value of the document with its place
terms    texts: templates, references, CURIEs, ~ suffixes
sources  logical sources
joins    references to another mapping
functions  calls and conditions
reader   mappings
```

Source: https://rml.io/yarrrml/spec/
"""

from __future__ import annotations

from nutgraf.mapping.yarrrml.reader import read

__all__ = ["read"]
