"""Write the news records in every format, with the mappings beside them.

Run: python benchmarks/mapping/generate.py DIR [--articles 10000] [--seed 7] [--formats jsonl,csv]

Records are written as they are made, so a million fit into little memory. DIR/jsonl and DIR/json hold
nested articles, DIR/csv and DIR/parquet a table each for articles, keywords, persons, orgs and events; each
of them also `mapping.yml` (YARRRML) and, but for JSON Lines, `mapping.ttl` (RML of 2014, spelled as the peers
need it).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from records import Record, records

FORMATS: Final = ("jsonl", "json", "csv", "parquet")
_MAPPINGS: Final = Path(__file__).parent / "mappings"
_BATCH: Final = 20_000
_ITERATOR: Final = {"jsonl": "$", "json": "$[*]"}
TABLES: Final = {
    "articles": (
        "id url headline abstract published modified language words section "
        "author_id author_name publisher_id publisher_name"
    ).split(),
    "keywords": ["article", "keyword"],
    "persons": ["article", "id", "name", "job"],
    "orgs": ["article", "id", "name"],
    "events": ["article", "id", "name", "start", "place"],
}

Row = list[Any]
Write = Callable[[Record], None]


def generate(folder: Path, articles: int, seed: int, formats: Sequence[str] = FORMATS) -> None:
    """Write the records of `seed` and their mappings in each format to a folder of its name."""
    for name in formats:
        (folder / name).mkdir(parents=True, exist_ok=True)
        _write_mappings(folder / name, name)
    with ExitStack() as stack:
        writers = [stack.enter_context(_WRITERS[name](folder / name)) for name in formats]
        for record in records(articles, seed):
            for write in writers:
                write(record)


def _write_mappings(folder: Path, name: str) -> None:
    kind = "nested" if name in _ITERATOR else "tables"
    for suffix in (".yml", ".ttl") if name != "jsonl" else (".yml",):
        text = (_MAPPINGS / f"{kind}{suffix}").read_text(encoding="utf-8")
        text = text.replace("EXTENSION", name).replace("ITERATOR", _ITERATOR.get(name, ""))
        (folder / f"mapping{suffix}").write_text(text, encoding="utf-8")


@contextmanager
def _json_lines(folder: Path) -> Iterator[Write]:
    with (folder / "articles.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        yield lambda record: _print(json.dumps(record, ensure_ascii=False) + "\n", file)


@contextmanager
def _json(folder: Path) -> Iterator[Write]:
    separators = iter("[")
    with (folder / "articles.json").open("w", encoding="utf-8", newline="\n") as file:
        yield lambda record: _print(
            next(separators, ",") + "\n" + json.dumps(record, ensure_ascii=False), file
        )
        file.write(next(separators, "") + "\n]\n")


def _print(text: str, file: Any) -> None:
    file.write(text)


@contextmanager
def _csv(folder: Path) -> Iterator[Write]:
    with ExitStack() as stack:
        writers = {}
        for name, columns in TABLES.items():
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file, lineterminator="\n")
            writers[name].writerow(columns)

        def write(record: Record) -> None:
            for name, rows in rows_of(record).items():
                writers[name].writerows(rows)

        yield write


@contextmanager
def _parquet(folder: Path) -> Iterator[Write]:
    schemas = {name: _schema(columns) for name, columns in TABLES.items()}
    waiting: dict[str, list[Row]] = {name: [] for name in TABLES}
    with ExitStack() as stack:
        writers = {
            name: stack.enter_context(
                pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd")
            )
            for name, schema in schemas.items()
        }

        def flush(name: str) -> None:
            columns = list(zip(*waiting[name], strict=True)) or [()] * len(TABLES[name])
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, schemas[name], strict=True)
            ]
            writers[name].write_table(pa.table(arrays, schema=schemas[name]))
            waiting[name].clear()

        def write(record: Record) -> None:
            for name, rows in rows_of(record).items():
                waiting[name] += rows
                if len(waiting[name]) >= _BATCH:
                    flush(name)

        yield write
        for name in TABLES:
            flush(name)


def _schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([(name, pa.int64() if name == "words" else pa.string()) for name in columns])


def rows_of(record: Record) -> dict[str, list[Row]]:
    """The rows that a nested record gives each table."""
    key, author, publisher = record["id"], record["author"], record["publisher"]
    own = [record[name] for name in TABLES["articles"][:9]]
    return {
        "articles": [[*own, author["id"], author["name"], publisher["id"], publisher["name"]]],
        "keywords": [[key, keyword] for keyword in record["keywords"]],
        "persons": [[key, item["id"], item["name"], item["job"]] for item in record["persons"]],
        "orgs": [[key, item["id"], item["name"]] for item in record["orgs"]],
        "events": [
            [key, item["id"], item["name"], item["start"], item["place"]] for item in record["events"]
        ],
    }


_WRITERS: Final = {"jsonl": _json_lines, "json": _json, "csv": _csv, "parquet": _parquet}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--formats", default=",".join(FORMATS), help="comma-separated")
    options = parser.parse_args()
    generate(options.folder, options.articles, options.seed, options.formats.split(","))


if __name__ == "__main__":
    main()
