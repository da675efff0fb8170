"""Copy the query editor from node_modules into the package, with the licences of all that is in it.

Run after `npm ci`; `--check` says whether the copy is what the lock file's version gives.

    python tools/vendor_yasgui.py [--check]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src/nutgraf/serve/assets/yasgui"
PACKAGE = "@zazuko/yasgui"
BUILT = ("yasgui.min.js", "yasgui.min.css")
ALLOWED = {
    "(CC-BY-4.0 AND MIT)",
    "(MPL-2.0 OR Apache-2.0)",
    "Apache-2.0",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
}
UNSAID = {"jsuri": "MIT"}
"""Packages that name their licence only in its file."""
NO_CODE = ("@types/", "@fortawesome/fontawesome-common-types")


def main() -> int:
    """Copy, or compare."""
    files = dict(wanted())
    if "--check" in sys.argv[1:]:
        wrong = [name for name, content in files.items() if not same(TARGET / name, content)]
        print("\n".join(f"{name} differs from {PACKAGE}" for name in wrong) or "as in node_modules")
        return 1 if wrong else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (TARGET / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    return 0


def same(path: Path, content: bytes) -> bool:
    """Whether a file has that content."""
    return path.is_file() and path.read_bytes() == content


def wanted() -> Iterator[tuple[str, bytes]]:
    """The files of the copy."""
    for name in BUILT:
        content = (MODULES / PACKAGE / "build" / name).read_bytes()
        # The map is four times as large, and a browser would ask for it.
        lines = [line for line in content.split(b"\n") if b"sourceMappingURL=" not in line]
        yield name, b"\n".join(lines).rstrip() + b"\n"
    yield "LICENSES.txt", licences().encode()


def licences() -> str:
    """The licence of each package that the bundle may hold parts of."""
    parts = [f"The query editor, {PACKAGE}, and the packages that are bundled in it.\n"]
    for name in sorted(bundled(PACKAGE)):
        manifest = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
        licence = manifest.get("license") or UNSAID.get(name, "")
        if licence not in ALLOWED:
            raise SystemExit(f"{name}: the licence {licence!r} has not been looked at")
        texts = sorted(path for path in (MODULES / name).iterdir() if path.name.upper().startswith("LICEN"))
        text = "\n".join(path.read_text(encoding="utf-8").strip() for path in texts)
        by = author(manifest)
        parts.append(f"{'=' * 80}\n{name} {manifest['version']}: {licence}\n{by}\n{text}".rstrip() + "\n")
    return "\n".join("\n".join(line.rstrip() for line in part.splitlines()) for part in parts) + "\n"


def author(manifest: dict[str, object]) -> str:
    """Who made it and where it is kept."""
    given = manifest.get("author", "")
    name = given.get("name", "") if isinstance(given, dict) else given
    repository = manifest.get("repository", "")
    place = repository.get("url", "") if isinstance(repository, dict) else repository
    return f"{name}\n{place}".strip()


def bundled(name: str, found: frozenset[str] = frozenset()) -> frozenset[str]:
    """A package and all that it needs at run time."""
    if name in found or name.startswith(NO_CODE) or not (MODULES / name).is_dir():
        return found
    found |= {name}
    manifest = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    for needed in manifest.get("dependencies", {}):
        found = bundled(needed, found)
    return found


if __name__ == "__main__":
    sys.exit(main())
