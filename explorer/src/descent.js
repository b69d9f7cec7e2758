// One more neuron: a split, a push off the saddle, gradient descent, and where it ends.

import { softestDirection } from "./eigen.js";
import { hessian, lossAndGradient } from "./objective.js";

// Entries of a start are multiples of this, as in the recorded descents.
const START_GRID = 2 ** -20;

/** W (n, k) with neuron i replaced by alpha w_i and (1 - alpha) w_i, (n + 1, k). */
export function splitNeuron(W, n, k, i, alpha) {
  const made = new Float64Array((n + 1) * k);
  made.set(W.subarray(0, (i + 1) * k));
  made.set(W.subarray(i * k), (i + 1) * k);
  for (let c = 0; c < k; c++) {
    made[i * k + c] = alpha * W[i * k + c];
    made[(i + 1) * k + c] = (1 - alpha) * W[i * k + c];
  }
  return made;
}

/**
 * The point from which descent leaves a saddle (n, k): pushed by `displacement` along its softest
 * direction, to the side `sign`, and by `aside` (n, k), without which it would stay symmetric.
 */
export function descentStart(saddle, n, k, { displacement, aside, sign }) {
  const { direction, value } = softestDirection(hessian(saddle, n, k), n * k);
  const start = saddle.map(
    (x, i) => Math.round((x + sign * displacement * direction[i] + aside[i]) / START_GRID) * START_GRID,
  );
  return { start, smallestEigenvalue: value };
}

/** Gradient descent of constant step, some steps at a time so that a page can draw in between. */
export class Descent {
  constructor(start, n, k, { step, measure, tolerance, globalLoss, budget }) {
    Object.assign(this, { n, k, step, tolerance, globalLoss, budget });
    this.measure = measure === "largest_neuron" ? () => 2 * Math.PI * this.largestNeuron() : () => norm(this.gradient);
    this.W = Float64Array.from(start);
    this.gradient = new Float64Array(n * k);
    this.evaluate = lossAndGradient(n, k);
    this.iterations = 0;
    this.stopReason = null;
    this.loss = this.evaluate(this.W, this.gradient);
  }

  /** max_i |dF/dw_i|; the protocol of 2018 bounds 2 pi times that. */
  largestNeuron() {
    let largest = 0;
    for (let i = 0; i < this.n; i++) {
      let square = 0;
      for (let c = i * this.k; c < (i + 1) * this.k; c++) square += this.gradient[c] ** 2;
      largest = Math.max(largest, square);
    }
    return Math.sqrt(largest);
  }

  /** Goes on for at most `steps` steps; returns whether it ended. */
  advance(steps) {
    for (let done = 0; done < steps && this.stopReason === null; done++) {
      if (this.loss < this.globalLoss) this.stopReason = "below_threshold";
      else if (this.measure() <= this.tolerance) this.stopReason = "converged";
      else if (this.iterations >= this.budget) this.stopReason = "iteration_budget";
      else {
        for (let c = 0; c < this.W.length; c++) this.W[c] -= this.step * this.gradient[c];
        this.loss = this.evaluate(this.W, this.gradient);
        this.iterations++;
      }
    }
    return this.stopReason !== null;
  }
}

function norm(vector) {
  return Math.sqrt(vector.reduce((total, x) => total + x * x, 0));
}

/** The mu with sum_j (values_j + mu)_+ = 1. */
function simplexThreshold(values) {
  const descending = [...values].sort((a, b) => b - a);
  let total = 0;
  let threshold = 0;
  descending.forEach((value, count) => {
    total += value;
    if (value + (1 - total) / (count + 1) >= 0) threshold = (1 - total) / (count + 1);
  });
  return threshold;
}

/**
 * An upper bound on the Frobenius distance of W (n, k), n >= k, to the global minima: each neuron
 * is dealt to the teacher it has most of, whose neurons then share it. Infinity if one has none.
 */
export function distanceToGlobalMinima(W, n, k) {
  const groups = Array.from({ length: k }, () => []);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < k; c++) if (W[i * k + c] > W[i * k + best]) best = c;
    groups[best].push(i);
  }
  if (groups.some((group) => !group.length)) return Infinity;
  const point = new Float64Array(n * k);
  groups.forEach((group, c) => {
    const threshold = simplexThreshold(group.map((i) => W[i * k + c]));
    for (const i of group) point[i * k + c] = Math.max(W[i * k + c] + threshold, 0);
  });
  return norm(W.map((x, i) => x - point[i]));
}

/** Whether two points are one but for the order of neurons and inputs, as far as these tell:
 * their entries, and the norms of their rows and columns, in order of size. */
export function sameUpToOrder(A, B, n, k, tolerance) {
  const one = invariants(A, n, k);
  const other = invariants(B, n, k);
  return one.every((list, l) => list.every((x, i) => Math.abs(x - other[l][i]) <= tolerance));
}

function invariants(W, n, k) {
  const rows = new Float64Array(n);
  const columns = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    for (let c = 0; c < k; c++) {
      rows[i] += W[i * k + c] ** 2;
      columns[c] += W[i * k + c] ** 2;
    }
  }
  return [Float64Array.from(W).sort(), rows.map(Math.sqrt).sort(), columns.map(Math.sqrt).sort()];
}

/**
 * Where a descent ended, in the words of the table of fates: { landing, landingClass }.
 * `known` are the classes of its size: [{ id, W }].
 */
export function landingOf(descent, known, { globalDistance, tolerance }) {
  const { W, n, k } = descent;
  if (descent.stopReason === "below_threshold") {
    const near = distanceToGlobalMinima(W, n, k) < globalDistance;
    return { landing: near ? "global" : "unfinished", landingClass: -1 };
  }
  if (descent.stopReason !== "converged") return { landing: "unfinished", landingClass: -1 };
  const met = known.find((one) => sameUpToOrder(W, one.W, n, k, tolerance));
  return met ? { landing: "class", landingClass: met.id } : { landing: "new", landingClass: -1 };
}
