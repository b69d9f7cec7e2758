// Loss against smallest eigenvalue of every class that runs have met.

import * as Plot from "@observablehq/plot";

import { chartFigure, legendOf, widthOf } from "./chart.js";
import { runsOf } from "./data.js";
import { entriesLeft } from "./filters.js";
import { count, short } from "./numbers.js";
import { about, NATURES, PROOFS } from "./palette.js";
import { sortableTable } from "./sortable.js";

const COLUMNS = [
  { name: "point", value: (entry) => entry.id },
  { name: "k", value: (entry) => entry.k, number: true },
  { name: "n", value: (entry) => entry.n, number: true },
  { name: "runs", value: runsOf, text: (entry) => count(runsOf(entry)), number: true },
  { name: "loss", value: (entry) => entry.loss, text: (entry) => short(entry.loss, 7), number: true },
  {
    name: "smallest eigenvalue",
    value: (entry) => entry.smallest_eigenvalue,
    text: (entry) => short(entry.smallest_eigenvalue, 5),
    number: true,
  },
  { name: "proof", value: (entry) => PROOFS[entry.proved] },
  { name: "family", value: (entry) => entry.family },
  { name: "nature", value: (entry) => about(NATURES, entry.nature).label },
  { name: "isotropy", value: (entry) => entry.isotropy },
];

export function classesTab(data, state, update, room) {
  const left = entriesLeft(data.classes, state);
  const open = (entry) => update({ entry: entry.id, case: "" });
  const drawn = left.filter((entry) => entry.loss !== null && entry.smallest_eigenvalue !== null);
  const title = `Loss against smallest eigenvalue of ${count(left.length)} of ${count(data.classes.length)} classes`;
  const plot = Plot.plot({
    width: widthOf(room),
    height: Math.min(460, Math.max(320, widthOf(room) * 0.55)),
    marginLeft: 62,
    marginBottom: 42,
    style: { fontSize: "13px" },
    inset: 8,
    x: { label: "loss F", nice: true, grid: true },
    y: { label: "smallest eigenvalue of the Hessian", nice: true, grid: true },
    symbol: { domain: Object.keys(NATURES), range: Object.values(NATURES).map(({ symbol }) => symbol) },
    marks: [
      Plot.dot(drawn, {
        x: "loss",
        y: "smallest_eigenvalue",
        symbol: "nature",
        r: (entry) => 3 + Math.log10(1 + runsOf(entry)),
        fill: (entry) => (entry.proved === "proved" ? about(NATURES, entry.nature).colour : "white"),
        stroke: (entry) => about(NATURES, entry.nature).colour,
        fillOpacity: 0.75,
        strokeWidth: 1.2,
      }),
      Plot.dot(
        drawn.filter((entry) => entry.id === state.entry),
        { x: "loss", y: "smallest_eigenvalue", r: 12, stroke: "#111", strokeWidth: 2 },
      ),
      Plot.tip(
        drawn,
        Plot.pointer({
          x: "loss",
          y: "smallest_eigenvalue",
          title: (entry) =>
            `k = ${entry.k}, n = ${entry.n}, ${entry.isotropy ?? ""} ${entry.family ?? ""}\nloss ${short(entry.loss, 7)}\nsmallest eigenvalue ${short(entry.smallest_eigenvalue, 5)}\n${count(runsOf(entry))} runs, ${PROOFS[entry.proved]}`,
        }),
      ),
    ],
    r: { type: "identity" },
  });
  const present = new Set(data.classes.map((entry) => entry.nature));
  const legend = legendOf([
    ...Object.keys(NATURES).filter((nature) => present.has(nature)).map((nature) => NATURES[nature]),
    { label: "filled: proved; hollow: not. Larger: more runs", colour: "#444", symbol: "circle", hollow: true },
  ]);
  return [
    chartFigure({ plot, title, label: title, order: drawn, chosen: state.entry, choose: open, legend }),
    sortableTable({
      caption: "The classes; a heading sorts, a point opens.",
      columns: COLUMNS,
      rows: left,
      sort: state.sort,
      resort: (sort) => update({ sort }),
      open,
      key: (entry) => entry.id,
      chosen: state.entry,
    }),
  ];
}
