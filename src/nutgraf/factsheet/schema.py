"""Check a document against the fact sheet schema, in words that a journalist understands."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema
from jsonschema.exceptions import ValidationError

from nutgraf.problems import Problem
from nutgraf.records.document import Document

_TYPES: Final = {
    "object": "a block of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


@functools.cache
def validator(path: Path) -> jsonschema.Draft202012Validator:
    """The validator of a schema file (JSON Schema 2020-12)."""
    return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def check(document: Document, schema: Path) -> list[Problem]:
    """Every way in which a document departs from the schema: SHT101 to SHT108."""
    problems = []
    for error in validator(schema).iter_errors(document.data):
        problems.extend(_problems(error, document))
    return problems


def _problems(error: ValidationError, document: Document) -> Iterator[Problem]:
    steps = tuple(error.absolute_path)
    describe = _DESCRIBERS.get(str(error.validator), _other)
    yield from describe(error, document, steps)


def _unknown_keys(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    known = sorted(error.schema.get("properties", {}))  # type: ignore[union-attr]
    for key in error.instance:  # type: ignore[union-attr]
        if key in known:
            continue
        close = difflib.get_close_matches(key, known, n=1)
        yield Problem(
            "SHT101",
            f'unknown key "{key}"',
            document.key_span(*steps, key),
            why=f"the keys here are {', '.join(known)}",
            fix=f'write "{close[0]}"' if close else "remove it",
        )


def _missing(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    for key in error.validator_value:  # type: ignore[union-attr]
        # One error a key comes from jsonschema; its message names the one it is about.
        if key not in error.instance and repr(key) in error.message:  # type: ignore[operator]
            yield Problem(
                "SHT102", f'"{key}" is missing', document.span(*steps), fix=f'add "{key}:"'
            )


def _wrong_type(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    expected = error.validator_value
    names = [expected] if isinstance(expected, str) else list(expected)  # type: ignore[arg-type]
    fix = None
    if "string" in names and isinstance(error.instance, int | float) and not isinstance(error.instance, bool):
        fix = f'put it in quotes: "{error.instance}"'
    yield Problem(
        "SHT103",
        f"{_name(steps)} must be {' or '.join(_TYPES.get(name, name) for name in names)}, not {_shown(error.instance)}",
        document.span(*steps),
        fix=fix,
    )


def _not_listed(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    allowed = [str(value) for value in error.validator_value]  # type: ignore[union-attr]
    close = difflib.get_close_matches(str(error.instance), allowed, n=1)
    yield Problem(
        "SHT104",
        f"{_shown(error.instance)} is not a value of {_name(steps)}",
        document.span(*steps),
        why=f"the values are {', '.join(allowed)}",
        fix=f'write "{close[0]}"' if close else None,
    )


_PATTERNS: Final = {
    "words": "quote five words of the article at the most, without line ends",
    "language": "write a language tag such as en or fr",
    "key": "write a key of small letters, digits and hyphens",
    "reference": "write a key of small letters, digits and hyphens, or article/key",
    "sha256": "write 64 hexadecimal digits; `nutgraf evidence` prints them",
    "curie": "write a term such as schema:containedInPlace or nut:related",
}


def _wrong_form(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    owner = str(error.validator_value)
    definitions = validator_definitions(error)
    fix = next((advice for name, advice in _PATTERNS.items() if definitions.get(name) == owner), None)
    what = f"{_shown(error.instance)} is not a well-formed {_name(steps)}"
    if "propertyNames" in error.absolute_schema_path:
        yield Problem(
            "SHT105", f'"{error.instance}" is not a language', document.key_span(*steps, str(error.instance)),
            fix=_PATTERNS["language"],
        )
        return
    yield Problem("SHT105", what, document.span(*steps), fix=fix)


def validator_definitions(error: ValidationError) -> dict[str, str]:
    """Definition name → its pattern, of the patterns that have advice of their own."""
    return _PATTERN_OF


_PATTERN_OF: Final = {
    "words": r"^\S+(\s+\S+){0,4}$",
    "language": r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
    "key": r"^[a-z0-9][a-z0-9-]*$",
    "reference": r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$",
    "sha256": "^[0-9a-f]{64}$",
    "curie": r"^(schema|nut|wd):[A-Za-z][A-Za-z0-9]*$",
}


def _one_of(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    keys = [option["required"][0] for option in error.validator_value if "required" in option]  # type: ignore[union-attr]
    yield Problem(
        "SHT106",
        f"{_name(steps)} needs {'exactly one' if error.validator == 'oneOf' else 'one'} of {', '.join(keys)}",
        document.span(*steps),
    )


def _size(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    bound = {"min": "at least", "max": "at most"}[str(error.validator)[:3]]
    yield Problem(
        "SHT107", f"{_name(steps)} must be {bound} {error.validator_value}", document.span(*steps)
    ) if str(error.validator) in {"minimum", "maximum"} else Problem(
        "SHT107", f"{_name(steps)} must have {bound} {error.validator_value} {_counted(error)}", document.span(*steps)
    )


def _counted(error: ValidationError) -> str:
    return "characters" if "Length" in str(error.validator) else "entries"


def _other(error: ValidationError, document: Document, steps: tuple[Any, ...]) -> Iterator[Problem]:
    yield Problem("SHT108", error.message, document.span(*steps))


_DESCRIBERS: Final = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _wrong_form,
    "oneOf": _one_of,
    "anyOf": _one_of,
    **dict.fromkeys(("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties"), _size),
}


def _name(steps: tuple[Any, ...]) -> str:
    keys = [step for step in steps if isinstance(step, str)]
    return f'"{keys[-1]}"' if keys else "the document"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + '…"'  # noqa: PLR2004
