// Put the editor in the place of the form. Nothing is loaded from, or sent to, anywhere but this server.
"use strict";

const PARAMETER = /^#\s*param:\s*\??([A-Za-z_]\w*)\s*=\s*(.+?)\s*$/gm;

/** The fields `$name` for the `# param:` lines of a saved query: what `nutgraf query` does with them. */
function bindings(query) {
  return [...query.matchAll(PARAMETER)].map((match) => ({ name: `$${match[1]}`, value: match[2] }));
}

function start() {
  const form = document.getElementById("plain");
  const place = document.getElementById("editor");

  // The other completers ask services on the network.
  Yasgui.Yasqe.defaults.autocompleters = ["variables"];
  Yasgui.Yasqe.defaults.value = form.elements.query.value;
  const yasgui = new Yasgui(place, {
    persistenceId: "nutgraf",
    persistencyExpire: 60 * 60 * 24 * 7,
    copyEndpointOnNewTab: true,
    requestConfig: {
      endpoint: "/sparql",
      method: "POST",
      args: (yasqe) => bindings(yasqe.getValue()),
    },
    yasr: { prefixes: JSON.parse(place.dataset.prefixes) },
  });

  const show = (query) => yasgui.getTab().getYasqe().setValue(query);
  if (location.search) show(form.elements.query.value);
  document.getElementById("choose").addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = event.target.elements.saved.value;
    if (!name) return;
    const response = await fetch(`/query/saved/${encodeURIComponent(name)}.rq`);
    if (response.ok) show(await response.text());
  });
  place.hidden = false;
  form.hidden = true;
}

start();
