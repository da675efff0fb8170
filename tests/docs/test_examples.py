"""Every query of the documentation gives the answer that stands below it."""

from __future__ import annotations

import re

import pytest

from nutgraf.dataset.store import Dataset
from tests.docs.examples import ROOT, Example, answer, dataset, examples


@pytest.fixture(scope="module")
def built() -> Dataset:
    return dataset()


@pytest.mark.parametrize("example", examples(), ids=str)
def test_answer(built: Dataset, example: Example) -> None:
    assert answer(built, example.query) == example.answer, (
        "the answer has changed; run `python tests/docs/examples.py` and read the difference"
    )


def test_each_query_has_an_answer_below_it() -> None:
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    queries = len(re.findall(r"^```sparql$", model, re.MULTILINE))
    assert queries == sum(example.page.name == "model.md" for example in examples()) >= 8
