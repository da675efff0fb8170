"""The block in a page: its place, the bytes around it, and what no text can do to it."""

from __future__ import annotations

import json

import pytest
import turbohtml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from nutgraf.problems import InputError
from nutgraf.publish.embed.script import script_json
from nutgraf.publish.embed.splice import embed, remove
from tests.publish.awkward_pages import DOCUMENT, PAGES, REFUSED, page
from tests.publish.html_judges import Parse5, lolhtml_without_block

DECOYS = {"our-block-in-a-template", "svg-and-math"}
"""Where lol-html, which builds no tree, takes a template's or an SVG's script for ours."""
HAD_A_BLOCK = {"our-block-in-the-head", "our-block-in-the-body", "our-block-twice", "our-block-broken"}


def test_there_are_forty_pages() -> None:
    assert len(PAGES) + len(REFUSED) >= 40


@pytest.mark.parametrize("name", PAGES)
def test_case(name: str) -> None:
    written = embed(page(name), DOCUMENT)
    assert written == page(name, "expected.html")
    assert embed(written, DOCUMENT) == written


@pytest.mark.parametrize("name", sorted(set(PAGES) - HAD_A_BLOCK))
def test_removing_gives_the_page_back(name: str) -> None:
    assert remove(page(name)) == page(name)
    assert remove(embed(page(name), DOCUMENT)) == page(name)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        embed(page(name), DOCUMENT, file="page.html")
    assert f"{caught.value}\n" == page(name, "error.txt").decode()


@pytest.mark.parametrize("name", PAGES)
def test_parse5_finds_it_in_the_head_and_nothing_else_moved(name: str, parse5: Parse5) -> None:
    judged = parse5.judge(embed(page(name), DOCUMENT))
    assert [block["parent"] for block in judged["blocks"]] == (
        ["body"] if name == "our-block-in-the-body" else ["head"]
    )
    assert json.loads(judged["blocks"][0]["text"]) == DOCUMENT
    assert judged["rest"] == parse5.judge(page(name))["rest"]


@pytest.mark.parametrize("name", sorted(set(PAGES) - DECOYS - HAD_A_BLOCK))
def test_lolhtml_takes_it_out_again(name: str) -> None:
    assert lolhtml_without_block(embed(page(name), DOCUMENT)) == page(name)


def test_ten_megabytes() -> None:
    row = b"<p class=a>Bridge \xc3\xa9 <b>opens</b> &amp; closes.</p>\r\n"
    large = b"<!doctype html>\r\n<html><head><title>a</title></head><body>" + row * 200_000
    assert len(large) > 10_000_000
    written = embed(large, DOCUMENT)
    place = large.index(b"</head>")
    assert written[:place] == large[:place]
    assert written.endswith(large[place:])
    assert embed(written, DOCUMENT) == written


FRAGMENTS = [
    b"<!doctype html>", b"<html>", b"<html lang=en>", b"</html>", b"<head>", b"<HEAD a='>'>",
    b"</head>", b"</HEAD >", b"<body>", b"<body class=a>", b"</body>", b"<title>a</title>",
    b"<title>", b"</title>", b"<meta charset=utf-8>", b"<script>var a = '</head>';</script>",
    b"<script>", b"</script>", b"<!-- </head> -->", b"<!--", b"-->", b"<!-->", b"<style>",
    b"</style>", b"<template>", b"</template>", b"<noscript>", b"</noscript>", b"<p>", b"</p>",
    b"</br>", b"<svg>", b"</svg>", b"<math>", b"<mtext>", b"<table>", b"<tr>", b"<td>", b"</table>",
    b"<select>", b"<option>", b"<frameset>", b"</frameset>", b"<frame>", b"<noframes>",
    b"</noframes>", b"<iframe>", b"</iframe>", b"<textarea>", b"</textarea>", b"<link rel=a>",
    b"<base href=/>", b"<plaintext>", b"<?xml version='1.0'?>", b"<![CDATA[a]]>", b"text",
    b"\xc3\xa9", b"\x83A", b"&lt;", b"&#0;", b" ", b"\n", b"\r\n", b"\r", b"\t", b"\x0c", b"<",
    b">", b'"', b"<a href='</head>'>", b"<input type=hidden>", b"<br/>", b"<!DOCTYPE", b"</",
    b"\x00",
]  # fmt: skip
html = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(b"".join)
few = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)


def embedded(given_page: bytes) -> bytes:
    """The page with the block.

    A page that ends before its head begins has no place for one, and a short one with zero bytes may be
    taken for UTF-16.
    """
    try:
        return embed(given_page, DOCUMENT)
    except InputError as error:
        code = error.problems[0].code
        assume(code != "EMB103" and not (code == "EMB101" and 0 in given_page))
        raise


@given(html)
def test_any_page_keeps_its_bytes(given_page: bytes) -> None:
    written = embedded(given_page)
    assert embed(written, DOCUMENT) == written
    assert remove(written) == given_page
    assert embed(written, {"@type": "Thing"}) == embed(given_page, {"@type": "Thing"})


@few
@given(given_page=html)
@example(given_page=b"<head><script>")
def test_parse5_agrees_on_any_page(given_page: bytes, parse5: Parse5) -> None:
    judged = parse5.judge(embedded(given_page))
    assert [block["parent"] for block in judged["blocks"]] == ["head"]
    assert json.loads(judged["blocks"][0]["text"]) == DOCUMENT
    assert judged["rest"] == parse5.judge(given_page)["rest"]


ENCODINGS = [
    "utf-8", "windows-1252", "windows-1251", "koi8-r", "iso-8859-8", "shift_jis", "euc-jp", "euc-kr", "gbk",
    "gb18030", "big5",
]  # fmt: skip


@given(
    st.sampled_from(ENCODINGS), st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.binary()
)
def test_reading_bytes_as_latin_1_misleads_no_encoding(encoding: str, words: str, odd: bytes) -> None:
    """A real decoder, which takes several bytes for a character, finds the block at the same place."""
    text = words.encode(encoding, "ignore").replace(b"<", b"").replace(b"\x1b", b"")
    noise = odd.replace(b"<", b"").replace(b"\x00", b"").replace(b"\x1b", b"")
    given_page = (
        b"<!doctype html><html><head><title>" + text + noise + b"</title></head><body>" + text + b"</html>"
    )
    written = embed(given_page, DOCUMENT, encoding=encoding)
    tree = turbohtml.parse(written, encoding=encoding, scripting=True)
    (script,) = [element for element in tree.find_all("script") if "data-nutgraf" in element.attrs]
    assert isinstance(script.parent, turbohtml.Element)
    assert script.parent.tag == "head"
    assert json.loads(script.text) == DOCUMENT
    script.decompose()
    assert tree.serialize() == turbohtml.parse(given_page, encoding=encoding, scripting=True).serialize()


TEXTS = ["</script>", "<!--<script>", "]]>", "\"'", "\u2028\u2029", "🎉", "&lt;", "\\", "é", "\x00", "-->"]


@given(st.text() | st.lists(st.sampled_from(TEXTS)).map("".join))
def test_no_text_breaks_out(text: str) -> None:
    written = script_json({"headline": text})
    assert not set("<>&") & set(written)
    assert written.isascii()
    assert json.loads(written) == {"headline": text}


@pytest.mark.parametrize("text", ["\ud83c", "a\udfffb"])
def test_half_of_a_pair_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="EMB104"):
        embed(b"", {"headline": text})
    with pytest.raises(InputError, match="EMB104"):
        embed(b"", {text: 1})


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="EMB104"):
        embed(b"", {"value": float("nan")})


def test_link_to_the_full_profile() -> None:
    address = 'https://news.example/a?b=1&c="é>'
    written = embed(b"<head></head>", DOCUMENT, alternate=address, nonce="abc")
    assert b'href="https://news.example/a?b=1&amp;c=&quot;&#233;&gt;"' in written
    assert embed(written, DOCUMENT, alternate=address, nonce="abc") == written
    assert embed(written, DOCUMENT) == embed(b"<head></head>", DOCUMENT)


def test_the_header_can_name_the_encoding() -> None:
    assert embed(b"<p>a", DOCUMENT, encoding="windows-1252").endswith(b"<p>a")
    for label in ("utf-16", "iso-2022-jp", "no such encoding"):
        with pytest.raises(InputError, match="EMB101"):
            embed(b"<p>a", DOCUMENT, encoding=label)
