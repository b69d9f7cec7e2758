// One point: its matrix, spectrum, runs, certificate, and what one more neuron does.

import * as Plot from "@observablehq/plot";

import { widthOf } from "./chart.js";
import { checkCommand, command } from "./commands.js";
import { runsOf } from "./data.js";
import { copyButton, h, table } from "./dom.js";
import { heatmap } from "./heatmap.js";
import { count, decades, short, shown, size } from "./numbers.js";
import { loss } from "./objective.js";
import { about, NATURES, PROOFS } from "./palette.js";
import { splitPanel } from "./split-panel.js";
import { classSizes, inOrder, nested, numpyText, weightMatrix } from "./weights.js";

const MOST_ENTRIES = 40000; // larger matrices are given by their blocks alone

export function entryDetail(data, entry, state, update, room) {
  if (entry.kind === "theorem") return theoremDetail(entry, room);
  const { weights } = entry;
  const drawable = weights && entry.n * entry.k <= MOST_ENTRIES;
  // As the run has it, where it is known; else by blocks.
  const order = data.orders[entry.id];
  const matrix = drawable ? weightMatrix(weights) : null;
  const W = matrix && { ...matrix, W: order ? inOrder(matrix, order) : matrix.W };
  return h(
    "article",
    { id: "detail", "data-entry": entry.id },
    h("h2", {}, entry.id),
    h("p", {}, `${about(NATURES, entry.nature).label}; k = ${size(entry.k)} teachers, n = ${size(entry.n)} students; isotropy ${entry.isotropy ?? "–"}; family ${entry.family ?? "none"}.`),
    sameAs(data, entry, update),
    table(null, ["", ""], [
      ["loss", short(entry.loss, 15)],
      ["smallest eigenvalue", short(entry.smallest_eigenvalue, 12)],
      ["negative eigenvalues", entry.negative_eigenvalues < 0 ? "–" : String(entry.negative_eigenvalues)],
    ]),
    certificate(data, entry),
    W && matrixPart(entry, W),
    weights && blocks(weights),
    spectrum(entry, room),
    runs(entry),
    h("h3", {}, "Compute it again"),
    h("pre", { id: "command" }, command(data.profile, entry)),
    copyButton("Copy command", () => command(data.profile, entry), "copy-command"),
    W && splitPanel(data, entry, W, state, update, room),
  );
}

function sameAs(data, entry, update) {
  const others = entry.kind === "class" ? [data.byId.get(pointName(entry))] : data.classes.filter((one) => pointName(one) === entry.id);
  const known = others.filter(Boolean);
  if (!known.length) return null;
  const said = entry.kind === "class" ? "It is the family point " : "Runs met it as ";
  return h("p", {}, said, known.map((one) => h("button", { type: "button", class: "link", onclick: () => update({ entry: one.id }) }, one.id)), ".");
}

/** The name of the family point that a class is. */
function pointName({ family, k, n }) {
  return `${family}-k${k}-n${n}`;
}

function certificate(data, entry) {
  const one = entry.certificate;
  const lines = one
    ? [
        ["what is proved", one.says],
        ["loss", `${one.loss_lower} to ${one.loss_upper}`],
        ["smallest eigenvalue at least", short(one.hessian_lower, 8)],
        ["located to", short(one.location_radius, 3)],
        ["splits that are strict saddles", one.splits === null ? null : `${one.splits_proved} of ${one.splits}`],
        ["where", `${one.file}, line ${one.line}`],
      ].filter(([, value]) => value !== null)
    : [];
  return h(
    "section",
    { id: "certificate" },
    h("h3", {}, "Certificate"),
    h("p", {}, h("strong", {}, PROOFS[entry.proved]), entry.reason ? ` (${entry.reason.replaceAll("_", " ")})` : ""),
    lines.length ? table(null, ["", ""], lines) : null,
    one && h("pre", {}, checkCommand(data.profile, one)),
  );
}

function matrixPart(entry, W) {
  const label = `The weight matrix of ${entry.id}, ${W.n} neurons by ${W.k} inputs`;
  const value = loss(W.W, W.n, W.k);
  return h(
    "section",
    { id: "matrix" },
    h("h3", {}, "Weight matrix W"),
    heatmap(W, label).element,
    h("p", {}, "F(W), computed in this page: ", h("span", { id: "loss-here" }, value.toExponential(15)), `; it differs from the table by ${short(Math.abs(value - entry.loss), 2)}.`),
    h(
      "div",
      { class: "buttons" },
      copyButton("Copy W (JSON)", () => JSON.stringify(nested(W)), "copy-json"),
      copyButton("Copy W (NumPy)", () => numpyText(W), "copy-numpy"),
    ),
  );
}

function blocks(weights) {
  const sizes = classSizes(weights);
  const names = weights.blocks.map((block, b) => (weights.blocks.length > 1 ? `inputs of block ${b + 1} (${block})` : `other inputs (${block})`));
  return h(
    "details",
    { open: sizes.length <= 4 },
    h("summary", {}, "Its distinct entries"),
    h(
      "div",
      { class: "scroll" },
      table(null, ["neurons", "own input", ...names], sizes.map((alike, row) => [count(alike), short(weights.own[row], 10), ...weights.rest[row].map((x) => short(x, 10))])),
    ),
  );
}

function spectrum(entry, room) {
  if (!entry.spectrum.length) return null;
  const most = Math.max(...entry.spectrum.map(({ multiplicity }) => multiplicity));
  const plot = Plot.plot({
    width: widthOf(room, 560),
    height: 190,
    marginLeft: 62,
    marginBottom: 40,
    style: { fontSize: "12px" },
    x: { label: "eigenvalue", grid: true, nice: true },
    y: { label: "multiplicity", type: "log", domain: [0.7, 1.3 * most], ticks: decades(most), tickFormat: size },
    marks: [
      Plot.ruleX(entry.spectrum, { x: "eigenvalue", y1: 0.7, y2: "multiplicity", stroke: "#0072B2" }),
      Plot.dot(entry.spectrum, { x: "eigenvalue", y: "multiplicity", r: 3, fill: "#0072B2" }),
      Plot.ruleX([0], { stroke: "#111" }),
    ],
  });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${entry.spectrum.length} distinct eigenvalues of the Hessian at ${entry.id}`);
  const irreps = entry.spectrum.some(({ irrep }) => irrep);
  return h(
    "section",
    { id: "spectrum" },
    h("h3", {}, `Spectrum: ${count(entry.spectrum.length)} distinct eigenvalues`),
    plot,
    h(
      "details",
      {},
      h("summary", {}, "As a table"),
      table(null, ["eigenvalue", "multiplicity", ...(irreps ? ["representation"] : [])], entry.spectrum.map((one) => [short(one.eigenvalue, 8), size(one.multiplicity), ...(irreps ? [one.irrep ?? "–"] : [])])),
    ),
  );
}

function runs(entry) {
  if (!entry.runs.length) return null;
  return h(
    "section",
    { id: "runs" },
    h("h3", {}, `Met by ${count(runsOf(entry))} runs`),
    table(null, ["search", "runs"], entry.runs.map((one) => [one.search, count(one.runs)])),
  );
}

function theoremDetail(entry, room) {
  return h(
    "article",
    { id: "detail", "data-entry": entry.id },
    h("h2", {}, entry.id),
    h("p", {}, entry.certificate?.says ?? "–"),
    h("p", {}, h("strong", {}, PROOFS[entry.proved]), entry.certificate ? ` (${entry.certificate.file})` : ""),
    table(null, ["", ""], Object.entries(entry.bounds ?? {}).map(([name, value]) => [name.replaceAll("_", " "), shown(value, 12)])),
    entry.series.length > 0 &&
      h("section", {}, h("h3", {}, "Loss as a series in h = 1/√k"), table(null, ["power of h", "coefficient"], entry.series.map((one) => [String(one.power), one.digits ?? short(one.lower, 12)]))),
    entry.pieces.length > 0 &&
      h(
        "section",
        {},
        h("h3", {}, "Pieces of the proof"),
        h(
          "div",
          { class: "scroll" },
          table(null, ["k from", "to", "smallest eigenvalue at least"], entry.pieces.map((one) => [short(one.least_k, 8), one.largest_k === null ? "∞" : short(one.largest_k, 8), short(one.eigenvalue_lower, 6)])),
        ),
      ),
  );
}
