// A linked-data client that knows nothing of us: Comunica follows links from one address.
import { QueryEngine } from "@comunica/query-sparql-link-traversal";

const { start, query } = JSON.parse(process.argv[2]);
const bindings = await new QueryEngine().queryBindings(query, {
  sources: [start],
  lenient: true,
});
for (const found of await bindings.toArray()) {
  console.log(JSON.stringify(Object.fromEntries([...found].map(([name, term]) => [name.value, term.value]))));
}
