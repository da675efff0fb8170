"""Chromium on the awkward pages: it finds the block in the head, and the rest of the page as it was."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from nutgraf.publish.embed.splice import embed
from tests.publish.awkward_pages import DOCUMENT, PAGES, page
from tests.publish.html_judges import dumped

JUDGE: Final = """<!doctype html><meta charset=utf-8><title>judge</title><body><script>
const pages = %s;
function load(text) {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.srcdoc = text;
    frame.onload = () => {
      const inside = frame.contentDocument;
      const blocks = [...inside.querySelectorAll("script[data-nutgraf]")].filter((b) => b instanceof
        frame.contentWindow.HTMLScriptElement);
      const found = blocks.map((b) => ({ parent: b.parentNode.nodeName, text: b.textContent }));
      blocks.forEach((b) => b.remove());
      resolve({ found, rest: inside.documentElement.outerHTML });
      frame.remove();
    };
    document.body.append(frame);
  });
}
(async () => {
  const answers = [];
  for (const [before, after] of pages) answers.push([await load(before), await load(after)]);
  document.documentElement.innerHTML = `<body>${btoa(encodeURIComponent(JSON.stringify(answers)))}</body>`;
})();
</script>"""
BLANK: Final = {"empty-file", "only-white-space"}
"""An empty srcdoc is a blank page, not an empty one."""


def in_script(value: Any) -> str:
    return json.dumps(value).replace("<", "\\u003c")


def test_every_awkward_page(tmp_path: Path) -> None:
    names = [name for name in PAGES if name not in BLANK]
    pairs = [[page(name), embed(page(name), DOCUMENT)] for name in names]
    texts = [[each.removeprefix(b"\xef\xbb\xbf").decode("latin-1") for each in pair] for pair in pairs]
    answer = dumped((JUDGE % in_script(texts)).encode(), tmp_path)
    encoded = answer.partition("<body>")[2].partition("</body>")[0]
    judged = json.loads(unquote(base64.b64decode(encoded).decode()))
    for name, (before, after) in zip(names, judged, strict=True):
        expected = "BODY" if name == "our-block-in-the-body" else "HEAD"
        assert [found["parent"] for found in after["found"]] == [expected], name
        assert json.loads(after["found"][0]["text"]) == DOCUMENT, name
        assert after["rest"] == before["rest"], name
