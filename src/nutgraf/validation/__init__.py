"""Validating RDF files or fact sheets, with the place of each result in them."""

from __future__ import annotations

from nutgraf.validation.collect import Collected, Wanted, collect_files, collect_workspace
from nutgraf.validation.whole import Validation, validate_files, validate_workspace

__all__ = [
    "Collected",
    "Validation",
    "Wanted",
    "collect_files",
    "collect_workspace",
    "validate_files",
    "validate_workspace",
]
