"""The texts of an Arrow column as bytes, without a Python object a text."""

from __future__ import annotations

import pyarrow as pa


def joined(column: pa.Array) -> memoryview:
    """The texts of a column one after the other, without a copy.

    Source: https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-layout
    """
    is_large = pa.types.is_large_string(column.type)
    if not is_large and column.type != pa.string():
        column = column.cast(pa.string())
    if not len(column):
        return memoryview(b"")
    _, offsets, data = column.buffers()
    places = memoryview(offsets).cast("b").cast("q" if is_large else "i")
    return memoryview(data or b"")[places[column.offset] : places[column.offset + len(column)]]
