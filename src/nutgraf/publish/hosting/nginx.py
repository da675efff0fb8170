"""Settings for nginx."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from nutgraf.publish.hosting.files import HEADERS, KEY, MEDIA_TYPES, NAME, NOT_ACCEPTABLE, WELL_KNOWN, moved
from nutgraf.publish.hosting.negotiation import rules

_TEMPLATE: Final = """\
# The site of {base}, for nginx 1.18 or newer. Include this file in http {{ }}.
# Set listen, server_name, root and your certificate. The site is in the folder root{path}.

map $http_accept $nutgraf_format {{
    default "";
    "" .html;
{rules}
}}

# The path as it was sent, where that is the name of a file: nothing else may reach a header.
map $request_uri $nutgraf_path {{
    default "";
    "~^(?<nutgraf_sent>{path_pattern}{name_pattern})([?]|$)" $nutgraf_sent;
}}

# Things whose files are named otherwise, because of letters that not every file system keeps apart.
map $uri $nutgraf_file {{
    default $nutgraf_path;
{names}}}

# What has no page of its own, such as a mention or a graph, is described with its article.
map $request_uri $nutgraf_described {{
    default "";
    "~^(?<nutgraf_parent>{path_pattern}id/{key_pattern})/{name_pattern}([?]|$)" $nutgraf_parent;
    "~^{path_pattern}graph/(article|evidence)/(?<nutgraf_key>{key_pattern})([?]|$)" {path}id/$nutgraf_key;
}}

server {{
    listen 80;
    server_name {host};
    root /var/www/html;
    absolute_redirect off;

    default_type application/octet-stream;
    types {{
{types}
    }}
    charset utf-8;
    charset_types {charset_types};

{headers}

    location / {{
        try_files $uri @nutgraf_thing;
    }}

    location ~ /$ {{
        try_files ${{uri}}index.html =404;
    }}

    location ~ /\\.well-known/void$ {{
        types {{ }}
        default_type text/turtle;
        try_files $uri {path}{well_known} =404;
    }}

    # A thing: 303 to a document about it. A folder may have the same name.
    location @nutgraf_thing {{
        add_header Vary Accept always;
        add_header Access-Control-Allow-Origin * always;
        default_type text/plain;
        set $nutgraf_found $nutgraf_file;
        if (!-f $document_root$nutgraf_found.html) {{ set $nutgraf_found $nutgraf_described; }}
        if (!-f $document_root$nutgraf_found.html) {{ return 404; }}
        if ($nutgraf_format = "") {{ return 406 "{not_acceptable}\\n"; }}
        return 303 $nutgraf_found$nutgraf_format;
    }}

    error_page 404 {path}404.html;
}}
"""


def nginx(base: str, names: Mapping[str, str]) -> dict[str, str]:
    """File name → content; `names` are the things whose files are named otherwise."""
    address = urlsplit(base)
    types = {extension: media_type.partition(";")[0] for extension, media_type in MEDIA_TYPES.items()}
    with_charset = [media_type for media_type in MEDIA_TYPES.values() if "charset" in media_type]
    text = _TEMPLATE.format(
        base=base,
        host=address.hostname,
        path=address.path,
        path_pattern=re.escape(address.path),
        name_pattern=NAME,
        key_pattern=KEY,
        names="".join(f"    {_quoted(path)} {_quoted(name)};\n" for path, name in moved(base, names)),
        rules="\n".join(f'    "~*{pattern}" {extension};' for pattern, extension in rules()),
        types="\n".join(
            f"        {media_type} {extension.removeprefix('.')};" for extension, media_type in types.items()
        ),
        # nginx always has text/html in the list.
        charset_types=" ".join(sorted({each.partition(";")[0] for each in with_charset} - {"text/html"})),
        headers="\n".join(f'    add_header {name} "{value}";' for name, value in HEADERS.items()),
        well_known=WELL_KNOWN,
        not_acceptable=NOT_ACCEPTABLE,
    )
    return {"nginx.conf": text}


def _quoted(text: str) -> str:
    """A text between quotation marks. It begins with a slash, so it is no regular expression or keyword."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
