"""Which files a run may read and write: nothing outside the folders that its caller allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nutgraf.mapping.access import FileAccess, Root
from nutgraf.mapping.model import LogicalSource
from nutgraf.problems import InputError, Problem, Span


@dataclass(frozen=True)
class Folders:
    """Where the files of a run may be.

    Attributes:
        allowed: files may be in these folders and in those below them; links are followed first.
        staging: a folder of our own, for unpacked copies.
        of_mappings: mapping file, as its spans name it → its folder.
        working: the current folder, for rml:CurrentWorkingDirectory.
    """

    allowed: tuple[Path, ...]
    staging: Path
    of_mappings: Mapping[str, Path] = field(default_factory=dict)
    working: Path = field(default_factory=Path)

    @property
    def readable(self) -> tuple[Path, ...]:
        """What the engine may read."""
        return (*self.allowed, self.staging)

    def display(self, path: Path) -> str:
        """A path as messages show it: below the current folder, else as it is."""
        working = self.working.resolve()
        return (path.relative_to(working) if path.is_relative_to(working) else path).as_posix()

    def has(self, source: LogicalSource) -> bool:
        """Whether the file of a source is there, in an allowed folder."""
        path = self._resolve(source.file, source.access)
        return self._is_allowed(path) and path.exists()

    def source(self, source: LogicalSource) -> Path:
        """The file of a source.

        Raises:
            InputError: MAP115 no such file, or a folder; MAP116 it is outside the allowed folders.
        """
        path = self._allowed(source.file, source.access, source.span, "source")
        if path.is_dir():
            message = f'the source "{source.file}" is a folder'
            raise InputError(Problem("MAP115", message, source.span, fix="name a file in it"))
        if not path.is_file():
            what = "is no regular file" if path.exists() else ""
            message = f'the source "{source.file}" {what}' if what else f'there is no file "{source.file}"'
            raise InputError(Problem("MAP115", message, source.span))
        return path

    def target(self, path: str, access: FileAccess, span: Span) -> Path:
        """The file of a target, which need not be there yet.

        Raises:
            InputError: MAP116 it is outside the allowed folders.
        """
        return self._allowed(path, access, span, "target")

    def _allowed(self, name: str, access: FileAccess, span: Span, what: str) -> Path:
        path = self._resolve(name, access)
        if self._is_allowed(path):
            return path
        verb = "read" if what == "source" else "written"
        raise InputError(
            Problem(
                "MAP116",
                f'the {what} "{name}" is outside the folders that may be {verb}',
                span,
                why="those are the folder of the mapping, the workspace, and what --allow names",
                fix="put the file there, or name its folder with --allow DIR",
            )
        )

    def _resolve(self, name: str, access: FileAccess) -> Path:
        beside = self.of_mappings.get(access.mapping, self.allowed[0] if self.allowed else self.working)
        if access.root is Root.MAPPING_DIRECTORY:
            root = beside
        elif access.root is Root.CURRENT_WORKING_DIRECTORY:
            root = self.working
        else:
            root = beside / access.root
        try:
            return (root / name).resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL in the name
            return root / "\N{REPLACEMENT CHARACTER}"

    def _is_allowed(self, path: Path) -> bool:
        return any(path.is_relative_to(folder.resolve()) for folder in self.allowed)
