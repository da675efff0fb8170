"""RML's terms, and what the vocabulary of 2014 and R2RML call them."""

from __future__ import annotations

from typing import Final

RML: Final = "http://w3id.org/rml/"
R2RML: Final = "http://www.w3.org/ns/r2rml#"
RML_2014: Final = "http://semweb.mmlab.be/ns/rml#"
TARGET_2014: Final = "http://semweb.mmlab.be/ns/rml-target#"
COMPRESSION_2014: Final = "http://semweb.mmlab.be/ns/rml-compression#"
FNML_2014: Final = "http://semweb.mmlab.be/ns/fnml#"
QL_2014: Final = "http://semweb.mmlab.be/ns/ql#"

MAPPING_NAMESPACES: Final = (RML, R2RML, "http://semweb.mmlab.be/ns/", "https://w3id.org/function/")
"""A term of these says something about the mapping, so it is never skipped."""

_SHARED_WITH_R2RML: Final = (
    "class constant datatype graph graphMap language object objectMap predicate predicateMap "
    "predicateObjectMap subject subjectMap template termType TriplesMap IRI BlankNode Literal "
    "parentTriplesMap joinCondition child parent RefObjectMap"
)
_SHARED_WITH_2014: Final = (
    "iterator languageMap datatypeMap logicalSource reference referenceFormulation source"
)

CURRENT: Final[dict[str, str]] = {
    **{R2RML + name: RML + name for name in _SHARED_WITH_R2RML.split()},
    **{RML_2014 + name: RML + name for name in _SHARED_WITH_2014.split()},
    **{
        TARGET_2014 + name: RML + name
        for name in "logicalTarget target serialization compression LogicalTarget".split()
    },
    **{COMPRESSION_2014 + name: RML + name for name in "gzip zip targzip tarxz".split()},
    FNML_2014 + "functionValue": RML + "functionValue",
    QL_2014 + "CSV": RML + "CSV",
    QL_2014 + "JSONPath": RML + "JSONPath",
}
"""A term of an older vocabulary → the same in the current one."""
