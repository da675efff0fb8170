"""Reads RML in Turtle into the model.

```text
vocabulary  RML's terms, and what the vocabulary of 2014 calls them
graph       the triples with their places
terms       templates and term maps
sources     logical sources: files, and csvw their dialects
targets     logical targets
joins       join conditions
views       logical views
reader      triples maps
```

Source: https://w3id.org/rml/core/spec
"""

from __future__ import annotations

from nutgraf.mapping.rml.reader import read

__all__ = ["read"]
