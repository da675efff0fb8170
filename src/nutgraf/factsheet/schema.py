"""Check a document against the fact sheet schema, in words that a journalist understands.

What a pattern asks for stands beside it in the schema, as `patternErrorMessage`: editors show it too.
"""

from __future__ import annotations

import difflib
import functools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema
import referencing
from jsonschema.exceptions import SchemaError, ValidationError
from referencing.exceptions import Unresolvable

from nutgraf.problems import InputError, Problem, Span, in_order, quoted
from nutgraf.records.document import Document
from nutgraf.terms.languages import is_language

Steps = tuple[str | int, ...]

_TYPES: Final = {
    "object": "a block of keys",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}

_formats: Final = jsonschema.FormatChecker(formats=())
_formats.checks("language")(lambda value: not isinstance(value, str) or is_language(value))


def _is_integer(_checker: Any, value: Any) -> bool:
    """96.0 is no whole number here: offsets and counts are used as they are."""
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
    """`pattern` as ECMA-262 has it: `$` is the end of the text, not the place before a last line feed."""
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    if isinstance(value, str) and not re.search(pattern[:-1] + r"\Z" if ends else pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


_validators: Final[Any] = jsonschema.validators  # its `extend` has no types
_Validator: Final[Any] = _validators.extend(
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


@functools.cache
def validator(path: Path) -> Any:
    """The validator of a schema file (JSON Schema 2020-12). It never fetches a schema from elsewhere.

    Raises:
        InputError: WSP112, it cannot be read or is no schema.
    """
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        _Validator.check_schema(schema)
    except (OSError, ValueError, SchemaError) as error:
        raise InputError(_unusable(path, error)) from error
    return _Validator(schema, registry=referencing.Registry(), format_checker=_formats)


def check(document: Document, schema: Path) -> list[Problem]:
    """Every way in which a document departs from the schema: SHT101 to SHT108, SHT111 and SHT112."""
    problems: list[Problem] = []
    try:
        for error in validator(schema).iter_errors(document.data):
            describe = _DESCRIBERS.get(error.validator, _other)
            problems.extend(describe(error, document, tuple(error.absolute_path)))
    except (Unresolvable, RecursionError) as error:  # what a schema refers to is only looked up here
        raise InputError(_unusable(schema, error)) from error
    return in_order(problems)


def _unusable(path: Path, error: Exception) -> Problem:
    reason = error.message if isinstance(error, SchemaError) else str(error)
    return Problem("WSP112", f"cannot read the fact sheet schema: {reason}", Span(path.as_posix()))


def _unknown_keys(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    known = sorted(_mapping(error.schema).get("properties", {}))
    for key in _mapping(error.instance):
        if key in known:
            continue
        close = difflib.get_close_matches(key, known, n=1)
        yield Problem(
            "SHT101",
            f"unknown key {quoted(key)}",
            document.key_span(*steps, key),
            why=f"the keys here are {', '.join(known)}",
            fix=f'write "{close[0]}"' if close else "remove it",
        )


def _missing(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    # jsonschema has an error for each missing key and does not say which; `check` drops what repeats.
    for key in _items(error.validator_value):
        if key not in _mapping(error.instance):
            why = "what has these keys is a fact sheet" if not steps else None
            yield Problem(
                "SHT102", f'"{key}" is missing', document.span(*steps), why=why, fix=f'add "{key}:"'
            )


def _wrong_type(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    value, span = error.instance, document.span(*steps)
    allowed = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
    allowed = [str(name) for name in _items(allowed)]
    if isinstance(value, list) and steps:
        message = f"{_name(steps)} takes one value, not a list"
        yield Problem("SHT103", message, span, fix="keep one; another may need a record of its own")
        return
    expected = _listed([_TYPES.get(name, name) for name in allowed])
    message = f"{_name(steps)} must be {expected}, not {_shown(value)}"
    yield Problem("SHT103", message, span, fix=_conversion(value, allowed) if steps else None)


def _conversion(value: Any, allowed: list[str]) -> str | None:
    """What to write instead of a value of the wrong type."""
    if value is None:
        return "fill it in, or remove the key"
    if "string" in allowed and isinstance(value, bool | int | float):
        return f'put it in quotes: "{json.dumps(value)}"'
    if allowed in (["integer"], ["number"]) and isinstance(value, str):
        return "write digits, without quotes"
    if allowed == ["integer"] and isinstance(value, float):
        return "write digits, without a point"
    return "write true or false, without quotes" if allowed == ["boolean"] else None


def _not_listed(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    allowed = [str(value) for value in _items(error.validator_value)]
    close = difflib.get_close_matches(str(error.instance), allowed, n=1)
    yield Problem(
        "SHT104",
        f"{_shown(error.instance)} is not a value of {_name(steps).removeprefix('an entry of ')}",
        document.span(*steps),
        why=f"the values are {', '.join(allowed)}",
        fix=f'write "{close[0]}"' if close else "write one of these",
    )


def _wrong_form(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    fix = _mapping(error.schema).get("patternErrorMessage")
    if "propertyNames" in error.absolute_schema_path:
        message = f"{_shown(error.instance)} is not a language tag"
        yield Problem("SHT105", message, document.key_span(*steps, str(error.instance)), fix=fix)
        return
    message = f"{_shown(error.instance)} is not a well-formed {_name(steps).removeprefix('an ')}"
    yield Problem("SHT105", message, document.span(*steps), fix=fix)


def _one_of(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    """Alternatives that each require a key: none of them is there, or more than one."""
    keys = [key for option in _items(error.validator_value) for key in _mapping(option).get("required", ())]
    given = [key for key in keys if key in _mapping(error.instance)]
    if not keys:
        yield from _other(error, document, steps)
        return
    if not given:
        message = f"{_name(steps)} needs {_listed(keys)}"
        yield Problem("SHT106", message, document.span(*steps), fix="add one of them")
        return
    message = f"{_name(steps)} takes only one of {', '.join(keys)}"
    span = document.key_span(*steps, given[-1])
    yield Problem("SHT106", message, span, why=f"it has {' and '.join(given)}", fix="keep one")


_BOUNDS: Final = {
    "minimum": ("must be at least", ""),
    "maximum": ("must be at most", ""),
    "minLength": ("must have at least", " characters"),
    "maxLength": ("must have at most", " characters"),
    "minItems": ("must have at least", " entries"),
    "maxItems": ("must have at most", " entries"),
    "minProperties": ("must have at least", " keys"),
    "maxProperties": ("must have at most", " keys"),
}
_SIZES: Final = frozenset({"minLength", "minItems", "minProperties"})


def _size(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    bound, counted = _BOUNDS[str(error.validator)]
    message = f"{_name(steps)} {bound} {error.validator_value}{counted}"
    fix = "shorten it" if error.validator == "maxLength" else "correct it"
    if error.validator in _SIZES and error.validator_value == 1:
        message, fix = f"{_name(steps)} is empty", "fill it in, or remove it"
    yield Problem("SHT107", message, document.span(*steps), fix=fix)


def _repeated(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    values = list(_items(error.instance))
    for number, value in enumerate(values):
        if value in values[:number]:
            message = f"{_shown(value)} stands twice in {_name(steps)}"
            yield Problem("SHT111", message, document.span(*steps, number), fix="keep one of them")


def _unknown_format(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    key = "propertyNames" in error.absolute_schema_path
    yield Problem(
        "SHT112",
        f"there is no language {_shown(error.instance)}",
        document.key_span(*steps, str(error.instance)) if key else document.span(*steps),
        why="languages have the codes of ISO 639, such as en, fr and ar",
        fix="write the code of the language that the words are in",
    )


def _other(error: ValidationError, document: Document, steps: Steps) -> Iterator[Problem]:
    """A constraint that only a schema of somebody's own has."""
    yield Problem("SHT108", f"{_name(steps)}: {error.message}", document.span(*steps))


_DESCRIBERS: Final[Mapping[Any, Callable[[ValidationError, Document, Steps], Iterator[Problem]]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _wrong_type,
    "enum": _not_listed,
    "pattern": _wrong_form,
    "oneOf": _one_of,
    "anyOf": _one_of,
    "uniqueItems": _repeated,
    "format": _unknown_format,
    **dict.fromkeys(_BOUNDS, _size),
}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _name(steps: Steps) -> str:
    keys = [step for step in steps if isinstance(step, str)]
    if not keys:
        return "the document"
    return quoted(keys[-1]) if steps[-1] == keys[-1] else f"an entry of {quoted(keys[-1])}"


def _listed(names: list[str]) -> str:
    """Alternatives in words: a, b or c."""
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return _TYPES["object"]
    if isinstance(value, list):
        return _TYPES["array"]
    return _TYPES["null"] if value is None else json.dumps(value)
