// What scripts add: filters for the list of everything, with every filter in the address.
// Without this file, or where it cannot read the entries, the plain lists beside the table do the same.
"use strict";

(() => {
  const place = document.querySelector("[data-entries]");
  if (!place || !place.dataset.entries || !window.fetch) return;

  const SIZE = 200;
  const words = JSON.parse(place.dataset.words);
  const results = place.querySelector(".results");
  const body = results.querySelector("tbody");
  const tally = results.querySelector("[data-count]");
  const plainPager = results.querySelector(".pager");
  const prefix = place.dataset.things;
  const facets = [...place.querySelectorAll("[data-facet]")].map((list) => ({
    name: list.dataset.facet,
    label: document.getElementById(list.getAttribute("aria-labelledby")).textContent,
    values: [...list.querySelectorAll("[data-value]")].map((item) => [
      item.dataset.value,
      item.querySelector("bdi").textContent,
    ]),
  }));
  const kinds = words.kinds;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  fetch(place.dataset.entries)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
    .then((rows) => start(rows.map(([key, name, tag, kind, articles, places, linked]) => ({
      key, name, tag, kind, articles, places, linked, sought: plain(name),
    }))))
    .catch(() => {});

  const keeps = {
    type: (row, value) => row.kind === value,
    article: (row, value) => row.articles.includes(value),
    place: (row, value) => row.places.includes(value),
    linked: (row, value) => Boolean(row.linked) === (value === "yes"),
    q: (row, value) => row.sought.includes(plain(value)),
  };

  function start(rows) {
    const panel = element("form", { class: "panel", role: "search", "aria-label": words.filters });
    const fields = {};
    const search = element("input", { type: "search", name: "q", autocomplete: "off" });
    fields.q = search;
    panel.append(element("label", {}, words.search, search));
    for (const facet of facets) {
      const select = element("select", { name: facet.name }, element("option", { value: "" }, words.any));
      for (const [value, label] of facet.values) select.append(element("option", { value }, label));
      fields[facet.name] = select;
      panel.append(element("label", {}, facet.label, select));
    }
    const reset = element("button", { type: "reset" }, words.reset);
    panel.append(reset);
    results.prepend(panel);
    tally.setAttribute("role", "status");
    if (plainPager) plainPager.remove();
    const pager = element("nav", { class: "pager", "aria-label": words.pages });
    results.append(pager);
    let page = 1;

    const read = () => {
      const asked = new URLSearchParams(location.search);
      for (const [name, field] of Object.entries(fields)) {
        const value = asked.get(name) || "";
        field.value = value;
        if (field.value !== value) field.value = "";
      }
      page = Math.max(1, Number.parseInt(asked.get("page"), 10) || 1);
      show();
    };

    const write = () => {
      const asked = new URLSearchParams();
      for (const [name, field] of Object.entries(fields)) if (field.value) asked.set(name, field.value);
      if (page > 1) asked.set("page", String(page));
      const query = asked.toString();
      history.replaceState(null, "", query ? `?${query}` : location.pathname);
    };

    const show = () => {
      const chosen = Object.entries(fields).filter(([, field]) => field.value);
      const found = rows.filter((row) => chosen.every(([name, field]) => keeps[name](row, field.value)));
      const pages = Math.max(1, Math.ceil(found.length / SIZE));
      page = Math.min(page, pages);
      body.replaceChildren(...found.slice((page - 1) * SIZE, page * SIZE).map(row));
      const form = words.one.includes(found.length) ? "entry" : "entries";
      tally.textContent = words[form].replace("{n}", found.length.toLocaleString(document.documentElement.lang));
      pager.replaceChildren();
      if (pages > 1) {
        const list = element("ul");
        for (let number = 1; number <= pages; number += 1) {
          if (number > 2 && number < pages - 1 && Math.abs(number - page) > 2) continue;
          const button = element("button", { type: "button", "aria-label": words.page.replace("{n}", number) }, String(number));
          if (number === page) button.setAttribute("aria-current", "page");
          button.addEventListener("click", () => {
            page = number;
            write();
            show();
            results.scrollIntoView();
          });
          list.append(element("li", {}, button));
        }
        pager.append(list);
      }
    };

    const row = (entry) => {
      const name = element("bdi", entry.tag ? { lang: entry.tag } : {}, entry.name);
      const link = element("a", { href: `${prefix}${entry.key}.html` }, name);
      return element(
        "tr", {},
        element("th", { scope: "row" }, link),
        element("td", {}, kinds[entry.kind] || entry.kind),
        element("td", {}, entry.linked ? words.linked : ""),
      );
    };

    const changed = () => {
      page = 1;
      write();
      show();
    };
    panel.addEventListener("input", changed);
    panel.addEventListener("submit", (event) => event.preventDefault());
    panel.addEventListener("reset", () => setTimeout(changed));
    addEventListener("popstate", read);
    read();
  }
})();
