"use strict";
(() => {
  const FIRST = 200;
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = JSON.parse(document.getElementById("words").textContent);
  // The order of html.py, `_row`.
  const [STEP, VERB, WORD, TITLE, PLACES, KEY, CHANGES, STATE, STATE_WORD, REMARK] = Array(10).keys();
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const searched = data.map((row) => [row[TITLE], row[KEY], row[REMARK], ...row[PLACES], ...row[CHANGES].flat()].join("\n").toLowerCase());

  const changesCell = (row) => {
    const cell = make("td");
    const list = make("ul");
    for (const [property, before, after] of row[CHANGES]) {
      const item = make("li");
      item.append(make("b", property), " ");
      if (before !== "") item.append(make("span", before, "before"), " → ");
      item.append(make("span", after === "" ? "∅" : after, "after"));
      list.append(item);
    }
    cell.append(list);
    if (row[REMARK]) cell.append(make("span", row[REMARK], "remark"));
    return cell;
  };
  const line = (row, withState) => {
    const element = make("tr");
    const entity = make("td", row[TITLE]);
    if (row[KEY]) entity.append(make("span", row[KEY], "key"));
    const cells = row[PLACES].slice(0, 3).join(", ") + (row[PLACES].length > 3 ? ` … (${row[PLACES].length - 3} ${words.places})` : "");
    element.append(make("td", row[WORD], row[VERB]), entity, changesCell(row), make("td", cells));
    if (withState) element.append(make("td", row[STATE_WORD], row[STATE] === "done" ? "create" : row[STATE] === "pending" ? "unchanged" : "blocked"));
    return element;
  };

  const sections = [...document.querySelectorAll("section.step")].map((section) => ({
    section,
    rows: data.map((_, index) => index).filter((index) => data[index][STEP] === section.dataset.step),
    body: section.querySelector("tbody"),
    more: section.querySelector(".more"),
    count: section.querySelector("[data-count]"),
    withState: section.querySelectorAll("thead th").length > 4,
    fitting: [],
    limit: FIRST,
  }));
  const draw = (part) => {
    const fragment = document.createDocumentFragment();
    for (const index of part.fitting.slice(0, part.limit)) fragment.append(line(data[index], part.withState));
    if (!part.fitting.length) {
      const empty = make("tr");
      const cell = make("td", words.none);
      cell.colSpan = 5;
      empty.append(cell);
      fragment.append(empty);
    }
    part.body.replaceChildren(fragment);
    part.more.hidden = part.fitting.length <= part.limit;
    part.more.textContent = fill(words.more, { count: part.fitting.length });
    part.count.textContent = fill(words.shown, { shown: part.fitting.length, count: part.rows.length });
  };
  const refresh = () => {
    const text = document.getElementById("filter").value.trim().toLowerCase();
    const verbs = new Set([...document.querySelectorAll(".verb:checked")].map((box) => box.value));
    let shown = 0;
    for (const part of sections) {
      part.fitting = part.rows.filter((index) => verbs.has(data[index][VERB]) && searched[index].includes(text));
      part.limit = FIRST;
      shown += part.fitting.length;
      draw(part);
    }
    document.getElementById("shown").textContent = fill(words.shown, { shown, count: data.length });
  };
  // On paper nothing can be opened.
  const all = () => {
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    sections.forEach((part) => { part.limit = Infinity; draw(part); });
  };

  document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("filter").addEventListener("input", refresh);
  document.querySelectorAll(".verb").forEach((box) => box.addEventListener("change", refresh));
  sections.forEach((part) => part.more.addEventListener("click", () => { part.limit = Infinity; draw(part); }));
  window.addEventListener("beforeprint", all);
  refresh();
})();
