"""Our JSON is that of the standard library, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.publish.json_text import json_text

values = st.recursive(
    st.text() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(values)
def test_the_bytes_of_the_standard_library(value: Any) -> None:
    assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("value", [None, 1.5, {"a": [object()]}])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        json_text(value)
