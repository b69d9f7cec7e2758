// What one more neuron does: from each class down to where descent from its splits lands.

import * as Plot from "@observablehq/plot";

import { chartFigure, legendOf, widthOf } from "./chart.js";
import { h, menu } from "./dom.js";
import { count, short } from "./numbers.js";
import { about, LANDINGS, NATURES } from "./palette.js";
import { sortableTable } from "./sortable.js";

const LEVEL = 1e-6; // landings closer than this in loss are one end of an arrow

/** Values of k whose classes were split. */
export function splitSizes(classes) {
  return [...new Set(classes.filter(({ splits }) => splits.length).map(({ k }) => k))];
}

/**
 * Arrows from classes to landings: { id, from, n, loss, landing, entry, end, descents }, where
 * `end` is the loss at the landing and `descents` counts splits of a neuron, shares and sides.
 */
export function arrows(classes) {
  const found = new Map();
  for (const from of classes) {
    for (const { landing, entry, loss: end } of from.splits) {
      const level = landing === "global" ? 0 : Math.round(end / LEVEL);
      const id = [from.id, landing, entry ?? "", level].join("|");
      const known = found.get(id);
      if (known) known.descents += 1;
      else found.set(id, { id, from: from.id, n: from.n, loss: from.loss, landing, entry, end: landing === "global" ? 0 : end, descents: 1 });
    }
  }
  return [...found.values()];
}

export function fatesTab(data, state, update, room) {
  const sizes = splitSizes(data.classes);
  if (!sizes.length) return [h("p", {}, "This run has split no class.")];
  const k = sizes.includes(Number(state.k)) ? Number(state.k) : sizes.find((size) => size === data.byId.get(state.entry)?.k) ?? sizes[0];
  const classes = data.classes.filter((entry) => entry.k === k);
  const drawn = arrows(classes);
  const own = (arrow) => state.entry === "" || arrow.from === state.entry || arrow.entry === state.entry;
  const title = `k = ${k}: where ${count(drawn.reduce((total, one) => total + one.descents, 0))} descents from a split neuron lead`;
  const present = new Set(drawn.map(({ landing }) => landing));
  const ends = drawn.filter(({ entry }) => !entry);
  const plot = Plot.plot({
    width: widthOf(room),
    height: 480,
    marginLeft: 62,
    marginBottom: 42,
    style: { fontSize: "13px" },
    x: { type: "linear", label: "students n", ticks: [...new Set(drawn.flatMap(({ n }) => [n, n + 1]))], tickFormat: String, inset: 24 },
    y: { label: "loss F", grid: true, nice: true },
    symbol: { domain: Object.keys(NATURES), range: Object.values(NATURES).map(({ symbol }) => symbol) },
    marks: [
      [...present].map((landing) =>
        Plot.link(
          drawn.filter((arrow) => arrow.landing === landing),
          {
            x1: "n",
            x2: (arrow) => arrow.n + 1,
            y1: "loss",
            y2: "end",
            stroke: about(LANDINGS, landing).colour,
            strokeDasharray: about(LANDINGS, landing).dash,
            strokeWidth: (arrow) => 1 + Math.log2(arrow.descents) / 2,
            strokeOpacity: (arrow) => (own(arrow) ? 0.8 : 0.1),
          },
        ),
      ),
      Plot.dot(ends, { x: (arrow) => arrow.n + 1, y: "end", r: 3, fill: (arrow) => about(LANDINGS, arrow.landing).colour, fillOpacity: (arrow) => (own(arrow) ? 1 : 0.2) }),
      Plot.dot(classes, { x: "n", y: "loss", r: 5, symbol: "nature", fill: (entry) => about(NATURES, entry.nature).colour, stroke: "white" }),
      Plot.dot(classes.filter((entry) => entry.id === state.entry), { x: "n", y: "loss", r: 11, stroke: "#111", strokeWidth: 2 }),
      Plot.tip(classes, Plot.pointer({ x: "n", y: "loss", title: (entry) => `${entry.id}\nloss ${short(entry.loss, 7)}\n${count(entry.splits.length)} descents from its splits` })),
    ],
  });
  const natures = [...new Set(classes.map(({ nature }) => nature))];
  const legend = legendOf([
    ...natures.map((nature) => ({ ...about(NATURES, nature), label: `class: ${about(NATURES, nature).label}` })),
    ...[...present].map((landing) => ({ ...about(LANDINGS, landing), label: landing === "unfinished" ? about(LANDINGS, landing).label : `to ${about(LANDINGS, landing).label}`, line: true })),
  ]);
  const open = (entry) => update({ entry: entry.id, case: "" });
  const order = classes.filter(({ splits }) => splits.length);
  return [
    h("div", { class: "controls" }, menu("Teachers k", "fates-k", sizes.map((size) => [String(size), String(size)]), String(k), (value) => update({ k: value, n: "", entry: "" }))),
    chartFigure({ plot, title, label: title, order, chosen: state.entry, choose: open, legend }),
    sortableTable({
      caption: "The arrows; thicker ones stand for more descents (neurons, shares and sides of the saddle).",
      columns: [
        { name: "from", value: (arrow) => arrow.from },
        { name: "n", value: (arrow) => arrow.n, number: true },
        { name: "loss before", value: (arrow) => arrow.loss, text: (arrow) => short(arrow.loss, 7), number: true },
        { name: "descents", value: (arrow) => arrow.descents, number: true },
        { name: "lands at", value: (arrow) => about(LANDINGS, arrow.landing).label },
        { name: "class", value: (arrow) => arrow.entry },
        { name: "loss after", value: (arrow) => arrow.end, text: (arrow) => short(arrow.end, 7), number: true },
      ],
      rows: drawn.filter(own),
      sort: state.sort,
      resort: (sort) => update({ sort }),
      open: (arrow) => update({ entry: arrow.from, case: "" }),
      key: (arrow) => arrow.id,
      chosen: "",
    }),
  ];
}
