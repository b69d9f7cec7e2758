// What was decided about each claim.

import * as Plot from "@observablehq/plot";

import { chartFigure, legendOf, widthOf } from "./chart.js";
import { fails } from "./data.js";
import { h, menu, table } from "./dom.js";
import { casesLeft, hiddenCases } from "./filters.js";
import { count, shown } from "./numbers.js";
import { VERDICTS } from "./palette.js";
import { sortableTable } from "./sortable.js";

export function verdictsTab(data, state, update, room) {
  const { marks, ledgers } = data.words;
  const left = casesLeft(data.cases, state, fails);
  const papers = [...new Set(data.cases.map(({ paper }) => paper))];
  const open = (one) => update({ case: one.id, entry: "" });
  const present = Object.keys(VERDICTS).filter((verdict) => data.cases.some((one) => one.verdict === verdict));
  const title = `${count(left.length)} of ${count(data.cases.length)} verdicts, by paper`;
  const counts = papers
    .flatMap((paper) => present.map((verdict) => ({ paper, verdict, cases: left.filter((one) => one.paper === paper && one.verdict === verdict).length })))
    .filter(({ cases }) => cases);
  const shownPapers = papers.filter((paper) => counts.some((one) => one.paper === paper));
  const largest = Math.max(1, ...shownPapers.map((paper) => left.filter((one) => one.paper === paper).length));
  const width = widthOf(room);
  const plot = Plot.plot({
    width,
    height: 50 + 26 * Math.max(1, shownPapers.length),
    marginLeft: Math.min(width * 0.42, 250),
    marginBottom: 40,
    style: { fontSize: "13px" },
    x: { label: "cases", grid: true, ticks: Math.min(8, largest), tickFormat: "d" },
    y: { domain: shownPapers, label: null, tickFormat: (name) => (width < 500 && name.length > 21 ? `${name.slice(0, 20)}…` : name) },
    color: { domain: present, range: present.map((verdict) => VERDICTS[verdict]) },
    marks: [
      Plot.barX(counts, { x: "cases", y: "paper", fill: "verdict", order: present, stroke: "white", strokeWidth: 0.5 }),
      Plot.tip(counts, Plot.pointer(Plot.stackX({ x: "cases", y: "paper", order: present, z: "verdict", title: (one) => `${one.paper}\n${marks[one.verdict]} ${one.verdict}: ${one.cases}` }))),
    ],
  });
  const legend = legendOf(present.map((verdict) => ({ label: `${marks[verdict]} ${verdict}`, colour: VERDICTS[verdict], symbol: "square" })));
  return [
    h(
      "div",
      { class: "controls" },
      menu("Ledger", "ledger", [["", "all"], ...Object.entries(ledgers)], state.ledger, (ledger) => update({ ledger })),
      menu("Verdict", "verdict", [["", "all"], ["fails", "fails (deviates, refuted)"], ...present.map((one) => [one, `${marks[one]} ${one}`])], state.verdict, (verdict) => update({ verdict })),
      menu("Paper", "paper", [["", "all"], ...papers.map((paper) => [paper, paper])], state.paper, (paper) => update({ paper })),
    ),
    left.length ? null : nothingLeft(data, state, update),
    chartFigure({
      plot,
      title,
      label: title,
      order: left,
      chosen: state.case,
      choose: (one) => (one.id ? open(one) : update({ paper: one.paper, verdict: one.verdict })),
      legend,
    }),
    h(
      "details",
      {},
      h("summary", {}, "The chart as a table"),
      table(null, ["paper", ...present], shownPapers.map((paper) => [paper, ...present.map((verdict) => String(counts.find((one) => one.paper === paper && one.verdict === verdict)?.cases ?? 0))])),
    ),
    sortableTable({
      caption: "The verdicts; one opens with its evidence, figures and command.",
      columns: [
        { name: "claim", value: (one) => one.id },
        { name: "verdict", value: (one) => one.verdict, text: (one) => `${marks[one.verdict]} ${one.verdict}` },
        { name: "found", value: (one) => one.found, text: (one) => shown(one.found) },
        { name: "expected", value: (one) => one.expected, text: (one) => shown(one.expected) },
        { name: "ledger", value: (one) => ledgers[one.ledger] },
        { name: "paper", value: (one) => one.paper },
      ],
      rows: left,
      sort: state.sort,
      resort: (sort) => update({ sort }),
      open,
      key: (one) => one.id,
      chosen: state.case,
    }),
  ].filter(Boolean);
}

/** That no verdict is left, and which filters to drop. */
function nothingLeft(data, state, update) {
  const hidden = hiddenCases(data.cases, state, fails);
  return h(
    "p",
    { id: "nothing-left" },
    "No verdict of this run is left by these filters",
    hidden.length ? ". Without " : ", nor without one of them.",
    hidden.map(({ name, without, count: left }) => [h("button", { type: "button", class: "link", onclick: () => update(without) }, `${name}: ${count(left)}`), " "]).flat(),
  );
}
