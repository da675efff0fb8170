"""The workers: so many queries at a time, a queue for the others, and an end for those that exceed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from nutgraf.serve.jobs import Job, Reply
from nutgraf.serve.limits import Limits
from nutgraf.serve.worker import Settings

_LONGEST_REPLY: Final = 1024 * 1024
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR")
"""What a worker sees of ours; nothing that may be secret."""


class BusyError(Exception):
    """All workers are at work, and as many queries wait as may."""


class TimedOutError(Exception):
    """The query took longer than it may; its process has been ended."""


class OutOfMemoryError(Exception):
    """The query took more memory than it may; its process is gone."""


@dataclass
class Answer:
    """What a worker answered.

    Attributes:
        reply: what it says of it.
        body: the answer, unless it is in a file.
        file: the file with the answer, open and without a name; whoever has the answer closes it.
    """

    reply: Reply
    body: bytes = b""
    file: IO[bytes] | None = None


class Pool:
    """Worker processes that answer jobs.

    Args:
        limits: what a job may take, and how many there may be.
        folder: where workers put large answers.
    """

    def __init__(self, limits: Limits, folder: Path) -> None:
        self._limits = limits
        self._folder = folder
        self._idle: asyncio.Queue[_Process] = asyncio.Queue()
        self._all: set[_Process] = set()
        self._waiting = 0
        self._replacing: set[asyncio.Task[None]] = set()
        self._number = 0
        self._closed = False
        self._opening: Job | None = None

    async def start(self, opening: Job) -> None:
        """Start the workers.

        Args:
            opening: the job that makes a worker ready for the dataset.
        """
        self._opening = opening
        await asyncio.gather(*(self._add() for _ in range(self._limits.workers)))

    async def prepare(self, opening: Job) -> None:
        """Make the workers ready for another dataset, one after the other, while the others work on."""
        self._opening = opening
        for _ in range(self._limits.workers):
            # One that has no time for it now, or ends, opens the dataset with its first query.
            with contextlib.suppress(BusyError, EOFError, ConnectionError):
                async with self._turn() as process:
                    await process.ask(opening)

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        for task in list(self._replacing):
            task.cancel()
        for process in list(self._all):
            await self._end(process)

    async def run(self, job: Job) -> Answer:
        """Have a job answered; when this is cancelled, so is the job.

        Raises:
            BusyError: too many jobs wait, or this one has waited too long.
            TimedOutError: the job took too long.
            OutOfMemoryError: the job took too much memory.
        """
        async with self._turn() as process:
            try:
                async with asyncio.timeout(self._limits.time_s):
                    return await process.ask(job)
            except TimeoutError as error:
                raise TimedOutError from error
            except (EOFError, ConnectionError) as error:
                # It ended itself: by its clock when we were too late, else because no memory was left.
                await process.wait()
                raise (TimedOutError if process.was_too_slow else OutOfMemoryError) from error

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[_Process]:
        """A worker for one job; one that did not come to the end of it is replaced."""
        process = await self._next()
        try:
            yield process
        finally:
            if process.is_ready:
                self._idle.put_nowait(process)
            else:
                task = asyncio.create_task(self._replace(process))
                self._replacing.add(task)
                task.add_done_callback(self._replacing.discard)

    async def _next(self) -> _Process:
        while True:
            process = await self._next_idle()
            if process.is_alive:
                return process
            # It went while it had nothing to do: somebody outside ended it.
            await self._replace(process)

    async def _next_idle(self) -> _Process:
        if self._idle.empty() and self._waiting >= self._limits.queue:
            raise BusyError
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_s):
                return await self._idle.get()
        except TimeoutError as error:
            raise BusyError from error
        finally:
            self._waiting -= 1

    async def _replace(self, process: _Process) -> None:
        await self._end(process)
        if not self._closed:
            await self._add()

    async def _end(self, process: _Process) -> None:
        self._all.discard(process)
        await process.end()

    async def _add(self) -> None:
        self._number += 1
        spool = self._folder / f"answer-{self._number}"
        limits = self._limits
        settings = Settings(
            time_s=limits.time_s,
            memory_bytes=limits.memory_bytes,
            result_bytes=limits.result_bytes,
            in_memory_bytes=limits.in_memory_bytes,
            spool=str(spool),
        )
        process = await _Process.start(settings)
        self._all.add(process)
        if self._opening:
            with contextlib.suppress(EOFError, ConnectionError):
                await process.ask(self._opening)
        self._idle.put_nowait(process)


class _Process:
    """One worker.

    Attributes:
        is_ready: whether it waits for a job.
    """

    def __init__(self, process: asyncio.subprocess.Process, settings: Settings) -> None:
        self._process = process
        self._settings = settings
        self.is_ready = True

    @classmethod
    async def start(cls, settings: Settings) -> _Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from the folder that we happen to be in
            "-m",
            "nutgraf.serve.worker",
            json.dumps(asdict(settings)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_REPLY,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )
        return cls(process, settings)

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    @property
    def was_too_slow(self) -> bool:
        return self._process.returncode == -signal.SIGALRM

    async def ask(self, job: Job) -> Answer:
        """Its answer; whatever goes wrong before it is whole leaves the worker not ready.

        Raises:
            EOFError, ConnectionError: it has ended.
        """
        self.is_ready = False
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(job.line())
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise EOFError
        reply = Reply.of_line(line)
        answer = Answer(reply)
        if reply.kind == "done" and reply.file:
            answer.file = Path(reply.file).open("rb")  # noqa: ASYNC230, SIM115  # it is there, and stays open
        elif reply.kind == "done":
            answer.body = await self._process.stdout.readexactly(reply.size)
        self._remove_spool()
        self.is_ready = True
        return answer

    async def wait(self) -> None:
        await self._process.wait()

    async def end(self) -> None:
        """Kill it, and wait until it is gone."""
        self.is_ready = False
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._remove_spool()

    def _remove_spool(self) -> None:
        Path(self._settings.spool).unlink(missing_ok=True)
