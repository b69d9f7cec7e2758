// A chart with what it shows in words, and its points reached by pointer and by keys.

import { h } from "./dom.js";

/**
 * A figure around a chart of Observable Plot. The nearest point to a click is chosen; with the
 * chart in focus the arrow keys go through `order`, from the chosen one.
 */
export function chartFigure({ plot, title, label, order, chosen, choose, legend }) {
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", label);
  plot.addEventListener("click", () => plot.value && choose(plot.value));
  const frame = h("div", { class: "chart", tabindex: "0", onkeydown: step, "aria-label": `${title}; arrow keys go from point to point` }, plot);

  function step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || !order.length) return;
    event.preventDefault();
    const at = order.findIndex((one) => one.id === chosen);
    const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : (at + by + order.length) % order.length;
    choose(order[next]);
  }

  return h("figure", {}, h("figcaption", {}, title), legend ?? null, frame);
}

/** What the marks of a chart mean: [{ label, colour, symbol, hollow, line, dash }]. */
export function legendOf(items) {
  return h("ul", { class: "legend" }, items.map((item) => h("li", {}, swatch(item), item.label)));
}

const SHAPES = {
  circle: '<circle cx="8" cy="8" r="5"/>',
  triangle: '<path d="M8 2.5 14 13.5H2z"/>',
  times: '<path d="M3 3 13 13M13 3 3 13"/>',
  square: '<rect x="3.5" y="3.5" width="9" height="9"/>',
};

function swatch({ colour, symbol, hollow, dash, line }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ width: 16, height: 16, "aria-hidden": "true", stroke: colour, "stroke-width": 2 })) {
    svg.setAttribute(name, value);
  }
  svg.setAttribute("fill", hollow ? "#fff" : colour);
  svg.innerHTML = line ? `<path d="M0 8H16" ${dash ? `stroke-dasharray="${dash}"` : ""}/>` : SHAPES[symbol];
  return svg;
}

/** Width that a chart may take in an element. */
export function widthOf(element, most = 900) {
  return Math.max(280, Math.min(most, element.clientWidth || most));
}
