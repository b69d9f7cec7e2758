// The families of symmetric points, from the k at which each becomes a minimum up to infinity.

import * as Plot from "@observablehq/plot";

import { chartFigure, legendOf, widthOf } from "./chart.js";
import { h, menu } from "./dom.js";
import { count, short, size } from "./numbers.js";
import { about, NATURES, PROOFS } from "./palette.js";
import { sortableTable } from "./sortable.js";

/**
 * Places of a slider: each k at which the family was solved; before them the threshold and after
 * them infinity, where a theorem says what they are. `at` is their name in the address.
 */
export function stopsOf({ points, theorem }) {
  const stops = points.map((point) => ({ at: String(point.k), k: point.k, point }));
  if (!theorem) return stops;
  const threshold = theorem.bounds?.threshold;
  const first = threshold ? [{ at: "threshold", k: threshold.lower, point: null }] : [];
  return [...first, ...stops, { at: "inf", k: Infinity, point: null }];
}

/** k of a place, as text. */
function kText({ at, k }) {
  return at === "threshold" ? `${short(k, 7)} (threshold)` : size(k);
}

/** What is proved of a family at one k, in words. */
export function proofAt({ theorem }, { k, point }) {
  const said = [];
  if (point) {
    const where = point.certificate ? ` (${point.certificate.file}, line ${point.certificate.line})` : "";
    said.push(`at this k: ${PROOFS[point.proved]}${where}`);
  }
  if (k === theorem?.bounds?.threshold?.lower) {
    said.push(`the theorem encloses where it becomes a minimum (${theorem.certificate.file})`);
  } else if (theorem && k >= theorem.least_k) {
    said.push(`a theorem covers every real k from ${short(theorem.least_k, 8)} to infinity`);
  } else if (theorem) {
    said.push(`the theorem for every k begins at ${short(theorem.least_k, 8)}`);
  }
  return said.join("; ");
}

/** Loss of a family at infinity as the theorem's series encloses it. */
function limitOf(theorem) {
  const first = theorem.series.find(({ power }) => power === 0);
  return first ? { loss: first.lower <= 0 && first.upper >= 0 ? 0 : first.lower } : null;
}

/** The series of the loss in h, as far as it is known. */
function seriesText({ series }) {
  const terms = series
    .filter(({ lower, upper }) => !(lower <= 0 && upper >= 0))
    .map(({ power, lower }) => `${lower < 0 ? "− " : "+ "}${short(Math.abs(lower), 6)}${power === 0 ? "" : power === 1 ? " h" : ` h${"⁰¹²³⁴⁵⁶⁷⁸⁹"[power]}`}`);
  return `${terms.join(" ").replace(/^\+ /, "")} + …, h = 1/√k`;
}

export function familiesTab(data, state, update, room) {
  const names = [...data.families.keys()];
  if (!names.length) return [h("p", {}, "This run has solved no family.")];
  const family = data.families.get(state.fam) ?? data.families.get(state.family) ?? data.families.get("II_1") ?? data.families.get(names[0]);
  const stops = stopsOf(family);
  const at = Math.max(0, stops.findIndex((stop) => stop.at === state.at));
  const go = (index) => {
    const { at: chosen, point } = stops[index];
    update({ fam: family.name, at: chosen, entry: point ? point.id : family.theorem.id, case: "" });
  };
  return [
    controls(names, family, stops, at, update, go),
    statement(family, stops[at]),
    lossChart(data, family, stops[at], room, go, stops),
    eigenvalueChart(family, stops[at], room, go, stops),
    behind(family, stops, at, state, update, go),
    theorems(data, state, update),
  ];
}

/** The menu and the slider; they stay while the slider is dragged, and show what was chosen elsewhere. */
function controls(names, family, stops, at, update, go) {
  const slider = h("input", {
    type: "range",
    id: "family-k",
    min: String(placeOf(stops[0])),
    max: String(placeOf(stops[stops.length - 1])),
    step: "any",
    oninput: () => go(nearest(stops, Number(slider.value))),
    onkeydown: (event) => {
      const here = nearest(stops, Number(slider.value));
      const next = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, Home: 0, End: stops.length - 1, PageUp: here + 20, PageDown: here - 20 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      go(Math.max(0, Math.min(stops.length - 1, next)));
    },
  });
  const output = h("output", { id: "family-at" });
  const element = h(
    "div",
    { class: "controls", "data-keep": `family ${family.name}`, "data-at": String(at) },
    menu("Family", "family-name", names.map((name) => [name, name]), family.name, (name) => update({ fam: name, at: "", entry: "" })),
    h("label", { for: "family-k", class: "wide" }, h("span", {}, "k, from where the family is a minimum to infinity"), slider),
    output,
  );
  element.refresh = (newer) => {
    const stop = stops[Number(newer.dataset.at)];
    if (stops[nearest(stops, Number(slider.value))] !== stop) slider.value = String(placeOf(stop));
    slider.setAttribute("aria-valuetext", `k = ${kText(stop)}`);
    output.textContent = `k = ${kText(stop)}`;
  };
  slider.value = String(placeOf(stops[at]));
  element.refresh(element);
  return element;
}

/** The table behind the charts. */
function behind(family, stops, at, state, update, go) {
  const { theorem } = family;
  return sortableTable({
    caption: `${family.name}: what is behind the charts; a k opens.`,
    columns: [
      { name: "k", value: ({ k }) => k, text: kText, number: true },
      { name: "loss", value: ({ loss }) => loss, text: ({ lossText }) => lossText, number: true },
      { name: "smallest eigenvalue", value: ({ smallest }) => smallest, text: ({ smallestText }) => smallestText, number: true },
      { name: "nature", value: ({ nature }) => nature },
      { name: "proof", value: ({ proof }) => proof },
    ],
    rows: stops.map((stop) => ({ ...stop, ...rowOf(stop, theorem) })),
    sort: state.sort,
    resort: (sort) => update({ sort }),
    open: (stop) => go(stops.findIndex((one) => one.at === stop.at)),
    key: (stop) => stop.at,
    chosen: stops[at].at,
  });
}

/** The smallest eigenvalue of a point, or what its certificate says of it. */
function smallestText({ smallest_eigenvalue: value, certificate }, digits = 6) {
  const bound = certificate?.hessian_lower;
  return value === null && bound ? `at least ${short(bound, digits)}` : short(value, digits);
}

/** What the table says of a place. */
function rowOf({ at, point }, theorem) {
  if (point) {
    return {
      ...{ loss: point.loss, lossText: short(point.loss, 9) },
      ...{ smallest: point.smallest_eigenvalue ?? point.certificate?.hessian_lower, smallestText: smallestText(point) },
      ...{ nature: about(NATURES, point.nature).label, proof: PROOFS[point.proved] },
    };
  }
  const proof = `theorem: ${PROOFS[theorem.proved]}`;
  if (at === "threshold") return { loss: null, lossText: "–", smallest: 0, smallestText: "0", nature: "becomes a minimum", proof };
  const limit = lastPiece(theorem)?.eigenvalue_lower;
  return {
    ...{ loss: limitOf(theorem)?.loss ?? null, lossText: lossAtInfinity(theorem) },
    ...{ smallest: limit, smallestText: `at least ${short(limit)}`, nature: NATURES.spurious_minimum.label, proof },
  };
}

/** All theorems of the run, those about no family as well. */
function theorems(data, state, update) {
  return sortableTable({
    caption: "Theorems of this run; one opens with its bounds.",
    columns: [
      { name: "theorem", value: (one) => one.id },
      { name: "proof", value: (one) => PROOFS[one.proved] },
      { name: "what it says", value: (one) => one.certificate?.says },
    ],
    rows: [...data.byId.values()].filter(({ kind }) => kind === "theorem"),
    sort: state.sort,
    resort: (sort) => update({ sort }),
    open: (one) => update({ entry: one.id, case: "" }),
    key: (one) => one.id,
    chosen: state.entry,
  });
}

/** Where a stop stands on the slider: log10 k, infinity one decade beyond what the axis shows. */
function placeOf({ k }) {
  return Math.log10(xOf(k));
}

function nearest(stops, place) {
  const apart = stops.map((stop) => Math.abs(placeOf(stop) - place));
  return apart.indexOf(Math.min(...apart));
}

function lastPiece(theorem) {
  return theorem.pieces.find(({ largest_k: largest }) => largest === null) ?? null;
}

function lossAtInfinity(theorem) {
  const limit = limitOf(theorem);
  return limit ? `${short(limit.loss, 9)} (limit)` : "–";
}

function statement(family, stop) {
  const { point } = stop;
  const threshold = family.theorem?.bounds?.threshold;
  const lines = [
    h("p", {}, h("strong", {}, `${family.name} at k = ${kText(stop)}`), ": ", h("span", { id: "family-proof" }, proofAt(family, stop)), "."),
    point &&
      h(
        "p",
        {},
        `Loss ${short(point.loss, 12)}; smallest eigenvalue ${smallestText(point, 8)}; ${about(NATURES, point.nature).label}.`,
      ),
    stop.at === "threshold" && h("p", {}, `Here its smallest eigenvalue is zero, of the representation ${threshold.component}.`),
    stop.at === "inf" && h("p", {}, `Loss as k grows: F = ${seriesText(family.theorem)}; smallest eigenvalue at least ${short(lastPiece(family.theorem)?.eigenvalue_lower)}.`),
    threshold && h("p", {}, `It becomes a minimum between k = ${short(threshold.lower, 12)} and ${short(threshold.upper, 12)}.`),
  ];
  return h("div", { id: "family-said", "aria-live": "polite" }, lines.filter(Boolean));
}

const INFINITY_AT = 1e9; // where infinity stands on the axis

const xOf = (k) => (k === Infinity ? INFINITY_AT : k);

function axisOfK(family) {
  const ticks = [1, 2, 3, 4, 5, 6, 7, 8].map((power) => 10 ** power);
  return {
    type: "log",
    domain: [family.theorem?.bounds?.threshold?.lower ?? family.points[0].k, INFINITY_AT],
    label: "teachers k",
    grid: true,
    ticks: [...ticks, INFINITY_AT],
    tickFormat: (k) => (k === INFINITY_AT ? "∞" : size(k)),
  };
}

function lossChart(data, family, stop, room, go, stops) {
  const all = [...data.families.values()];
  const lines = all.flatMap((one) => one.points.map((point) => ({ ...point, name: one.name })));
  const limits = all.filter(({ theorem }) => theorem && limitOf(theorem)).map((one) => ({ name: one.name, k: INFINITY_AT, loss: limitOf(one.theorem).loss }));
  const title = `Loss of the families; ${family.name} in orange`;
  const own = (name) => name === family.name;
  const plot = Plot.plot({
    width: widthOf(room),
    height: 300,
    marginLeft: 58,
    marginBottom: 40,
    style: { fontSize: "13px" },
    x: axisOfK(family),
    y: { label: "loss F", grid: true, nice: true },
    marks: [
      Plot.line(lines, { clip: true, x: "k", y: "loss", z: "name", stroke: (one) => (own(one.name) ? "#D55E00" : "#bbb"), sort: "k", strokeWidth: 1.5 }),
      Plot.dot(limits, { x: "k", y: "loss", fill: (one) => (own(one.name) ? "#D55E00" : "#bbb"), symbol: "diamond", r: 5 }),
      Plot.dot(family.points, { x: "k", y: "loss", r: family.points.length > 60 ? 2 : 4, stroke: "#D55E00", fill: (one) => (one.proved === "proved" ? "#D55E00" : "white") }),
      Plot.ruleX([xOf(stop.k)], { stroke: "#111", strokeDasharray: "4 3" }),
      Plot.tip(
        family.points,
        Plot.pointer({ x: "k", y: "loss", title: (one) => `${family.name}, k = ${size(one.k)}\nloss ${short(one.loss, 9)}\n${PROOFS[one.proved]}` }),
      ),
    ],
  });
  const legend = legendOf([
    { label: "proved at this k", colour: "#D55E00", symbol: "circle" },
    { label: "not proved", colour: "#D55E00", symbol: "circle", hollow: true },
    { label: "other families", colour: "#bbb", line: true },
  ]);
  const choose = (point) => go(stops.findIndex((one) => one.point === point));
  return chartFigure({ plot, title, label: title, order: family.points, chosen: stop.point?.id, choose, legend });
}

function eigenvalueChart(family, stop, room, go, stops) {
  const measured = family.points.filter((point) => point.smallest_eigenvalue !== null);
  if (!measured.length) return null;
  const threshold = family.theorem?.bounds?.threshold;
  const pieces = (family.theorem?.pieces ?? []).map((piece) => ({ ...piece, largest_k: piece.largest_k ?? INFINITY_AT }));
  const title = `Smallest eigenvalue of ${family.name}, and what is proved of it`;
  const plot = Plot.plot({
    width: widthOf(room),
    height: 260,
    marginLeft: 58,
    marginBottom: 40,
    style: { fontSize: "13px" },
    x: axisOfK(family),
    y: { label: "smallest eigenvalue", grid: true, nice: true },
    marks: [
      Plot.rect(pieces, { x1: "least_k", x2: "largest_k", y1: 0, y2: "eigenvalue_lower", fill: "#0072B2", fillOpacity: 0.18 }),
      Plot.line(measured, { x: "k", y: "smallest_eigenvalue", stroke: "#D55E00" }),
      Plot.dot(measured, { x: "k", y: "smallest_eigenvalue", r: 4, stroke: "#D55E00", fill: (one) => (one.proved === "proved" ? "#D55E00" : "white") }),
      threshold ? Plot.ruleX([threshold.lower], { stroke: "#0072B2" }) : null,
      Plot.ruleX([xOf(stop.k)], { stroke: "#111", strokeDasharray: "4 3" }),
      Plot.ruleY([0]),
      Plot.tip(measured, Plot.pointer({ x: "k", y: "smallest_eigenvalue", title: (one) => `k = ${size(one.k)}\n${short(one.smallest_eigenvalue, 6)}` })),
    ],
  });
  const legend = legendOf([
    { label: "measured", colour: "#D55E00", symbol: "circle" },
    ...(pieces.length ? [{ label: `proved for every real k: at least this (${count(pieces.length)} pieces)`, colour: "#b8d4e8", symbol: "square" }] : []),
    ...(threshold ? [{ label: "threshold", colour: "#0072B2", line: true }] : []),
  ]);
  const choose = (point) => go(stops.findIndex((one) => one.point === point));
  return chartFigure({ plot, title, label: title, order: measured, chosen: stop.point?.id, choose, legend });
}
