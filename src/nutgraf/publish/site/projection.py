"""From degrees to the plane of the map: Miller's cylindrical projection, 360 units wide.

Source: J. P. Snyder, Map Projections: A Working Manual, 1987, p. 86
"""

from __future__ import annotations

import math
from typing import Final

WIDTH: Final = 360.0
_UNIT: Final = WIDTH / (2 * math.pi)


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """A place on the plane: x from 0 at 180° west, y from 0 at 85° north, downwards.

    >>> project(0, 0)[0], project(85, -180)
    (180.0, (0.0, 0.0))
    """
    return longitude + 180, _miller(85) - _miller(max(-85, min(85, latitude)))


def _miller(latitude: float) -> float:
    return _UNIT * 1.25 * math.log(math.tan(math.pi / 4 + 0.4 * math.radians(latitude)))


HEIGHT: Final = project(-60, 0)[1]
"""Down to 60° south: the Antarctic is left out."""
