"""The build: a tuple of named steps from fact sheets to the files under output/.

Each step takes the state that the steps before it left and adds to it; a step that finds problems raises.
"""

from __future__ import annotations

from nutgraf.pipeline.run import STEPS, build, sheet_tables, statements, through, trace
from nutgraf.pipeline.state import BuildResult, State

__all__ = ["STEPS", "BuildResult", "State", "build", "sheet_tables", "statements", "through", "trace"]
