"""`nutgraf init`: a new workspace that builds."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from nutgraf import workspace
from nutgraf.problems import InputError, Problem, Span

_STARTER = Path(__file__).parent.parent / "starter"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--base", metavar="IRI", help="IRI that every minted IRI starts with, on a domain of yours.")
def command(folder: Path, base: str | None) -> None:
    """Make a new workspace in DIR: settings, mappings, shapes, context, and one example article.

    It builds at once. Nothing that exists is overwritten.

    \b
    Examples:
      nutgraf init newsroom
      nutgraf init newsroom --base https://data.mypaper.example/
    """
    sources = _sources()
    standing = [name for name in sources if (folder / name).exists()]
    if standing:
        raise InputError(
            Problem(
                "WSP110",
                f"{len(standing)} files stand in the way, the first is {standing[0]}",
                Span(folder.as_posix()),
                fix="name a new folder",
            )
        )
    settings = sources.pop(workspace.FILE).read_text(encoding="utf-8")
    if base is not None:
        workspace.check_base(base)
        settings = settings.replace("https://data.example.org/", base)
    for name, source in sources.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / workspace.FILE).write_text(settings, encoding="utf-8")
    click.echo(f"{folder / workspace.FILE} and {len(sources)} more files written\n")
    click.echo(f"next:  cd {folder}\n       nutgraf build\n       nutgraf query queries/who-says-what.rq")
    click.echo("then:  nutgraf new ID --text ARTICLE.txt")


def _sources() -> dict[str, Path]:
    """Path in the new workspace → the file that it is copied from."""
    starter = {path.relative_to(_STARTER).as_posix(): path for path in _STARTER.rglob("*") if path.is_file()}
    starter[".gitignore"] = starter.pop("gitignore")
    defaults = workspace.defaults()
    shared = [*(defaults / "mappings").glob("factsheet*"), *(defaults / "ontology").rglob("*")]
    starter |= {path.relative_to(defaults).as_posix(): path for path in shared if path.is_file()}
    return {name: path for name, path in sorted(starter.items()) if "__pycache__" not in name}
