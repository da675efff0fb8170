"""Languages: is a tag one that BCP 47 knows.

Source: BCP 47 (RFC 5646) §2.2.1; the codes of two letters are those of ISO 639-1, as Debian's iso-codes
list them.
"""

from __future__ import annotations

from typing import Final

CODES: Final = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
    lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
    rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr
    ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)
"""The languages of ISO 639-1."""

_SHORT: Final = 2


def is_language(tag: str) -> bool:
    """Whether the language of a well-formed tag exists.

    Codes of three letters are taken as they are: ISO 639-3 has some eight thousand.

    >>> is_language("fr-CA"), is_language("xx")
    (True, False)
    """
    primary = tag.partition("-")[0].lower()
    return len(primary) != _SHORT or primary in CODES
