"""`nutgraf site --config`: to standard output, or into a folder; no site is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from nutgraf.cli.site import command
from nutgraf.publish.hosting.servers import SERVERS

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command, [*arguments, "--workspace", str(ROOT)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", SERVERS)
def test_settings_go_to_standard_output_or_into_a_folder(name: str, tmp_path: Path) -> None:
    files = SERVERS[name]("https://nutgraf.example/", {})
    shown = run("--config", name)
    assert all(content in shown for content in files.values())
    assert ("==>" in shown) == (len(files) > 1)
    run("--config", name, "-o", str(tmp_path / "new"))
    written = {
        file.relative_to(tmp_path / "new").as_posix() for file in tmp_path.rglob("*") if file.is_file()
    }
    assert written == set(files)


def test_a_site_needs_a_folder() -> None:
    done = CliRunner().invoke(command, ["--workspace", str(ROOT)])
    assert done.exit_code == 2
    assert "-o names the folder to write" in done.output
