"""Settings for Caddy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from nutgraf.publish.hosting.files import HEADERS, KEY, MEDIA_TYPES, NAME, NOT_ACCEPTABLE, WELL_KNOWN, moved
from nutgraf.publish.hosting.negotiation import rules

_TEMPLATE: Final = """\
# The site of {base}, for Caddy 2. The site is in the folder root{path}.

{host} {{
	root * /var/www/html

	map {{header.Accept}} {{nutgraf_format}} {{
		~^$ .html
{rules}
		default ""
	}}
	# The path, where it is the name of a file. Things whose files are named otherwise come first,
	# because of letters that not every file system keeps apart.
	map {{path}} {{nutgraf_file}} {{
{names}		"~^({path_pattern}{name_pattern})$" "${{1}}"
		default "/"
	}}

	# What has no page of its own, such as a mention or a graph, is described with its article.
	map {{path}} {{nutgraf_described}} {{
		"~^({path_pattern}id/{key_pattern})/{name_pattern}$" "${{1}}"
		"~^{path_pattern}graph/(article|evidence)/({key_pattern})$" "{path}id/${{2}}"
		default "/"
	}}

	header {{
{headers}
	}}
{types}
	@void path /{well_known} {path}{well_known}
	header @void Content-Type "text/turtle; charset=utf-8"
	rewrite /{well_known} {path}{well_known}

	# A thing: 303 to a document about it. A folder may have the same name.
	@thing {{
		not path */
		not file
		file {{nutgraf_file}}.html
	}}
	handle @thing {{
		header Vary Accept
		@acceptable expression `{{nutgraf_format}} != ""`
		redir @acceptable {{nutgraf_file}}{{nutgraf_format}} 303
		respond "{not_acceptable}" 406
	}}
	@described {{
		not path */
		not file
		file {{nutgraf_described}}.html
	}}
	handle @described {{
		header Vary Accept
		@readable expression `{{nutgraf_format}} != ""`
		redir @readable {{nutgraf_described}}{{nutgraf_format}} 303
		respond "{not_acceptable}" 406
	}}
	handle {{
		file_server
	}}

	handle_errors {{
		@missing expression `{{err.status_code}} == 404`
		handle @missing {{
			rewrite * {path}404.html
			file_server {{
				status 404
			}}
		}}
	}}
}}
"""


def caddy(base: str, names: Mapping[str, str]) -> dict[str, str]:
    """File name → content; `names` are the things whose files are named otherwise."""
    address = urlsplit(base)
    return {
        "Caddyfile": _TEMPLATE.format(
            base=base,
            host=address.netloc,
            path=address.path,
            path_pattern=re.escape(address.path),
            name_pattern=NAME,
            key_pattern=KEY,
            names="".join(f"\t\t~^{_pattern(old)}$ {new}\n" for old, new in moved(base, names)),
            rules="\n".join(f'\t\t"~(?i){pattern}" {extension}' for pattern, extension in rules()),
            headers="\n".join(f'\t\t{name} "{value}"' for name, value in HEADERS.items()),
            types="\n".join(
                f'\t@{extension[1:]} path *{extension}\n\theader @{extension[1:]} Content-Type "{media_type}"'
                for extension, media_type in MEDIA_TYPES.items()
            ),
            well_known=WELL_KNOWN,
            not_acceptable=NOT_ACCEPTABLE,
        )
    }


def _pattern(text: str) -> str:
    """A regular expression of a text, without spaces, quotation marks and the braces of variables."""
    return "".join(
        each if each.isalnum() or each in "/_-" or not each.isascii() else f"\\x{ord(each):02x}"
        for each in text
    )
