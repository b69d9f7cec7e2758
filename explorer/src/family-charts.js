// The charts of the families: loss and smallest eigenvalue against k.

import * as Plot from "@observablehq/plot";

import { chartFigure, legendOf, widthOf } from "./chart.js";
import { INFINITY_AT, limitOf, stopsOf, xOf } from "./family-places.js";
import { count, short, size } from "./numbers.js";
import { PROOFS } from "./palette.js";

function axisOfK(family) {
  const ticks = [1, 2, 3, 4, 5, 6, 7, 8].map((power) => 10 ** power);
  return {
    type: "log",
    domain: [xOf(stopsOf(family)[0].k), INFINITY_AT],
    label: "teachers k",
    grid: true,
    ticks: [...ticks, INFINITY_AT],
    tickFormat: (k) => (k === INFINITY_AT ? "∞" : size(k)),
  };
}

/** The loss of all families, one of them in colour. */
export function lossChart(data, family, stop, room, go, stops) {
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

/** The smallest eigenvalue of a family as measured and as proved; null where it was not measured. */
export function eigenvalueChart(family, stop, room, go, stops) {
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
