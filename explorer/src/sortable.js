// The table behind a chart: sorted by a click on a heading, each row opens what it is about.

import { h } from "./dom.js";
import { count } from "./numbers.js";

const AT_FIRST = 60;

/**
 * columns: [{ name, value(row), text?(row), number? }]; sort: "name" or "-name"; open(row) is called
 * for a chosen row, and `key(row) === chosen` marks the one shown.
 */
export function sortableTable({ caption, columns, rows, sort, resort, open, key, chosen }) {
  const descending = sort.startsWith("-");
  const by = columns.find(({ name }) => name === sort.replace(/^-/, ""));
  const ordered = by ? [...rows].sort((a, b) => (descending ? -1 : 1) * compare(by.value(a), by.value(b))) : rows;
  const body = h("tbody");
  const more = h("button", { type: "button", onclick: () => fill(ordered.length) });
  let filled = 0;

  function fill(upTo) {
    for (; filled < Math.min(upTo, ordered.length); filled++) body.append(line(ordered[filled]));
    more.hidden = filled === ordered.length;
    more.textContent = `Show all ${count(ordered.length)}`;
  }

  function line(row) {
    const cells = columns.map((column, i) => {
      const text = column.text ? column.text(row) : String(column.value(row) ?? "–");
      const kind = column.number ? "number" : null;
      if (i > 0) return h("td", { class: kind }, text);
      return h("th", { scope: "row", class: kind }, h("button", { type: "button", class: "link", onclick: () => open(row) }, text));
    });
    return h("tr", { "aria-current": key(row) === chosen ? "true" : null, "data-key": key(row) }, cells);
  }

  const headings = columns.map(({ name, number }) => {
    const isSorted = by?.name === name;
    // Of numbers a reader first wants the largest.
    const next = isSorted ? (descending ? name : `-${name}`) : number ? `-${name}` : name;
    const order = isSorted ? (descending ? "descending" : "ascending") : null;
    const mark = isSorted ? (descending ? " ▾" : " ▴") : "";
    return h(
      "th",
      { scope: "col", "aria-sort": order, class: number ? "number" : null },
      h("button", { type: "button", class: "link", onclick: () => resort(next) }, name + mark),
    );
  });
  fill(AT_FIRST);
  return h("div", { class: "scroll" }, h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, headings)), body), more);
}

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return typeof a === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}
