"""Random workloads: records in files of several formats, and mappings that easily say one thing twice.

Keys are few and chosen so that templates of different shapes give equal IRIs: `ex:$(id)-$(code)` of 1-2 and 3
is that of 1 and 2-3, `$(url)` may be any of them, and a relative IRI becomes one by its base.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

Record = dict[str, Any]

BASE: Final = "https://example.org/"
"""Of relative IRIs; also the namespace of `ex:`."""

_TEXT: Final = st.sampled_from(
    ["", "x", "1", 'say "so"', "a\\b", "two\nlines", "tab\there", "Zoë 東京", "🗳", "\x01\x7f"]
)
_KEYS: Final = ["1", "2", "1-2", "2-1", "1-2-1", "x-1", "é", "a b", "a/b", "a%20b", "%", "-"]
_KEY: Final = st.sampled_from(_KEYS)
_JSON_KEY: Final = st.sampled_from([*_KEYS, 1, 2, 1.0, 2.5, True, 12345678901234567890])
_URL: Final = st.sampled_from([BASE + "1", BASE + "1-2", BASE + "x-1", "1", "1-2", BASE + "a%20b", "urn:x:1"])
_LANG: Final = st.sampled_from(["en", "EN", "de-AT", None])
_GRAPH: Final = st.sampled_from(["1", "1-2", None])
_NUMBER: Final = st.sampled_from([0, 1, 2, -7, 10**18])
_DOUBLE: Final = st.sampled_from([0.0, -0.0, 1.0, 1.5, 1e300, 0.1])


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.none()


_ROW: Final = st.fixed_dictionaries(
    {
        "id": _KEY,
        "code": _maybe(_KEY),
        "name": _maybe(_TEXT),
        "n": _maybe(_NUMBER),
        "x": _maybe(_DOUBLE),
        "b": _maybe(st.booleans()),
        "url": _maybe(_URL),
        "lang": _LANG,
        "graph": _GRAPH,
    }
)
_SCALAR: Final = _maybe(_TEXT) | _NUMBER | _DOUBLE | st.booleans()
_PART_MEMBERS: Final = {
    "id": _maybe(_JSON_KEY),
    "name": _SCALAR,
    "code": _JSON_KEY,
    "tags": st.lists(_SCALAR, max_size=2),
}
_PART: Final = st.fixed_dictionaries({}, optional=_PART_MEMBERS)
_MEMBERS: Final = {
    "id": _JSON_KEY,
    "code": _maybe(_JSON_KEY),
    "name": _SCALAR,
    "n": _maybe(_NUMBER),
    "x": _maybe(_DOUBLE),
    "b": _maybe(st.booleans()),
    "url": _maybe(_URL),
    "lang": _LANG,
    "graph": _GRAPH,
    "tags": _maybe(st.lists(_SCALAR, max_size=3)),
    "keys": st.lists(_JSON_KEY, max_size=3),
    "who": _maybe(st.fixed_dictionaries({"id": _maybe(_JSON_KEY)}, optional={"name": _SCALAR})),
    "parts": _maybe(st.lists(_PART, max_size=3)),
}
_NESTED: Final = st.fixed_dictionaries({}, optional=_MEMBERS)
_COMPLETE: Final = st.fixed_dictionaries(
    {**_MEMBERS, "parts": st.lists(st.fixed_dictionaries(_PART_MEMBERS), min_size=1, max_size=2)}
)
"""A record with every member: a mapping may not name one that no record has."""

_FORMATS: Final = ("json", "jsonl", "csv", "parquet")
_SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "code", "name", "url", "lang", "graph")),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("b", pa.bool_()),
    ]
)

_SUBJECTS: Final = [
    "ex:$(id)",
    "ex:$(code)",
    "ex:$(id)-$(code)",
    "ex:$(code)-$(id)",
    "ex:x-$(id)",
    "ex:1",
    "$(url)",
    "b$(id)",
    "{value: $(id), type: blank}",
]
_NESTED_SUBJECTS: Final = ["ex:$(parts[*].id)", "ex:$(keys[*])-$(id)", "ex:$(who.id)", "ex:$(keys[*])"]
_PART_SUBJECTS: Final = ["ex:$(id)", "ex:x-$(id)", "ex:$(code)-$(id)"]
_OBJECTS: Final = [
    "[a, ex:Thing]",
    "[ex:p, 1]",
    "[ex:p, $(id)]",
    "[ex:p, $(code)]",
    "[ex:p, $(name)]",
    "[ex:p, '$(id)-$(code)']",
    "[ex:p, '$(code)-$(id)']",
    "[ex:p, $(n)]",
    "[ex:p, $(x)]",
    "[ex:p, $(b)]",
    "[ex:p, $(n), xsd:integer]",
    "[ex:p, $(name), xsd:string]",
    "[ex:p, $(name), en~lang]",
    "[ex:p, $(name), $(lang)~lang]",
    "[ex:p, ex:$(id)~iri]",
    "[ex:p, ex:$(id)-$(code)~iri]",
    "[ex:p, $(url)~iri]",
    "[ex:p, ex:1~iri]",
    "[ex:p, $(code)~blank]",
    "[ex:p-$(code), $(id)]",
    "[['ex:p', 'ex:q'], ['$(id)', '$(code)']]",
    "{p: ex:p, o: $(name), graphs: ex:$(graph)}",
    "{p: ex:p, o: $(id), graphs: [ex:1, ex:$(graph)]}",
]
_NESTED_OBJECTS: Final = [
    "[ex:p, '$(tags[*])']",
    "[ex:p, '$(tags[0])']",
    "[ex:p, '$(keys[*])-$(id)']",
    "[ex:p, '$(keys[*])-$(keys[*])']",
    "[ex:p, 'ex:$(keys[*])~iri']",
    "[ex:p, 'ex:$(parts[*].id)~iri']",
    "[ex:p, '$(parts[*].name)']",
    "[ex:p, '$(parts[*].tags[*])']",
    "[ex:p, $(who.name)]",
    "[ex:p, ex:$(who.id)~iri]",
    "['ex:p-$(keys[*])', $(id)]",
    "{p: ex:p, o: $(id), graphs: 'ex:$(keys[*])'}",
]
_PART_OBJECTS: Final = [
    "[a, ex:Thing]",
    "[ex:p, $(id)]",
    "[ex:p, $(name)]",
    "[ex:p, '$(code)-$(id)']",
    "[ex:p, '$(tags[*])']",
    "[ex:p, ex:$(id)~iri]",
    "{p: ex:p, o: $(name), graphs: ex:$(code)}",
]
_CONDITIONS: Final = [
    ("$(id)", "$(id)"),
    ("$(id)", "$(code)"),
    ("$(code)", "$(code)"),
    ("ex:$(id)", "ex:$(id)"),
]
_ODD: Final[list[tuple[str, Any]]] = [
    ("url", "no iri"),
    ("url", BASE + "100%"),
    ("lang", "no tag"),
    ("url", ""),
]
_ODD_NESTED: Final[list[tuple[str, Any]]] = [
    ("name", {"a": 1}),
    ("name", [1]),
    ("id", []),
    ("keys", [["1"]]),
    ("tags", {}),
]
_PREDICATE: Final = st.sampled_from(["ex:p", "ex:q", "ex:r", "ex:s"])
"""Where rules have different ones, they need not be looked at together."""

_GRAPHS: Final = ["", "", "", "ex:1", "ex:$(id)", "[ex:1, 'ex:$(code)']"]


@dataclass(frozen=True)
class Workload:
    """Files and a mapping of them.

    Attributes:
        mapping: YARRRML.
        files: name → records; of a table, one that is written as no value is None.
    """

    mapping: str
    files: Mapping[str, list[Record]]

    def write(self, folder: Path) -> Path:
        """Write the files and the mapping, and give the mapping's path."""
        for name, records in self.files.items():
            _WRITERS[name.rpartition(".")[2]](folder / name, records)
        path = folder / "mapping.yml"
        path.write_text(self.mapping, encoding="utf-8")
        return path


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    """A workload of one to three files and one to four triples maps."""
    formats = draw(st.lists(st.sampled_from(_FORMATS), min_size=1, max_size=3))
    files = {f"f{number}.{kind}": draw(_records(kind)) for number, kind in enumerate(formats)}
    lines = [f"prefixes: {{ex: '{BASE}', xsd: 'http://www.w3.org/2001/XMLSchema#'}}", "mappings:"]
    names = [f"m{number}" for number in range(draw(st.integers(1, 4)))]
    for name in names:
        lines += draw(_triples_map(name, list(files), names))
    return Workload("\n".join(lines) + "\n", files)


def _records(kind: str) -> st.SearchStrategy[list[Record]]:
    """Records, of which some are there twice; those of a CSV file are texts."""
    if kind.startswith("json"):
        some = st.builds(lambda first, others: [first, *others], _COMPLETE, st.lists(_NESTED, max_size=3))
    else:
        some = st.lists(_ROW.map(_as_cells) if kind == "csv" else _ROW, min_size=1, max_size=4)
    return some.flatmap(
        lambda records: st.sampled_from([records, records + records[:2], [*reversed(records), *records]])
    )


def _as_cells(row: Record) -> Record:
    return {name: None if value is None or value == "" else str(value) for name, value in row.items()}


@st.composite
def odd_workloads(draw: st.DrawFn) -> Workload:
    """A workload with a value somewhere that some mappings refuse."""
    workload = draw(workloads())
    name = draw(st.sampled_from(sorted(workload.files)))
    record = draw(st.sampled_from(workload.files[name]))
    nested = _ODD_NESTED if name.rpartition(".")[2].startswith("json") else []
    member, value = draw(st.sampled_from(_ODD + nested))
    records = [{**each, member: value} if each is record else each for each in workload.files[name]]
    return Workload(workload.mapping, {**workload.files, name: records})


@st.composite
def _triples_map(draw: st.DrawFn, name: str, files: Sequence[str], names: Sequence[str]) -> list[str]:
    file = draw(st.sampled_from(files))
    kind = file.rpartition(".")[2]
    is_nested = kind.startswith("json")
    of_parts = is_nested and draw(st.booleans())
    subjects, objects = _SUBJECTS, _OBJECTS
    if of_parts:
        subjects, objects = _PART_SUBJECTS, _PART_OBJECTS
    elif is_nested:
        subjects, objects = _SUBJECTS + _NESTED_SUBJECTS, _OBJECTS + _NESTED_OBJECTS
    made = draw(st.lists(st.sampled_from(objects), min_size=1, max_size=4))
    made += draw(st.lists(_joins(names), max_size=1)) if draw(st.booleans()) else []
    made = [item.replace("ex:p,", f"{draw(_PREDICATE)},") for item in made]
    graphs = draw(st.sampled_from(_GRAPHS)) if not of_parts else ""
    return [
        f"  {name}:",
        f"    sources: [{_source(file, kind, of_parts)}]",
        f"    s: {draw(st.sampled_from(subjects))}",
        *([f"    graphs: {graphs}"] if graphs else []),
        "    po:",
        *(f"      - {item}" for item in made),
    ]


def _source(file: str, kind: str, of_parts: bool) -> str:
    if not kind.startswith("json"):
        return f"[{file}~csv]"
    root = "$[*]" if kind == "json" else "$"
    return f"[{file}~jsonpath, '{root}{'.parts[*]' if of_parts else ''}']"


@st.composite
def _joins(draw: st.DrawFn, names: Sequence[str]) -> str:
    parent = draw(st.sampled_from(names))
    chosen = draw(st.lists(st.sampled_from(_CONDITIONS), max_size=2, unique=True))
    conditions = ", ".join(
        f"{{function: equal, parameters: [[str1, {child}], [str2, {of_parent}]]}}"
        for child, of_parent in chosen
    )
    condition = f", condition: [{conditions}]" if conditions else ""
    return f"{{p: ex:p, o: {{mapping: {parent}{condition}}}}}"


def _write_json(path: Path, records: list[Record]) -> None:
    path.write_text(json.dumps(records), encoding="utf-8")


def _write_json_lines(path: Path, records: list[Record]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8")


def _write_csv(path: Path, records: list[Record]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _SCHEMA.names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    path.write_bytes(text.getvalue().encode())


def _write_parquet(path: Path, records: list[Record]) -> None:
    pq.write_table(pa.Table.from_pylist(records, _SCHEMA), path)


_WRITERS: Final = {
    "json": _write_json,
    "jsonl": _write_json_lines,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
