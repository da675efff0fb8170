// Reads an array of JSON-LD documents from standard input; writes an array of their N-Quads.
import jsonld from "jsonld";

const documentLoader = (url) => {
  throw new Error(`a test must not fetch ${url}`);
};

let input = "";
for await (const chunk of process.stdin.setEncoding("utf8")) input += chunk;
const output = [];
for (const document of JSON.parse(input)) {
  output.push(await jsonld.toRDF(document, { documentLoader, format: "application/n-quads" }));
}
process.stdout.write(JSON.stringify(output));
