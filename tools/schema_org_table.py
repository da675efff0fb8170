"""Make `src/nutgraf/terms/schema_org.tsv` from a release of the schema.org vocabulary.

    python tools/schema_org_table.py schemaorg-current-https.jsonld > src/nutgraf/terms/schema_org.tsv

The release's file travels in several packages; .ci/run says in which one the tests take it from.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def table(vocabulary: dict[str, Any]) -> str:
    """The lines of the table, sorted: classes, enumeration members and properties."""
    lines = []
    for node in vocabulary["@graph"]:
        name = _name(node["@id"])
        types = [_name(kind) for kind in _list(node["@type"])]
        if not node["@id"].startswith("schema:"):
            continue
        if "rdf:Property" in types:
            domains, ranges, inverse = (
                _names(node, f"schema:{key}") for key in ("domainIncludes", "rangeIncludes", "inverseOf")
            )
            lines.append(f"property\t{name}\t{domains}\t{ranges}\t{inverse}")
        elif "rdfs:Class" in types:
            lines.append(f"class\t{name}\t{_names(node, 'rdfs:subClassOf')}")
        else:
            lines.append(f"member\t{name}\t{' '.join(sorted(types))}")
    return "".join(f"{line}\n" for line in sorted(lines))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(node: dict[str, Any], key: str) -> str:
    values = [value["@id"] for value in _list(node.get(key, []))]
    return " ".join(sorted(_name(value) for value in values if value.startswith("schema:")))


def _name(iri: str) -> str:
    return iri.removeprefix("schema:")


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(table(source))
