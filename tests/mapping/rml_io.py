"""The public suites of RML-IO and of its registry: what becomes of each case.

Source: https://github.com/kg-construct/rml-io and https://github.com/kg-construct/rml-io-registry
"""

from __future__ import annotations

import contextlib
import gzip
import io
import shutil
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Dataset, Literal, Quad, RdfFormat, parse

from nutgraf.conversion import Conversion, convert
from nutgraf.problems import InputError
from nutgraf.publish.formats import Vocabulary
from tests.mapping.mapping_runner import canonical

BASE: Final = "http://example.com/"
SUITES: Final = ("rml-io", "rml-io-registry")

_XML: Final = "rml:XPath is not read: XML is no format of ours"
_NETWORK: Final = "the source is on the network, and nothing is fetched"
_TURTLE: Final = "the mapping is not valid Turtle"
_JSON_PATH: Final = "JSONPath beyond the name of a member"

REFUSED: Final[dict[str, str]] = {
    "RMLSTC0003": "formats:SPARQL_Results_CSV is not read",
    "RMLSTC0006a": "a relational database behind JDBC",
    "RMLSTC0007c": _XML,
    "RMLSTC0007d": _XML,
    "RMLSTC0012a": _XML,
    "RMLSTC0012b": _XML,
    "RMLSTC0012c": _XML,
    "RMLSTC0012d": _XML,
    "RMLSTC0012e": _XML,
    "RMLTTC0004e": "formats:RDF_JSON is not written",
    "RMLIOREGTC0007a": _NETWORK,
    "RMLIOREGTC0008a": _NETWORK,
    "RMLIOREGTC0009a": _TURTLE,
    "RMLIOREGTC0010a": _TURTLE,
    "RMLIOREGTC0012a": _NETWORK,
    "RMLIOREGTC0012i": "the mapping names columns that its file has not: a mistake of the suite",
}
"""Cases with an output that are refused, and why."""

PENDING: Final[dict[str, str]] = dict.fromkeys(
    ("RMLSTC0011b", "RMLSTC0011c", "RMLSTC0011d", "RMLSTC0011e"), _JSON_PATH
)
"""Cases that may be refused, and may not come out wrong."""

LEXICAL: Final = "the expected output writes the integer 33 as 3.3E1 where xsd:double overrides its datatype"
"""R2RML §10.2 keeps the lexical form; the values are the same."""

UNTYPED: Final = "the expected files have the age without xsd:integer, which the same rule has elsewhere"
"""The suite disagrees with itself; all else is compared."""

_FORMATS: Final = {
    ".jsonld": RdfFormat.JSON_LD,
    ".n3": RdfFormat.N3,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdfxml": RdfFormat.RDF_XML,
    ".ttl": RdfFormat.TURTLE,
}
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"


REASONS: Final = {"lexical": LEXICAL, "untyped": UNTYPED}
_SHOWN: Final = {"lexical": "the same values", "untyped": "all but a datatype"}


def results(conformance: Path) -> dict[str, dict[str, str]]:
    """Suite → case → outcome: what `page` shows and a test compares."""
    return {suite: {case.name: outcome(case) for case in cases(conformance, suite)} for suite in SUITES}


def reason(case: str, found: str) -> str:
    """Why a case is not passed as it stands."""
    return REASONS.get(found) or REFUSED.get(case) or PENDING.get(case, "")


def page(found: dict[str, dict[str, str]]) -> str:
    """`docs/conformance-io.md`."""
    lines = [
        "# Conformance: sources and targets",
        "",
        "Made by `pytest tests/mapping/test_rml_io_conformance.py --rewrite` from the public suites of RML-IO",
        "and of its registry of reference formulations. A case that expects an error is passed when it is refused.",
        "",
        "| suite | cases | passed | the suite disagrees with itself | refused by name |",
        "|---|---:|---:|---:|---:|",
    ]
    for suite, outcomes in found.items():
        counts = Counter(outcomes.values())
        own = counts["lexical"] + counts["untyped"]
        lines.append(f"| {suite} | {len(outcomes)} | {counts['passed']} | {own} | {counts['refused']} |")
    lines += ["", "| case | outcome | why |", "|---|---|---|"]
    for outcomes in found.values():
        for case, kind in outcomes.items():
            if kind != "passed":
                lines.append(f"| {case} | {_SHOWN.get(kind, kind)} | {reason(case, kind)} |")
    return "\n".join(lines) + "\n"


def cases(conformance: Path, suite: str) -> list[Path]:
    """The folders of a suite."""
    return sorted(case for case in (conformance / suite).iterdir() if case.is_dir())


def outcome(case: Path) -> str:
    """What becomes of a case: "passed", "lexical", "untyped", "refused" or "wrong".

    An expected error is passed when it is refused.
    """
    readme = (case / "README.md").read_text(encoding="utf-8")
    expected = _expected(case)
    must_fail = "**Error expected?** Yes" in readme and not expected
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "case"
        shutil.copytree(case, copy, copy_function=shutil.copyfile)
        with contextlib.chdir(copy):
            try:
                with convert([Path("mapping.ttl")], base=BASE) as done:
                    made = _made(done)
            except InputError:
                return "passed" if must_fail else "refused"
    if must_fail:
        return "wrong"
    if made == expected:
        return "passed"
    if _each(_value, made) == _each(_value, expected):
        return "lexical"
    return "untyped" if _each(_untyped, made) == _each(_untyped, expected) else "wrong"


def _made(done: Conversion) -> dict[str, Dataset]:
    """File name → the dataset in it; the rest is default.nq."""
    vocabulary = Vocabulary({}, {})
    found = {"default.nq": canonical(Dataset(done.remaining()))}
    for each in done.deliveries():
        found[each.path.name] = _read(each.path.name, each.content(vocabulary))
    return found


def _expected(case: Path) -> dict[str, Dataset]:
    """File name → the dataset that the suite expects in it."""
    found = {path.name: _read(path.name, path.read_bytes()) for path in sorted(case.glob("dump*"))}
    for name in ("default.nq", "output.nq"):
        if (case / name).exists():
            found["default.nq"] = _read(name, (case / name).read_bytes())
    return found


def _read(name: str, content: bytes) -> Dataset:
    content, name = _unpacked(name, content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").encode()
    if Path(name).suffix not in _FORMATS:
        return Dataset()
    quads = parse(content, _FORMATS[Path(name).suffix])
    return canonical(Dataset(quad for quad in quads if isinstance(quad, Quad)))


def _unpacked(name: str, content: bytes) -> tuple[bytes, str]:
    if name.endswith((".tar.gz", ".tar.xz")):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            member = archive.extractfile(archive.getnames()[0])
            assert member
            return member.read(), name[: -len(".tar.gz")]
    if name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            return zipped.read(zipped.namelist()[0]), name.removesuffix(".zip")
    return (gzip.decompress(content), name.removesuffix(".gz")) if name.endswith(".gz") else (content, name)


def _each(change: Callable[[Literal], Literal], datasets: dict[str, Dataset]) -> dict[str, Dataset]:
    return {name: Dataset(_changed(change, dataset)) for name, dataset in datasets.items()}


def _changed(change: Callable[[Literal], Literal], dataset: Dataset) -> Iterator[Quad]:
    for quad in dataset:
        value = change(quad.object) if isinstance(quad.object, Literal) else quad.object
        yield Quad(quad.subject, quad.predicate, value, quad.graph_name)


def _value(literal: Literal) -> Literal:
    return Literal(float(literal.value)) if literal.datatype.value == _DOUBLE else literal


def _untyped(literal: Literal) -> Literal:
    return Literal(literal.value) if literal.datatype.value == _INTEGER else literal
