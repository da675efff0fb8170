"""`--memory`: what is no amount is refused, and what was set aside is gone afterwards."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from nutgraf.problems import InputError
from nutgraf.validation import validate_files

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:maxLength 4 ] .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.nt"
    shapes.write_text(SHAPES, encoding="utf-8")
    with data.open("w", encoding="utf-8") as out:
        out.writelines(f'<urn:x:{n}> <urn:p> "{n}" .\n' for n in range(20_000))
    return data, shapes


def test_the_report_is_the_same_and_nothing_is_left(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, shapes = files
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    little = validate_files([data], [shapes], memory="60MB")
    assert list(folder.iterdir()) == []
    assert len(little.findings) == 10_000
    assert little.report == validate_files([data], [shapes]).report


@pytest.mark.parametrize(("memory", "code"), [("lots", "SHP108"), ("1MB", "SHP109")])
def test_what_cannot_be(files: tuple[Path, Path], memory: str, code: str) -> None:
    data, shapes = files
    with pytest.raises(InputError) as caught:
        validate_files([data], [shapes], memory=memory)
    assert [problem.code for problem in caught.value.problems] == [code]
