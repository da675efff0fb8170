"""What goes to the files that a mapping names itself (RML-IO's logical targets)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Quad

from nutgraf.mapping import Folders, RuleCount, targets
from nutgraf.mapping.access import LogicalTarget, bare
from nutgraf.mapping.model import logical_sources
from nutgraf.problems import InputError, Problem, quoted

if TYPE_CHECKING:
    from nutgraf.publish.formats import Vocabulary


@dataclass(frozen=True)
class Delivery:
    """What goes to one target.

    Attributes:
        target: as the mapping says.
        path: its file.
        shown: the file as messages call it.
        quads: what to write there.
    """

    target: LogicalTarget
    path: Path
    shown: str
    quads: list[Quad]

    def content(self, vocabulary: Vocabulary) -> bytes:
        """What the file of the target holds.

        Raises:
            InputError: MAP144, its encoding has not all characters.
        """
        from nutgraf.publish.formats import write  # noqa: PLC0415 - slow, and only where there are targets
        from nutgraf.publish.packed import pack  # noqa: PLC0415 - slow

        target = self.target
        packing = target.access.packed(target.path).value
        text = write(self.quads, target.serialization, vocabulary)
        try:
            return pack(text, encoding=target.access.encoding, packing=packing, name=bare(self.path.name))
        except UnicodeEncodeError as error:
            message = f"{target.access.encoding} has no character {quoted(text[error.start])}"
            fix = "write the target in UTF-8"
            raise InputError(Problem("MAP144", message, target.span, fix=fix)) from error


def target_files(
    made: Sequence[RuleCount], mappings: Sequence[Path], folders: Folders
) -> tuple[tuple[LogicalTarget, Path], ...]:
    """The file of each target.

    Raises:
        InputError: MAP116 outside the allowed folders, MAP142 no file to write to, MAP143 one file twice.
    """
    problems: list[Problem] = []
    taken: dict[Path, LogicalTarget] = {}
    inputs = {path.resolve() for path in mappings}
    read = dict.fromkeys(source for count in made for source in count.rule.sources())
    sources = [file for source in read for file in logical_sources(source)]
    inputs |= {folders.source(source) for source in sources if folders.has(source)}
    for target in targets.of_rules([count.rule for count in made]):
        try:
            path = folders.target(target.path, target.access, target.span)
        except InputError as error:
            problems += error.problems
            continue
        if path in inputs or not targets.is_output(target.path):
            problems.append(_no_output(target))
        elif path in taken:
            why = f"{taken[path].span} writes it otherwise"
            message = f'the target "{target.path}" is written twice'
            problems.append(Problem("MAP143", message, target.span, why=why, fix="name another file"))
        else:
            taken[path] = target
    if problems:
        raise InputError(*problems)
    return tuple((target, path) for path, target in taken.items())


def _no_output(target: LogicalTarget) -> Problem:
    return Problem(
        "MAP142",
        f'the target "{target.path}" is no file for RDF',
        target.span,
        why="a mapping may only write what ends like RDF, and never over what it reads",
        fix=f"let its name end in {', '.join(sorted(targets.EXTENSIONS))}, packed or not",
    )
