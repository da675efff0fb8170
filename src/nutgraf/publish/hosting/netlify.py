"""Settings for Netlify: headers, and an edge function, since its redirects cannot see `Accept`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from nutgraf.publish.hosting.files import HEADERS, MEDIA_TYPES, NAME, NOT_ACCEPTABLE, WELL_KNOWN, moved
from nutgraf.publish.hosting.negotiation import FORMATS

_THINGS: Final = ("id/*", "dataset", "ns")

_FUNCTION: Final = """\
// The site of {base}: a thing answers 303 with the address of a document about it.
// Put this file into netlify/edge-functions/ of the repository that Netlify builds.

const formats = {formats};
// Things whose files are named otherwise, because of letters that not every file system keeps apart.
const names = {names};
const ranges = {{ "*/*": ".html", "text/*": ".html", "application/*": ".jsonld" }};

function chosen(accept) {{
  if (!accept) return ".html";
  const order = Object.values(formats);
  let best = null;
  for (const part of accept.toLowerCase().split(",")) {{
    const [type, ...parameters] = part.split(";").map((text) => text.trim());
    const extension = formats[type] ?? ranges[type];
    if (!extension) continue;
    const q = parameters.find((text) => text.startsWith("q="));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    if (!(quality > 0)) continue;
    // Qualities count to their first digit; a type that is named goes before a range.
    const rank = [Math.floor(quality * 10), type in formats ? 1 : 0, -order.indexOf(extension)];
    if (best === null || compare(rank, best.rank) > 0) best = {{ extension, rank }};
  }}
  return best && best.extension;
}}

function compare(one, other) {{
  const index = one.findIndex((value, position) => value !== other[position]);
  return index < 0 ? 0 : one[index] - other[index];
}}

function decoded(path) {{
  try {{
    return decodeURIComponent(path);
  }} catch {{
    return path;
  }}
}}

export default async (request) => {{
  const {{ pathname }} = new URL(request.url);
  // Whatever else it is has an extension, and is served as it is.
  const own = /^{path_pattern}{name_pattern}$/.test(pathname) ? pathname : undefined;
  const name = names[decoded(pathname)] ?? own;
  if (name === undefined) return undefined;
  const extension = chosen(request.headers.get("accept"));
  const headers = {{ vary: "Accept", "access-control-allow-origin": "*" }};
  if (!extension) return new Response({not_acceptable}, {{ status: 406, headers }});
  return new Response(null, {{ status: 303, headers: {{ ...headers, location: name + extension }} }});
}};

export const config = {{ path: {paths}, method: ["GET", "HEAD"] }};
"""


def netlify(base: str, names: Mapping[str, str]) -> dict[str, str]:
    """File name → content; `names` are the things whose files are named otherwise."""
    path = urlsplit(base).path
    asked = {media_type: format_.extension for format_ in FORMATS for media_type in format_.asked_by}
    function = _FUNCTION.format(
        base=base,
        names=json.dumps({"__proto__": None} | dict(moved(base, names))),
        path_pattern=re.escape(path).replace("/", "\\/"),
        name_pattern=NAME.replace("/", "\\/"),
        formats=json.dumps(asked),
        not_acceptable=json.dumps(NOT_ACCEPTABLE),
        paths=json.dumps([path + thing for thing in _THINGS]),
    )
    return {"_headers": _headers(path), "netlify/edge-functions/negotiate.js": function}


def _headers(path: str) -> str:
    blocks = [(f"{path}*", HEADERS)]
    blocks += [
        (f"{path}*{extension}", {"Content-Type": media_type}) for extension, media_type in MEDIA_TYPES.items()
    ]
    blocks += [(path + WELL_KNOWN, {"Content-Type": "text/turtle; charset=utf-8"})]
    return "".join(
        f"{pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for pattern, headers in blocks
    )
