// What Comunica finds at addresses: for each, the N-Triples of the triples that it is led to.
import { QueryEngine } from "@comunica/query-sparql";
import { termToString } from "rdf-string-ttl";

const engine = new QueryEngine();
const answers = [];
for (const url of process.argv.slice(2)) {
  const found = await engine.queryQuads("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", { sources: [url] });
  const quads = await found.toArray();
  answers.push(quads.map((q) => [q.subject, q.predicate, q.object].map(termToString).join(" ") + " .\n").join(""));
}
console.log(JSON.stringify(answers));
