// F, its gradient and its Hessian against the library's, and against the tables of quick.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { gradient, hessian, loss, lossAndGradient } from "../src/objective.js";
import { weightMatrix } from "../src/weights.js";
import { dataOf, pathOf } from "./pages.mjs";

const TOLERANCE = 1e-12;
const points = JSON.parse(readFileSync(pathOf("reference.json"), "utf8"));
const apart = (one, other) => one.reduce((most, x, i) => Math.max(most, Math.abs(x - other[i])), 0);

for (const { n, k, W, ...expected } of points) {
  test(`F and its derivatives at a point of n = ${n}, k = ${k}`, () => {
    const point = Float64Array.from(W);
    assert.ok(Math.abs(loss(point, n, k) - expected.loss) <= TOLERANCE);
    assert.ok(Math.abs(lossAndGradient(n, k)(point, new Float64Array(n * k)) - expected.loss) <= TOLERANCE);
    assert.ok(apart(gradient(point, n, k), expected.gradient) <= TOLERANCE);
    assert.ok(apart(hessian(point, n, k), expected.hessian) <= TOLERANCE);
  });
}

test("every class, and every point of a family up to k = 100, has its loss and no gradient", (t) => {
  const { byId } = dataOf("quick.html");
  const points = [...byId.values()].filter(({ weights, k }) => weights && k <= 100);
  let [worstLoss, worstGradient] = [0, 0];
  for (const entry of points) {
    const { W, n, k } = weightMatrix(entry.weights);
    worstLoss = Math.max(worstLoss, Math.abs(loss(W, n, k) - entry.loss));
    worstGradient = Math.max(worstGradient, ...gradient(W, n, k).map(Math.abs));
  }
  t.diagnostic(`${points.length} points: loss within ${worstLoss.toExponential(1)}, gradient within ${worstGradient.toExponential(1)}`);
  assert.ok(points.length > 400);
  assert.ok(worstLoss <= TOLERANCE);
  assert.ok(worstGradient <= TOLERANCE);
});
