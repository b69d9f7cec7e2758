// The families of symmetric points, from the k at which each becomes a minimum up to infinity.

import { h, menu } from "./dom.js";
import { eigenvalueChart, lossChart } from "./family-charts.js";
import { kText, lastPiece, limitOf, lossAtInfinity, nearest, placeOf, proofAt, seriesText, stopsOf } from "./family-places.js";
import { short } from "./numbers.js";
import { about, NATURES, PROOFS } from "./palette.js";
import { sortableTable } from "./sortable.js";

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
    h("label", { for: "family-k", class: "wide" }, h("span", {}, "k, to infinity"), slider),
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
