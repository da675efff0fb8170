"""The templates: ours, and the workspace's in their place.

A file of the workspace's folder stands in for ours of the same name; it can extend ours as
`nutgraf/NAME`. Everything is escaped, a name that is not there is an error, and templates run in Jinja's
sandbox: they are text that anybody may have written.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.embed.script import script_element

# The extra `site`: a build needs no templates.
try:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup
except ImportError as error:  # pragma: no cover - tests have it
    _MISSING: ImportError | None = error
    Markup = str  # type: ignore[misc, assignment]
else:
    _MISSING = None

_ASSETS: Final = "assets"
_MAX_ASSET: Final = 20_000_000


class Templates:
    """The templates and the static files of a site.

    Args:
        overrides: the workspace's folder of templates, if it has one.
        display: that folder as messages name it.

    Raises:
        InputError: SIT104, jinja2 is not installed.
    """

    def __init__(self, overrides: Path | None, display: str) -> None:
        if _MISSING is not None:
            message, fix = "jinja2 is not installed", "pip install 'nutgraf[site]'"
            raise InputError(Problem("SIT104", message, fix=fix)) from _MISSING
        self._overrides = overrides if overrides and overrides.is_dir() else None
        self._display = display
        ours = jinja2.FunctionLoader(_ours)
        loaders: list[jinja2.BaseLoader] = [jinja2.PrefixLoader({"nutgraf": ours}), ours]
        if self._overrides:
            loaders.insert(0, jinja2.FileSystemLoader(self._overrides))
        self._environment = ImmutableSandboxedEnvironment(
            loader=jinja2.ChoiceLoader(loaders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=200,
            auto_reload=False,
        )
        self._environment.filters["jsonld"] = _jsonld

    def render(self, name: str, **values: Any) -> bytes:
        """A page.

        Raises:
            InputError: SIT103, a template is broken, or asks for what is not there.
        """
        try:
            text = self._environment.get_template(name).render(**values)
            return (text if text.endswith("\n") else f"{text}\n").encode("utf-8")
        except (jinja2.TemplateError, KeyError, TypeError, UnicodeEncodeError) as error:
            raise InputError(self._problem(name, error)) from error

    def _problem(self, name: str, error: Exception) -> Problem:
        line = getattr(error, "lineno", None) or _line(error)
        where = getattr(error, "name", None) or name
        shown = f"{self._display}/{where}" if self._overrides else where
        message = f"the template fails: {type(error).__name__}: {error}"
        return Problem("SIT103", message, Span(shown, line), fix="correct the template, or remove it")

    def assets(self) -> list[str]:
        """The names of the static files, sorted: ours, and those of the workspace."""
        shipped = files("nutgraf.publish.site") / _ASSETS
        found = {entry.name for entry in shipped.iterdir() if entry.is_file()}
        return sorted(found | dict(self._own()).keys())

    def asset(self, name: str) -> bytes | None:
        """A static file."""
        own = dict(self._own()).get(name)
        if own is not None:
            return own.read_bytes()
        if "/" in name or name.startswith("."):
            return None
        found = files("nutgraf.publish.site") / _ASSETS / name
        return found.read_bytes() if found.is_file() else None

    def _own(self) -> Iterator[tuple[str, Path]]:
        folder = self._overrides / _ASSETS if self._overrides else None
        if folder is None or not folder.is_dir():
            return
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            inside = path.resolve().is_relative_to(folder.resolve())
            hidden = any(part.startswith(".") for part in name.split("/"))
            if inside and not hidden and path.is_file() and path.stat().st_size <= _MAX_ASSET:
                yield name, path


def _jsonld(document: dict[str, Any]) -> Markup:
    return Markup(script_element(document))


def _ours(name: str) -> str | None:
    if "/" in name or not name.endswith(".j2"):
        return None
    found = files("nutgraf.publish.site") / "templates" / name
    return found.read_text("utf-8") if found.is_file() else None


def _line(error: BaseException) -> int:
    """The line of a template that an exception was raised from."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
