"""What a live service answered, kept on disk so that a run goes on where it was interrupted."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cache:
    """Answers by what was asked.

    Attributes:
        folder: a folder of our own.
        max_age: older answers are asked for anew.
        now: the time of day.
    """

    folder: Path
    max_age: dt.timedelta = dt.timedelta(days=7)
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def get(self, key: str) -> Any:
        """What is known; None where nothing is, where it is too old, or where it cannot be read."""
        try:
            found = json.loads(self._path(key).read_text(encoding="utf-8"))
            if found["key"] != key or self.now() - dt.datetime.fromisoformat(found["date"]) > self.max_age:
                return None
            return found["answer"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, key: str, answer: Any) -> None:
        """Keep an answer; where the disk refuses, it is only asked for again."""
        path = self._path(key)
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        text = json.dumps({"key": key, "date": self.now().isoformat(), "answer": answer}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(path)

    def _path(self, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest}.json"
