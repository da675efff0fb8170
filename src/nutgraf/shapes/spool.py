"""Findings on disk: added in any order, read by rule and place, never all in memory.

SQLite keeps them in a temporary file that vanishes with the connection, and sorts them there.
"""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nutgraf.shapes.findings import Finding
    from nutgraf.shapes.report import Result

_KEYS: Final = 7
"""How many texts a result is sorted by."""
_SORTED: Final = ", ".join(f"k{n}" for n in range(_KEYS))
_TABLE: Final = f"""
create table finding (
    digest blob primary key, rule text, level text, file text, line integer, col integer,
    {_SORTED}, times integer, content blob, hidden integer
)
"""
_ADD: Final = f"""
insert into finding values ({", ".join("?" * (_KEYS + 9))})
on conflict (digest) do update set times = times + excluded.times, content = excluded.content
"""  # noqa: S608
_IS_THERE: Final = "select 1 from finding where digest = ?"
_OF_RULE: Final = (
    f"select content from finding where rule = ? and not hidden order by file, line, col, {_SORTED} limit ?"  # noqa: S608
)
_RESULTS: Final = f"select times, content from finding order by {_SORTED}"  # noqa: S608
_LEVELS: Final = "select level, count(*) from finding where not hidden group by level"
_BATCH: Final = 2000
_DIGEST: Final = 16


class Spool:
    """The distinct findings of a validation."""

    def __init__(self) -> None:
        self._count = 0
        self._connection = sqlite3.connect("")
        self._connection.execute("pragma journal_mode = off")
        self._connection.execute(_TABLE)
        self._connection.execute("create index by_rule on finding (rule)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def clear(self) -> None:
        """Forget all findings."""
        self._connection.execute("delete from finding")
        self._count = 0

    def close(self) -> None:
        """Remove the file."""
        self._connection.close()

    def add(self, finding: Finding, times: int = 1, *, hidden: bool = False) -> bool:
        """Add a finding; what is found once more is counted with the first.

        Args:
            finding: what was found.
            times: how often its result stands in the report.
            hidden: whether it is only a result of the report, and no finding to show.

        Returns:
            Whether it is new.
        """
        key = finding.result.sort_key()
        first = finding.spans[0] if finding.spans else None
        place = (first.file, first.line, first.column) if first else ("", 0, 0)
        digest = hashlib.blake2b("\0".join(key).encode(), digest_size=_DIGEST).digest()
        is_new = self._connection.execute(_IS_THERE, (digest,)).fetchone() is None
        row = (digest, finding.rule, finding.level, *place, *key, times, pickle.dumps(finding), hidden)
        self._connection.execute(_ADD, row)
        self._count += is_new and not hidden
        return is_new

    def __len__(self) -> int:
        return self._count

    def rules(self) -> Iterator[tuple[str, int]]:
        """Each rule that found something, and how many findings it has, by name."""
        yield from self._connection.execute(
            "select rule, count(*) from finding where not hidden group by rule order by rule"
        ).fetchall()

    def levels(self) -> dict[str, int]:
        """How grave → how many findings."""
        return dict(
            self._connection.execute(
                "select level, count(*) from finding where not hidden group by level"
            ).fetchall()
        )

    def of(self, rule: str, most: int | None = None) -> Iterator[Finding]:
        """The findings of a rule, by place and result."""
        yield from map(_finding, self._read(_OF_RULE, (rule, -1 if most is None else most)))

    def results(self) -> Iterator[Result]:
        """All results in the order of a report, each as often as it stands there."""
        for times, content in self._read(_RESULTS):
            result = _finding((content,)).result
            for _ in range(times):
                yield result

    def sorted(self, texts: Iterator[str]) -> Iterator[str]:
        """Texts in order, on disk as the findings are."""
        self._connection.execute("drop table if exists text")
        self._connection.execute("create table text (text)")
        self._connection.executemany("insert into text values (?)", ((text,) for text in texts))
        yield from (text for (text,) in self._read("select text from text order by text"))

    def _read(self, query: str, parameters: tuple[object, ...] = ()) -> Iterator[tuple[Any, ...]]:
        cursor = self._connection.execute(query, parameters)
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


def _finding(row: tuple[bytes]) -> Finding:
    # What is read is what this process wrote, into a file that has no name.
    found: Finding = pickle.loads(row[0])  # noqa: S301
    return found
