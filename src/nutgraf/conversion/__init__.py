"""Runs mappings over files: what `nutgraf map` and `nutgraf.map` do.

The files of a mapping are those beside it. In a workspace, a source that is no file is the table of the fact
sheets of that name.
"""

from nutgraf.conversion.deliveries import Delivery
from nutgraf.conversion.job import find_workspace
from nutgraf.conversion.streamed import TargetsError, Written, write_lines
from nutgraf.conversion.whole import LINES, Conversion, convert, explain

__all__ = [
    "LINES",
    "Conversion",
    "Delivery",
    "TargetsError",
    "Written",
    "convert",
    "explain",
    "find_workspace",
    "write_lines",
]
