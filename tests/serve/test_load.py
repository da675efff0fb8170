"""The load benchmark, for a few seconds: no error, and memory that does not grow with the requests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.serve.servers import ROOT


def test_mixed_load_with_a_query_of_death(ours: Path) -> None:
    script = ROOT / "benchmarks" / "serve" / "load.py"
    options = ["-w", str(ours), "--connections", "32", "--seconds", "8", "--deaths", "1", "--json"]
    done = subprocess.run(
        [sys.executable, str(script), *options], check=False, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert found["errors"] == 0, found
    assert done.returncode == 0
    assert set(found["kinds"]) == {"page", "data", "iri", "sparql", "death"}
    assert found["kinds"]["death"]["statuses"].keys() == {"504"}
    assert all(kind["requests"] > 20 for name, kind in found["kinds"].items() if name != "death")
    # The documents that are kept may take 64 MB, and what the site keeps a little more.
    assert found["memory_mb"]["highest"] < 800
