"""Make the default authority: names of countries, territories and regions of the world.

    pip install rigour==2.6.1
    npm pack @rapideditor/country-coder@5.6.1 && tar xzf rapideditor-country-coder-5.6.1.tgz
    python tools/default_authority.py package/src/data/borders.json

It writes names.tsv.gz and LICENCES.txt into src/nutgraf/reconcile/authority/default/, the same bytes for the
same data.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from rigour._core import territories_jsonl

TARGET = Path(__file__).parent.parent / "src/nutgraf/reconcile/authority/default"
COLUMNS = ("qid", "type", "lang", "name", "kind", "source", "description", "country")


def rigour() -> Iterator[tuple[str, ...]]:
    """Territories, without the names of their cities; what rigour itself calls weak stays weak."""
    territories = {each["code"]: each for each in map(json.loads, territories_jsonl().splitlines())}
    for each in territories.values():
        qid = each.get("qid")
        if not qid:
            continue
        kind = "ORG" if each.get("region") == "Supranational" else "LOC"
        parent = territories.get(each.get("parent") or "", {}).get("qid") or ""
        names = [(each["name"], "en", "label"), (each.get("full_name"), "en", "alias")]
        names += [(name, "und", "alias") for name in each.get("names_strong") or ()]
        names += [(name, "und", "weak") for name in each.get("names_weak") or ()]
        for name, language, meant in names:
            if name:
                yield qid, kind, language, clean(name), meant, "rigour", description(each), parent


def description(territory: dict[str, Any]) -> str:
    if territory.get("is_historical"):
        return "historical territory"
    if territory.get("is_country"):
        return f"country in {territory.get('subregion') or territory.get('region')}"
    return "international body" if territory.get("region") == "Supranational" else "territory"


def country_coder(path: Path) -> Iterator[tuple[str, ...]]:
    """Territories and the regions of the United Nations' M49."""
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        each = feature["properties"]
        if each.get("wikidata") and each.get("nameEn"):
            name = clean(each["nameEn"])
            yield each["wikidata"], "LOC", "en", name, "label", "country-coder", each.get("level") or "", ""


def clean(text: str) -> str:
    return " ".join(text.replace("\ufeff", "").split())


def licence_of(package: str) -> str:
    found = distribution(package)
    file = next(file for file in found.files or () if file.name == "LICENSE")
    return Path(str(found.locate_file(file))).read_text(encoding="utf-8").strip()


def main() -> None:
    borders = Path(sys.argv[1])
    rows = sorted({*rigour(), *country_coder(borders)}, key=lambda row: (int(row[0][1:]), row))
    text = "".join("\t".join(row) + "\n" for row in [COLUMNS, *rows])
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as file:
        file.write(text.encode())
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "names.tsv.gz").write_bytes(packed.getvalue())
    package = json.loads((borders.parents[2] / "package.json").read_text(encoding="utf-8"))
    licences = [
        f"rigour {distribution('rigour').version}, territories (https://github.com/opensanctions/rigour)",
        licence_of("rigour"),
        f"{package['name']} {package['version']}, borders (https://github.com/rapideditor/country-coder)",
        (borders.parents[2] / "LICENSE.md").read_text(encoding="utf-8").strip(),
    ]
    (TARGET / "LICENCES.txt").write_text("\n\n".join(licences) + "\n", encoding="utf-8")
    print(len({row[0] for row in rows}), "items,", len(rows), "names")


if __name__ == "__main__":
    main()
