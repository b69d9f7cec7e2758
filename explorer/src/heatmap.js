// A weight matrix as a picture, each entry a square.

import { h } from "./dom.js";
import { short } from "./numbers.js";
import { entryColour } from "./palette.js";

/**
 * A canvas of a matrix { W, n, k } with its key; `draw(matrix)` of the returned object shows
 * another one of the same size. Pointing at an entry says it.
 */
export function heatmap(matrix, label) {
  const { n, k } = matrix;
  const canvas = h("canvas", { width: k, height: n, role: "img", "aria-label": label, class: "heatmap" });
  canvas.style.aspectRatio = `${k} / ${n}`;
  const said = h("output", { class: "said" }, "Point at an entry to read it.");
  const key = h("div", { class: "key" });
  let shown = matrix;

  function draw(next) {
    shown = next;
    const largest = next.W.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
    const context = canvas.getContext("2d");
    const image = context.createImageData(k, n);
    next.W.forEach((x, at) => image.data.set([...entryColour(x, largest), 255], 4 * at));
    context.putImageData(image, 0, 0);
    const stops = [-1, -0.5, -0.1, 0, 0.1, 0.5, 1].map((share) => share * largest);
    key.replaceChildren(
      ...stops.map((x) => {
        const [red, green, blue] = entryColour(x, largest);
        const dark = Math.abs(x) > 0.6 * largest;
        return h("span", { style: `background:rgb(${red},${green},${blue});color:${dark ? "#fff" : "#111"}` }, short(x, 2));
      }),
    );
  }

  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const i = Math.min(n - 1, Math.floor(((event.clientY - box.top) / box.height) * n));
    const c = Math.min(k - 1, Math.floor(((event.clientX - box.left) / box.width) * k));
    said.textContent = `neuron ${i}, input ${c}: ${short(shown.W[i * k + c], 10)}`;
  });
  draw(matrix);
  return { element: h("div", { class: "matrix" }, canvas, key, said), draw };
}
