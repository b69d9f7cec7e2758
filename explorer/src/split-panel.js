// Split a neuron of a class, watch descent run from the saddle, compare with what was recorded.

import * as Plot from "@observablehq/plot";

import { widthOf } from "./chart.js";
import { h, menu, table } from "./dom.js";
import { heatmap } from "./heatmap.js";
import { count, decades, short, size } from "./numbers.js";
import { about, LANDINGS } from "./palette.js";
import { descentFrom, landed } from "./replay.js";
import { rowClasses } from "./weights.js";

const FRAME = 30; // milliseconds of descent between two pictures
let running = 0; // a number for each descent begun: a later one ends the earlier

export function splitPanel(data, entry, matrix, state, update, room) {
  const rows = [...new Set(entry.splits.map(({ row }) => row))];
  if (!rows.length) return section(h("p", {}, "The run followed no descent from its splits."));
  if (!data.orders[entry.id]) return section(record(data, entry, update));
  const row = rows.includes(Number(state.row)) && state.row !== "" ? Number(state.row) : rows[0];
  const ofRow = entry.splits.filter((one) => one.row === row);
  const alphas = [...new Set(ofRow.map(({ alpha }) => alpha))];
  const alpha = alphas.includes(Number(state.alpha)) ? Number(state.alpha) : alphas[alphas.length - 1];
  const signs = [...new Set(ofRow.filter((one) => one.alpha === alpha).map(({ sign }) => sign))];
  const sign = signs.includes(Number(state.sign)) ? Number(state.sign) : signs[0];
  const recorded = ofRow.find((one) => one.alpha === alpha && one.sign === sign);
  const neurons = rowClasses(entry.weights, data.orders[entry.id]);
  const neuron = neurons.indexOf(row);
  const watch = h("div", { id: "watch", "aria-live": "polite" });
  const start = h("button", { type: "button", id: "descend", onclick: () => descend(data, entry, matrix, { neuron, alpha, sign, recorded }, watch, room) }, `Split neuron ${neuron} and descend`);
  const choices = rows.map((one) => [String(one), `${neurons.indexOf(one)} (${count(neurons.filter((other) => other === one).length)} alike)`]);
  return section(
    h("p", {}, "A neuron w becomes αw and (1 − α)w: the function stays as it is. The point becomes a saddle, from which gradient descent leaves along its softest direction, to one of two sides."),
    h(
      "div",
      { class: "controls" },
      menu("Neuron", "split-row", choices, String(row), (value) => update({ row: value })),
      menu("Share α", "split-alpha", alphas.map((one) => [String(one), String(one)]), String(alpha), (value) => update({ alpha: value })),
      menu("Side", "split-sign", signs.map((one) => [String(one), one > 0 ? "+" : "−"]), String(sign), (value) => update({ sign: value })),
      start,
    ),
    watch,
    record(data, entry, update),
  );
}

function section(...children) {
  return h("section", { id: "split" }, h("h3", {}, "One more neuron"), ...children);
}

function record(data, entry, update) {
  const link = (id) => (data.byId.has(id) ? h("button", { type: "button", class: "link", onclick: () => update({ entry: id }) }, id) : (id ?? "–"));
  return h(
    "details",
    {},
    h("summary", {}, `What the run recorded: ${count(entry.splits.length)} descents`),
    h(
      "div",
      { class: "scroll" },
      table(
        null,
        ["class of neurons", "α", "side", "lands at", "class", "loss there"],
        entry.splits.map((one) => [String(one.row), short(one.alpha), one.sign === null ? "–" : one.sign > 0 ? "+" : "−", about(LANDINGS, one.landing).label, link(one.entry), short(one.loss, 8)]),
      ),
    ),
  );
}

function descend(data, entry, matrix, choice, watch, room) {
  const number = ++running;
  watch.replaceChildren(h("p", {}, "Looking for the softest direction …"));
  // The page shows that first: the Hessian of a large point takes a second.
  setTimeout(() => {
    if (running !== number) return;
    const { descent, smallestEigenvalue } = descentFrom(data, entry, matrix.W, choice);
    const trace = [{ iteration: 1, loss: descent.loss }];
    const said = h("p", { id: "descent-said" });
    const chart = h("div");
    const picture = heatmap({ W: descent.W, n: descent.n, k: descent.k }, `The weights during descent, ${descent.n} neurons by ${descent.k} inputs`);
    watch.replaceChildren(said, chart, picture.element);

    function frame() {
      if (running !== number || !watch.isConnected) return;
      const end = performance.now() + FRAME;
      let ended = false;
      while (!ended && performance.now() < end) {
        // Pictures of a fixed number of points on a scale of logarithms.
        ended = descent.advance(Math.max(1, Math.floor(descent.iterations / 60)));
        trace.push({ iteration: Math.max(1, descent.iterations), loss: descent.loss });
      }
      chart.replaceChildren(lossChart(trace, entry.loss, room));
      picture.draw({ W: descent.W, n: descent.n, k: descent.k });
      if (ended) {
        conclude(data, descent, choice.recorded, said);
        chart.append(traceTable(trace));
      } else {
        said.textContent = `Split point: smallest eigenvalue ${short(smallestEigenvalue, 5)}. ${count(descent.iterations)} steps, loss ${short(descent.loss, 8)}.`;
        setTimeout(frame);
      }
    }
    frame();
  });
}

function conclude(data, descent, recorded, said) {
  const { landing, entry } = landed(data, descent);
  const agrees = landing === recorded.landing && entry === recorded.entry;
  const name = (one) => about(LANDINGS, one.landing).label + (one.entry ? ` (${one.entry})` : "");
  said.replaceChildren(
    `${count(descent.iterations)} steps, loss ${short(descent.loss, 10)}. It landed at ${name({ landing, entry })}; the run recorded ${name(recorded)}, loss ${short(recorded.loss, 8)}: `,
    h("strong", { id: "comparison", "data-agrees": String(agrees) }, agrees ? "the same" : "not the same"),
    ".",
  );
}

const MOST_ROWS = 25;

/** The table behind the chart of the loss: some of its points. */
function traceTable(trace) {
  const by = Math.ceil(trace.length / MOST_ROWS);
  const rows = trace.filter((_, i) => i % by === 0 || i === trace.length - 1);
  return h("details", {}, h("summary", {}, "The loss as a table"), table(null, ["step", "loss"], rows.map((one) => [count(one.iteration), short(one.loss, 9)])));
}

function lossChart(trace, before, room) {
  const plot = Plot.plot({
    width: widthOf(room, 560),
    height: 200,
    marginLeft: 62,
    marginBottom: 40,
    style: { fontSize: "12px" },
    x: { type: "log", label: "step of descent", ticks: decades(trace[trace.length - 1].iteration), tickFormat: size },
    y: { label: "loss F", grid: true, domain: [0, before * 1.05] },
    marks: [Plot.line(trace, { x: "iteration", y: "loss", stroke: "#D55E00", strokeWidth: 2 }), Plot.ruleY([before], { strokeDasharray: "4 3", stroke: "#777" })],
  });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", "Loss against step of descent, the loss of the split point dashed");
  return plot;
}
