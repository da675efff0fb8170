"""nutgraf.toml: where things are, and that none of them is outside the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutgraf import workspace
from nutgraf.problems import InputError
from nutgraf.workspace import Workspace

BASE = 'base = "https://data.example.org/"\n'


def _load(root: Path, text: str = BASE) -> Workspace:
    root.mkdir(exist_ok=True)
    (root / "nutgraf.toml").write_text(text, encoding="utf-8")
    return workspace.load(root)


def test_defaults(tmp_path: Path) -> None:
    found = _load(tmp_path)
    assert found.base == "https://data.example.org/"
    assert found.seeds == tmp_path.resolve() / "seeds"
    assert found.schema == tmp_path.resolve() / "ontology" / "factsheet.schema.json"
    assert found.links == found.seeds / "links.sssom.tsv"
    assert found.staging.is_relative_to(found.root)
    assert found.texts is None
    assert found.sheet_files() == found.mapping_files() == found.shape_files() == []


def test_it_is_found_from_below(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    _load(tmp_path)
    assert workspace.find(below).root == tmp_path.resolve()


def test_none_is_found(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"WSP101 no nutgraf\.toml here or above"):
        workspace.find(tmp_path)


def test_a_folder_without_settings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="WSP102 cannot read the settings"):
        workspace.load(tmp_path)


def test_licence_and_publisher(tmp_path: Path) -> None:
    found = _load(tmp_path)
    assert (found.license, found.publisher) == (None, None)
    licence = "https://creativecommons.org/licenses/by/4.0/"
    found = _load(tmp_path, BASE + f'license = "{licence}"\npublisher = "The Times"\n')
    assert (found.license, found.publisher) == (licence, "The Times")
    with pytest.raises(InputError, match='WSP103 "license" must be an http or https IRI'):
        _load(tmp_path, BASE + 'license = "CC BY"\n')


def test_texts(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    root = tmp_path / "workspace"
    found = _load(root, BASE + 'texts = "../texts"\n')
    assert found.texts == (tmp_path / "texts").resolve()
    assert _load(root, BASE + 'texts = "../missing"\n').texts is None
    assert workspace.with_texts(found, tmp_path).texts == tmp_path.resolve()


@pytest.mark.parametrize(
    "base", ["http://a/", "https://data.example.org/news/", "https://é.example:8080/a%20b/"]
)
def test_a_base(tmp_path: Path, base: str) -> None:
    assert _load(tmp_path, f'base = "{base}"').base == base
    workspace.check_base(base)


@pytest.mark.parametrize(
    "base",
    [
        "",
        "https://a",
        "https:///",
        "https://a//",
        "ftp://a/",
        "https://a/#",
        "https://a/?q/",
        "https://a b/",
        "https://a/<x>/",
    ],
)
def test_what_is_no_base(tmp_path: Path, base: str) -> None:
    with pytest.raises(InputError, match='WSP103 "base" must be'):
        _load(tmp_path, f'base = "{base}"')
    with pytest.raises(InputError, match='WSP103 "base" must be'):
        workspace.check_base(base)


@pytest.mark.parametrize("name", ["..", ".", "/", "/etc", "../other", "a/../..", "link"])
def test_a_folder_outside(tmp_path: Path, name: str) -> None:
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(
        InputError, match=r"^nutgraf\.toml:2:1: WSP104 .* is not a place inside the workspace"
    ):
        _load(root, BASE + f'seeds = "{name}"\n')


@pytest.mark.parametrize(
    ("output", "seeds"),
    [("same", "same"), ("out", "out/seeds"), ("seeds/out", "seeds"), ("a/../ontology", "seeds")],
)
def test_output_has_a_folder_of_its_own(tmp_path: Path, output: str, seeds: str) -> None:
    with pytest.raises(InputError, match='WSP104 "output" holds other things'):
        _load(tmp_path, BASE + f'output = "{output}"\nseeds = "{seeds}"\n')


@pytest.mark.parametrize("value", ['"a\\u0000b"', '"a\\nb"', "5", "true", "[]", "2024-11-07", "{a = 1}"])
def test_a_value_that_is_no_text(tmp_path: Path, value: str) -> None:
    with pytest.raises(InputError, match='WSP103 "seeds" must be text on one line'):
        _load(tmp_path, BASE + f"seeds = {value}\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('abcsedtx=".[]{}#\n /5\\u0'), max_size=40))
def test_any_settings_are_read_or_refused(tmp_path: Path, text: str) -> None:
    try:
        _load(tmp_path, BASE + text)
    except InputError as error:
        codes = {problem.code for problem in error.problems}
    else:
        codes = set()
    assert codes <= {"WSP102", "WSP103", "WSP104"}


def test_files_are_sorted_and_ours(tmp_path: Path) -> None:
    found = _load(tmp_path)
    (tmp_path / "seeds").mkdir()
    for name in ("b.yaml", "a.json", "c.yml", ".#a.yaml", "._b.json", "notes.txt", "links.sssom.tsv"):
        (tmp_path / "seeds" / name).touch()
    assert [path.name for path in found.sheet_files()] == ["a.json", "b.yaml", "c.yml"]
    assert found.display(found.sheet_files()[0]) == "seeds/a.json"
    assert found.display(Path("/elsewhere/x")) == "/elsewhere/x"


def test_a_sheet_that_is_a_link_out_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    found = _load(tmp_path / "workspace")
    found.seeds.mkdir()
    (found.seeds / "a.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match=r'seeds/a\.yaml:1:1: WSP104 "seeds/a\.yaml" is not a place inside'):
        found.sheet_files()


def test_a_sheet_that_is_a_link_within_it(tmp_path: Path) -> None:
    found = _load(tmp_path)
    found.seeds.mkdir()
    (tmp_path / "a.yaml").touch()
    (found.seeds / "a.yaml").symlink_to(tmp_path / "a.yaml")
    assert [path.name for path in found.sheet_files()] == ["a.yaml"]
