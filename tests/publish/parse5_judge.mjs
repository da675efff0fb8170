// Reads a page a line (JSON: base64 of its bytes, read as Latin-1); answers what parse5 makes of it:
// where our blocks are, and the whole document without them.
import readline from "node:readline";
import { parse, serialize } from "parse5";

const MARKER = "data-nutgraf";

function ours(node, path, found) {
  for (const child of [...(node.childNodes ?? [])]) {
    const isOurs = child.nodeName === "script" && child.attrs?.some((a) => a.name === MARKER)
      && child.namespaceURI === "http://www.w3.org/1999/xhtml";
    if (isOurs) {
      found.push({ parent: node.nodeName, text: child.childNodes.map((c) => c.value).join("") });
      node.childNodes.splice(node.childNodes.indexOf(child), 1);
    } else ours(child, [...path, node.nodeName], found);
  }
  return found;
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const document = parse(Buffer.from(JSON.parse(line), "base64").toString("latin1").replace(/^ï»¿/, ""));
  const blocks = ours(document, [], []);
  process.stdout.write(JSON.stringify({ blocks, rest: serialize(document) }) + "\n");
}
