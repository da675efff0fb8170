// Put the editor in the place of the form. Nothing is loaded from, or sent to, anywhere but this server.
"use strict";

const PARAMETER = /^#\s*param:\s*\??([A-Za-z_]\w*)\s*=\s*(.+?)\s*$/gm;

/** The fields `$name` for the `# param:` lines of a saved query: what `nutgraf query` does with them. */
function bindings(query) {
  return [...query.matchAll(PARAMETER)].map((match) => ({ name: `$${match[1]}`, value: match[2] }));
}

/** The query with the prefixes that it uses and does not declare: the server knows them, the editor does not. */
function declared(query, prefixes) {
  const missing = Object.entries(prefixes).filter(
    ([label]) =>
      new RegExp(`(^|[^\\w:<-])${label}:`).test(query) && !new RegExp(`prefix\\s+${label}:`, "i").test(query),
  );
  return missing.map(([label, iri]) => `PREFIX ${label}: <${iri}>\n`).join("") + query;
}

function start() {
  const form = document.getElementById("plain");
  const place = document.getElementById("editor");
  const prefixes = JSON.parse(place.dataset.prefixes);

  // The other completers ask services on the network.
  Yasgui.Yasqe.defaults.autocompleters = ["variables"];
  Yasgui.Yasqe.defaults.value = declared(form.elements.query.value, prefixes);
  const yasgui = new Yasgui(place, {
    persistenceId: "nutgraf",
    persistencyExpire: 60 * 60 * 24 * 7,
    copyEndpointOnNewTab: true,
    requestConfig: {
      endpoint: new URL("sparql", location.href).href,
      method: "POST",
    },
    yasr: { prefixes },
  });

  // A tab sends the parameters that its text names now.
  const known = new WeakSet();
  const attend = (tab) => {
    const yasqe = tab.getYasqe();
    if (known.has(yasqe)) return;
    known.add(yasqe);
    const send = () => tab.setRequestConfig({ args: bindings(yasqe.getValue()) });
    yasqe.on("change", send);
    send();
  };
  yasgui.on("tabSelect", () => attend(yasgui.getTab()));
  attend(yasgui.getTab());

  const show = (query) => yasgui.getTab().getYasqe().setValue(declared(query, prefixes));
  if (location.search) show(form.elements.query.value);
  document.getElementById("choose").addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = event.target.elements.saved.value;
    if (!name) return;
    const response = await fetch(`query/saved/${encodeURIComponent(name)}.rq`);
    if (response.ok) show(await response.text());
  });
  document.getElementById("downloads").addEventListener("click", (event) => {
    const format = event.target.dataset.format;
    if (!format) return;
    const query = yasgui.getTab().getYasqe().getValue();
    const fields = new URLSearchParams({ query, format });
    for (const { name, value } of bindings(query)) fields.append(name, value);
    location.assign(`sparql?${fields}`);
  });
  document.getElementById("live").hidden = false;
  form.hidden = true;
}

start();
