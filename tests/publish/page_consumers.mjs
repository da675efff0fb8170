// Independent readers of pages. Standard input: {context, vocabulary, pages: [{name, document, html}]}.
// Answers, a page: the N-Quads that jsonld.js reads with the official schema.org context, and what
// Adobe's structured data validator finds wrong.
import jsonld from "jsonld";
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";

let input = "";
for await (const chunk of process.stdin.setEncoding("utf8")) input += chunk;
const { context, vocabulary, pages } = JSON.parse(input);

const documentLoader = (url) => {
  if (!/^https?:\/\/schema\.org\/?$/.test(url)) throw new Error(`a test must not fetch ${url}`);
  return { contextUrl: null, documentUrl: url, document: context };
};
const log = console.log;
console.log = console.warn = () => {};
const validator = new Validator(vocabulary);
const answers = [];
for (const { document, html } of pages) {
  const nquads = await jsonld.toRDF(document, { documentLoader, format: "application/n-quads" });
  const extracted = new WebAutoExtractor({ addLocation: true }).parse(html);
  answers.push({ nquads, issues: await validator.validate(extracted), extracted: extracted.jsonld });
}
log(JSON.stringify(answers));
