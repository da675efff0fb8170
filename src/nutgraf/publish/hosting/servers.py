"""The servers that we have settings for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nutgraf.publish.hosting.apache import apache
from nutgraf.publish.hosting.caddy import caddy
from nutgraf.publish.hosting.netlify import netlify
from nutgraf.publish.hosting.nginx import nginx

SERVERS: Final[dict[str, Callable[[str], dict[str, str]]]] = {
    "apache": apache,
    "caddy": caddy,
    "netlify": netlify,
    "nginx": nginx,
}
"""Name → what makes its files from a site's base: file name → content."""
