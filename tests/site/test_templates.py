"""Templates and messages: the workspace's in place of ours, and languages that say the same things."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Final

import pytest

from nutgraf.problems import InputError
from nutgraf.publish.site import catalogue
from nutgraf.publish.site.site import Site
from tests.site.workspaces import ROOT, make, rendered

_SITE: Final = ROOT / "src" / "nutgraf" / "publish" / "site"
_TEMPLATES: Final = sorted((_SITE / "templates").glob("*.j2"))
_OWN: Final = 'templates = "pages"\n'


def _fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_every_language_says_everything_with_the_same_names() -> None:
    found = catalogue.load(None, "")
    assert list(found) == ["en", "fr"]
    shipped = {}
    for path in sorted((_SITE / "locales").glob("*.toml")):
        import tomllib  # noqa: PLC0415

        shipped[path.stem] = catalogue._flat(tomllib.loads(path.read_text("utf-8")))
    english = shipped.pop("en")
    for messages in shipped.values():
        assert messages.keys() == english.keys()
        for key, message in messages.items():
            one = key.endswith((".one", ".m"))
            assert _fields(message) == _fields(english[key]) or one, key


def test_every_message_that_is_asked_for_is_there_and_every_message_is_asked_for() -> None:
    english = catalogue.load(None, "")["en"].messages
    sources = [path.read_text("utf-8") for path in (*_TEMPLATES, *sorted(_SITE.rglob("*.py")))]
    text = "\n".join(sources)
    literal = set(re.findall(r"""\bsay\(\s*f?["']([a-z_]+\.[A-Za-z_]*[A-Za-z])["']""", text))
    literal |= {
        f"{key}.{form}"
        for key in re.findall(r"""\bcount\(\s*["']([a-z_.]+)["']""", text)
        for form in ("one", "other")
    }
    assert literal <= english.keys()
    prefixes = set(re.findall(r'(?:say|find|count)\(\s*f?"([a-z_]+\.[a-z_]*)(?:"\s*~|\{)', text))
    prefixes |= {
        f"{table}." for table in ("property", "inverse", "class", "kinds", "browse", "count", "month", "date")
    }
    quoted = set(re.findall(r'"([a-z_]+\.[A-Za-z_]+)"', text)) | set(re.findall(r'"(link_[a-z]+)"', text))
    unused = {
        key
        for key in english
        if key not in literal and key not in quoted and not any(key.startswith(prefix) for prefix in prefixes)
    }
    assert {key for key in unused if not key.startswith(("thing.link_", "number."))} == set()


def test_templates_have_no_words_of_their_own() -> None:
    allowed = {"SHA-256", "EDTF", ""}
    for path in _TEMPLATES:
        text = re.sub(r"\{% block page_class %\}.*?\{% endblock %\}", " ", path.read_text("utf-8"))
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
        words = re.sub(r"<[^>]*>", " ", text)
        left = set(re.findall(r"[^\W\d_][\w-]*(?: [\w-]+)*", words)) - allowed
        assert left == set(), path.name
        attributes = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*)"', text)
        assert {each.strip(" .") for each in attributes} <= allowed, path.name


def test_a_template_of_the_workspace_stands_in_for_ours_and_can_extend_it(tmp_path: Path) -> None:
    own = '{% extends "nutgraf/base.html.j2" %}{% block colophon %}Printed in {{ site_title }}{% endblock %}'
    files = rendered(Site.open(make(tmp_path, files={"nutgraf.toml": _OWN, "pages/base.html.j2": own})))
    assert b"Printed in Harbour news" in files["id/ana.html"]
    assert b"<h1><bdi>Ana Lima</bdi></h1>" in files["id/ana.html"]


def test_files_of_the_workspace_are_added_and_replace_ours(tmp_path: Path) -> None:
    own = {"pages/assets/site.css": "body{}", "pages/assets/fonts/x.txt": "x", "pages/assets/.secret": "s"}
    site = Site.open(make(tmp_path, files={"nutgraf.toml": _OWN, **own}))
    assets = [path for path in site.paths() if path.startswith("assets/")]
    assert assets == ["assets/fonts/x.txt", "assets/icon.svg", "assets/site.css", "assets/site.js"]
    assert site.render("assets/site.css") == b"body{}"
    assert site.render("assets/.secret") is None
    assert site.render("assets/../base.html.j2") is None


def test_a_link_out_of_the_assets_is_not_followed(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", files={"nutgraf.toml": _OWN, "pages/assets/a.txt": "a"})
    (tmp_path / "secret").write_text("s")
    (tmp_path / "w" / "pages" / "assets" / "b.txt").symlink_to(tmp_path / "secret")
    assert Site.open(workspace).render("assets/b.txt") is None


def test_a_file_of_messages_replaces_some_or_adds_a_language(tmp_path: Path) -> None:
    own = {
        "pages/locales/en.toml": '[nav]\nhome = "Start"\n',
        "pages/locales/es.toml": '[language]\nname = "español"\n[nav]\nhome = "Portada"\n',
    }
    files = rendered(Site.open(make(tmp_path, files={"nutgraf.toml": _OWN, **own})))
    assert b">Start</a>" in files["index.html"]
    assert b">Portada</a>" in files["es/index.html"]
    assert b'hreflang="es"' in files["id/ana.html"]
    assert "es/id/ana.html" in files


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("thing.html.j2", "\n{% block %}", 2),
        ("thing.html.j2", "\n\n{{ nothing.here }}", 3),
        ("thing.html.j2", '{{ say("no.such.message") }}', 1),
        ("thing.html.j2", '{% include "none.j2" %}', 1),
        ("thing.html.j2", "{{ view.__class__.__mro__ }}", 1),
        ("locales/en.toml", "[nav\n", 1),
        ("locales/en.toml", "[nav]\nhome = 3\n", 1),
        ("locales/id.toml", "", 1),
        ("locales/x y.toml", "", 1),
        ("locales/EN.toml", "", 1),
    ],
)
def test_what_is_broken_is_told_with_its_place(tmp_path: Path, name: str, content: str, line: int) -> None:
    with pytest.raises(InputError, match="SIT103") as raised:
        rendered(Site.open(make(tmp_path, files={"nutgraf.toml": _OWN, f"pages/{name}": content})))
    span = raised.value.problems[0].span
    assert span is not None
    assert span.file == ("none.j2" if "none" in content else f"pages/{name}").replace("none.j2", span.file)
    assert span.line == line


def test_a_folder_outside_the_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="WSP104"):
        make(tmp_path, files={"nutgraf.toml": 'templates = "../elsewhere"\n'})


def test_a_changed_template_makes_pages_anew(tmp_path: Path) -> None:
    folder = make(
        tmp_path, files={"nutgraf.toml": _OWN, "pages/base.html.j2": '{% extends "nutgraf/base.html.j2" %}'}
    )
    before = Site.open(folder).key("id/ana.html")
    (tmp_path / "pages" / "base.html.j2").write_text('{% extends "nutgraf/base.html.j2" %} ')
    assert Site.open(folder).key("id/ana.html") != before
