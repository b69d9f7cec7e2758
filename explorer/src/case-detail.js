// One verdict: the claim, what was found, the rows of tables, the figures, the command.

import { copyButton, h, table } from "./dom.js";
import { count, shown } from "./numbers.js";

export function caseDetail(data, one, state, update) {
  const { marks, meanings, ledgers } = data.words;
  const facts = [
    ["found", shown(one.found)],
    ["expected", shown(one.expected)],
    ["interval", one.interval ? shown(one.interval) : null],
    ["sample size", one.sample_size],
    ["proved", one.proved === null ? null : `${one.proved} of ${one.sample_size}`],
    ["cases", one.listed || null],
    ["rests on", one.rests_on || null],
  ].filter(([, value]) => value !== null && value !== "–");
  return h(
    "article",
    { id: "detail", "data-case": one.id },
    h("h2", {}, one.id),
    h("p", { class: "verdict", title: meanings[one.verdict] }, `${marks[one.verdict]} ${one.verdict}`),
    h("p", {}, one.statement, " ", h("small", {}, `(${ledgers[one.ledger]}; ${one.paper}, ${one.where})`)),
    h("p", { class: "soft" }, meanings[one.verdict]),
    table(null, ["", ""], facts),
    one.note && h("p", {}, one.note),
    one.would_decide && h("p", {}, one.would_decide),
    h("h3", {}, "Figures"),
    one.figures.length
      ? h("ul", { id: "figures" }, one.figures.map((name) => h("li", {}, h("a", { href: `figures/${name}.svg` }, name), " ", h("a", { href: `figures/${name}.csv` }, "numbers"))))
      : h("p", {}, "No figure is drawn from its tables."),
    h("h3", {}, "Evidence"),
    h("div", { id: "evidence" }, one.evidence.map((piece) => evidence(data, piece))),
    ofSizes(data, one, state, update),
    h("h3", {}, "Compute it again"),
    h("pre", { id: "command" }, one.command),
    copyButton("Copy command", () => one.command, "copy-command"),
    h("p", { class: "soft" }, `Decided by ${one.test} of the study ${one.study}, from ${one.reads.join(", ")}. `, h("a", { href: `claims.html#${encodeURIComponent(one.id.split(/\s+/).join("_"))}` }, "In the ledger")),
  );
}

function evidence(data, piece) {
  const said = h("p", {}, h("code", {}, piece.text));
  return piece.table ? h("div", {}, said, rowsOf(data, piece)) : said;
}

/** Where a claim about all sizes fails: the rows of the size that is chosen, and which there are to choose. */
function ofSizes(data, one, { k, n }, update) {
  const names = Object.keys(one.sizes ?? {});
  if (!names.length) return null;
  const chosen = `k${k}-n${n}`;
  const choose = (name) => {
    const [teachers, students] = name.slice(1).split("-n");
    update({ k: teachers, n: students });
  };
  return h(
    "section",
    { id: "sizes" },
    h("h3", {}, "Size by size"),
    h("p", { class: "soft" }, "What the table of its evidence holds of each size, also of one that the claim is not about."),
    h("p", { class: "buttons" }, names.map((name) => h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, name))),
    one.sizes[chosen] ? [h("p", {}, h("code", {}, `${one.sizes[chosen].table}: k=${k}, n=${n}`)), rowsOf(data, one.sizes[chosen])] : null,
  );
}

/** Some rows of a table, and how many it has more. */
function rowsOf(data, { table: name, rows: numbers, count: all }) {
  const { columns, rows } = data.tables[name];
  // One row is read best as a list of its columns.
  const body =
    numbers.length === 1
      ? table(null, ["column", "value"], columns.map((column, i) => [column, shown(rows[numbers[0]][i])]))
      : table(null, columns, numbers.map((number) => rows[number].map((value) => shown(value))));
  const left = all - numbers.length;
  return h("div", {}, h("div", { class: "scroll rows" }, body), left > 0 && h("p", { class: "soft" }, `and ${count(left)} more rows of this table`));
}
