"""The engines that are compared: what to install, how to run them, and where they cannot agree."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1].resolve()

Command = Callable[["Job"], list[str]]


@dataclass(frozen=True)
class Job:
    """One run of one engine.

    Attributes:
        python: of the engine's environment.
        folder: the data, and the current folder of the run.
        format: what the data are: csv, parquet, json, jsonl.
        output: the N-Triples file to write.
        memory: a bound such as 1GB, for the engine that has one.
        quads: whether to write N-Quads.
    """

    python: Path
    folder: Path
    format: str
    output: Path
    memory: str | None = None
    quads: bool = False


@dataclass(frozen=True)
class Engine:
    """One engine.

    Attributes:
        name: for people.
        packages: what pip installs, pinned.
        reads: format that is asked for → the one that it is given.
        command: what to run.
        rewrites: what it always spells otherwise → what that should be, undone before sets are compared.
        remark: why its output differs, or what is not compared.
        env: of its process.
    """

    name: str
    packages: tuple[str, ...]
    reads: Mapping[str, str]
    command: Command
    rewrites: Mapping[bytes, bytes] = field(default_factory=dict)
    remark: str = ""
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> str:
        """The folder of its packages."""
        return self.name.removesuffix("-rml")

    def python(self, environments: Path) -> Path:
        """The interpreter of its environment, which is made when it is not there yet."""
        folder = environments / self.environment
        python, installed = folder / "bin" / "python", folder / "installed.txt"
        wanted = "\n".join(self.packages)
        if not installed.exists() or installed.read_text() != wanted:
            print(f"installing {' '.join(self.packages)}", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
            subprocess.run([*pip, *self.packages], check=True)
            installed.write_text(wanted)
        return python

    def rewrite(self, line: bytes) -> bytes:
        """Undo what it spells otherwise."""
        for wrong, right in self.rewrites.items():
            line = line.replace(wrong, right)
        return line


def _nutgraf(job: Job) -> list[str]:
    program = job.python.with_name("nutgraf").as_posix()
    memory = ["--memory", job.memory] if job.memory else []
    kind = "nq" if job.quads else "nt"
    return [program, "map", "mapping.yml", "--to", kind, "-o", job.output.as_posix(), *memory]


def _nutgraf_rml(job: Job) -> list[str]:
    return [*(part if part != "mapping.yml" else "mapping.ttl" for part in _nutgraf(job))]


def _morph_kgc(job: Job) -> list[str]:
    settings = job.folder / "morph-kgc.ini"
    settings.write_text(
        f"[CONFIGURATION]\noutput_file={job.output}\n"
        f"output_format={'N-QUADS' if job.quads else 'N-TRIPLES'}\nnumber_of_processes=2\n"
        "na_values=,nan,None\n[news]\nmappings=mapping.ttl\n"
    )
    return [job.python.as_posix(), "-m", "morph_kgc", settings.name]


def _sdm_rdfizer(job: Job) -> list[str]:
    settings = job.folder / "rdfizer.ini"
    settings.write_text(
        "[default]\nmain_directory: .\n[datasets]\nnumber_of_datasets: 1\nall_in_one_file: yes\n"
        f"output_folder: {job.output.parent}\nname: {job.output.stem}\nremove_duplicate: yes\n"
        "enrichment: yes\nordered: yes\noutput_format: n-triples\n"
        f"[dataset1]\nname: {job.output.stem}\nmapping: mapping.ttl\n"
    )
    return [job.python.as_posix(), "-m", "rdfizer", "-c", settings.name]


def _script(name: str) -> Command:
    def command(job: Job) -> list[str]:
        script = HERE / "peers" / name
        return [job.python.as_posix(), *map(str, (script, job.folder, job.format, job.output))]

    return command


_TABLES: Final = {"csv": "csv", "parquet": "parquet"}
_NESTED: Final = {"json": "json", "jsonl": "jsonl"}

_CHECKOUT: Final = ("-c", f"{ROOT}/constraints.txt", "-e", f"{ROOT}")
"""What a user of this checkout has, and not what its tests need: an import is slower beside more packages."""

ENGINES: Final = (
    Engine("nutgraf", _CHECKOUT, _TABLES | _NESTED, _nutgraf),
    Engine("nutgraf-rml", _CHECKOUT, _TABLES, _nutgraf_rml, remark="the peers' mapping instead of YARRRML"),
    Engine(
        "morph-kgc",
        ("morph-kgc==2.10.0", "pyarrow==26.0.1"),
        _TABLES | {"json": "json", "jsonl": "json"},
        _morph_kgc,
        remark=(
            "its RML in Turtle, because its YARRRML reader replaces the prefix schema:; nested arrays as "
            "persons.id; it reads no JSON Lines and gets the same records as one JSON file; the null of "
            "Parquet is the text None to it, so na_values has that"
        ),
    ),
    Engine(
        "maplib",
        ("maplib==0.20.26", "polars==2.1.0"),
        _TABLES,
        _script("maplib_news.py"),
        {b'+00:00"^^': b'Z"^^'},
        "no mapping language: OTTR templates and polars by hand; it writes the time zone Z as +00:00, which "
        "is undone before sets are compared; nested JSON is not compared, because it has no template for it",
    ),
    Engine(
        "rdflib",
        ("rdflib==7.6.0", "pyarrow==26.0.1"),
        _TABLES | _NESTED,
        _script("rdflib_news.py"),
        remark="a loop by hand",
    ),
    Engine(
        "sdm-rdfizer",
        ("rdfizer==4.7.5.15.4.1",),
        {"csv": "csv"},
        _sdm_rdfizer,
        remark=(
            "cannot be equal: it percent-encodes IRIs that a reference gives (https:%2F%2F…); reads no "
            "Parquet; of nested JSON it makes less than half of the triples, so that is not compared"
        ),
        # It imports pyodbc, which wants a library of the system, even when it reads no database.
        env={"PYTHONPATH": (HERE / "peers" / "without_odbc").as_posix()},
    ),
)
