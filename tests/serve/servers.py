"""A real server, as a process of its own on a free port."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Quad

from nutgraf.dataset.canonical import canonical_nquads

ROOT = Path(__file__).parent.parent.parent
START_S = 60


@dataclass
class Running:
    """A server that runs.

    Attributes:
        url: its address, without a slash at the end.
        process: the command.
        log: the lines of its standard error until now.
    """

    url: str
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list, repr=False)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


def lines_of(stream: Iterator[str], sink: list[str], first: queue.Queue[str] | None = None) -> None:
    for line in stream:
        sink.append(line)
        if first is not None:
            first.put(line)
    if first is not None:
        first.put("")


def running(workspace: Path, *options: str) -> contextlib.AbstractContextManager[Running]:
    """`nutgraf serve` over a workspace; told to stop at the end, which it must do in good order."""
    return started(sys.executable, "-m", "nutgraf", "serve", "-w", str(workspace), "--port", "0", *options)


@contextlib.contextmanager
def started(*command: str) -> Iterator[Running]:
    """A command that says "serving URL" and serves; told to stop at the end, and must do so in good order."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    log: list[str] = []
    said: queue.Queue[str] = queue.Queue()
    threads = [
        threading.Thread(target=lines_of, args=(process.stdout, [], said), daemon=True),
        threading.Thread(target=lines_of, args=(process.stderr, log), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        line = said.get(timeout=START_S)
        assert line.startswith("serving http"), "".join(log)
        yield Running(line.split()[1].rstrip("/"), process, log)
        assert process.poll() is None, f"the server ended by itself: {''.join(log)}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            for thread in threads:
                thread.join()
            for stream in (process.stdout, process.stderr):
                assert stream is not None
                stream.close()
    assert process.returncode == 0, "".join(log)


def copy_of_ours(folder: Path) -> Path:
    """This repository's workspace, built, in a folder of its own."""
    for name in ("seeds", "mappings", "ontology", "queries", "output"):
        shutil.copytree(ROOT / name, folder / name)
    settings = (ROOT / "nutgraf.toml").read_text(encoding="utf-8")
    kept = [line for line in settings.splitlines() if not line.startswith("texts")]
    (folder / "nutgraf.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def workspace_of(folder: Path, quads: Sequence[Quad], base: str = "https://example.org/") -> Path:
    """A workspace whose build has made just those quads."""
    for name in ("mappings", "ontology"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    (folder / "nutgraf.toml").write_text(f'base = "{base}"\n', encoding="utf-8")
    write_output(folder, quads)
    return folder


def write_output(folder: Path, quads: Sequence[Quad]) -> None:
    """Write an output as a build does: the manifest last, each file in one go."""
    output = folder / "output"
    output.mkdir(exist_ok=True)
    content = canonical_nquads(quads).encode()
    digest = hashlib.sha256(content).hexdigest()
    manifest = {"nutgraf": "0", "triples": len(quads), "inputs": {}, "outputs": {"dataset.nq": digest}}
    for name, data in (("dataset.nq", content), ("manifest.json", json.dumps(manifest).encode())):
        (output / f".{name}.part").write_bytes(data)
        (output / f".{name}.part").replace(output / name)
