"""The servers that we have settings for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from nutgraf.publish.hosting.apache import apache
from nutgraf.publish.hosting.caddy import caddy
from nutgraf.publish.hosting.netlify import netlify
from nutgraf.publish.hosting.nginx import nginx

SERVERS: Final[dict[str, Callable[[str, Mapping[str, str]], dict[str, str]]]] = {
    "apache": apache,
    "caddy": caddy,
    "netlify": netlify,
    "nginx": nginx,
}
"""Name → what makes its files: file name → content.

It takes the site's base, and IRI → path without extension of the things whose files are named otherwise.
"""
