"""Settings for Apache: an `.htaccess` in the site's folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nutgraf.publish.hosting.files import HEADERS, KEY, MEDIA_TYPES, NAME, moved
from nutgraf.publish.hosting.negotiation import rules

_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_-")
_TEMPLATE: Final = """\
# The site of {base}, for Apache 2.4: put it into the site's folder as .htaccess.
# It needs mod_rewrite, mod_headers, mod_setenvif and mod_mime, and in the server's own settings
# AllowOverride FileInfo Indexes Options=MultiViews,Indexes

Options -MultiViews -Indexes
DirectoryIndex index.html
# A thing and a folder may have the same name; the thing comes first.
DirectorySlash Off
ErrorDocument 404 {path}404.html

{types}
<Files "void">
    ForceType "text/turtle; charset=utf-8"
</Files>

{headers}

# The later line wins, so the first is what is asked for least.
{rules}
SetEnvIf Accept "^$" nutgraf_format=.html

RewriteEngine On
RewriteOptions AllowNoSlash
RewriteCond %{{REQUEST_FILENAME}} !-f
RewriteCond %{{REQUEST_FILENAME}}.html -f
RewriteCond %{{REQUEST_URI}} ^({path_pattern}{name_pattern})$
RewriteRule ^ - [E=nutgraf_thing:%1]
# Things whose files are named otherwise, because of letters that not every file system keeps apart.
{names}# What has no page of its own, such as a mention or a graph, is described with its article.
RewriteCond %{{ENV:nutgraf_thing}} =""
RewriteCond %{{REQUEST_FILENAME}} !-f
RewriteCond %{{REQUEST_URI}} ^({path_pattern}id/{key_pattern})/{name_pattern}$
RewriteCond %{{DOCUMENT_ROOT}}%1.html -f
RewriteRule ^ - [E=nutgraf_thing:%1]
RewriteCond %{{ENV:nutgraf_thing}} =""
RewriteCond %{{REQUEST_URI}} ^{path_pattern}graph/(article|evidence)/({key_pattern})$
RewriteCond %{{DOCUMENT_ROOT}}{path}id/%2.html -f
RewriteRule ^ - [E=nutgraf_thing:{path}id/%2]

Header always merge Vary Accept "expr=-n reqenv('nutgraf_thing') || -n reqenv('REDIRECT_nutgraf_thing')"

RewriteCond %{{ENV:nutgraf_thing}} !=""
RewriteCond %{{ENV:nutgraf_format}} =""
RewriteRule ^ - [R=406,L]
RewriteCond %{{ENV:nutgraf_thing}} !=""
RewriteRule ^ %{{ENV:nutgraf_thing}}%{{ENV:nutgraf_format}} [R=303,L,QSD]
"""


def apache(base: str, names: Mapping[str, str]) -> dict[str, str]:
    """File name → content; `names` are the things whose files are named otherwise."""
    path = "/" + base.split("/", 3)[3]
    text = _TEMPLATE.format(
        base=base,
        path=path,
        path_pattern=re.escape(path),
        name_pattern=NAME,
        key_pattern=KEY,
        names="".join(
            f"RewriteCond %{{REQUEST_URI}} ^{_pattern(old)}$\nRewriteRule ^ - [E=nutgraf_thing:{new}]\n"
            for old, new in moved(base, names)
        ),
        types="\n".join(
            f"AddType '{media_type}' {extension}" for extension, media_type in MEDIA_TYPES.items()
        ),
        headers="\n".join(f'Header always set {name} "{value}"' for name, value in HEADERS.items()),
        rules="\n".join(
            f'SetEnvIfNoCase Accept "{pattern}" nutgraf_format={extension}'
            for pattern, extension in reversed(list(rules()))
        ),
    )
    return {".htaccess": text}


def _pattern(text: str) -> str:
    """A regular expression of a text, without spaces, quotation marks and signs of variables."""
    return "".join(chr(byte) if byte in _PLAIN else f"\\x{byte:02x}" for byte in text.encode())
