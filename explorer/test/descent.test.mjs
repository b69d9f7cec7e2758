// Descents from split neurons land where the run recorded.

import assert from "node:assert/strict";
import test from "node:test";

import { symmetricEigen } from "../src/eigen.js";
import { hessian } from "../src/objective.js";
import { descentFrom, landed } from "../src/replay.js";
import { inOrder, rowClasses, weightMatrix } from "../src/weights.js";
import { dataOf } from "./pages.mjs";

const data = dataOf("quick.html");
const LARGEST_K = Number(process.env.LARGEST_K ?? 10); // a descent at k = 20 takes seconds

test("the spectrum of a class is that of the table", () => {
  for (const entry of data.classes.filter(({ k, n }) => k === 9 && n === 9)) {
    const { W, n, k } = weightMatrix(entry.weights);
    const recorded = entry.spectrum.flatMap(({ eigenvalue, multiplicity }) => Array(multiplicity).fill(eigenvalue));
    symmetricEigen(hessian(W, n, k), n * k).values.forEach((value, i) => assert.ok(Math.abs(value - recorded[i]) < 1e-7));
  }
});

test(`every recorded descent up to k = ${LARGEST_K} lands where it did`, (t) => {
  let followed = 0;
  const differ = [];
  for (const entry of data.classes.filter(({ k, splits }) => k <= LARGEST_K && splits.length)) {
    const matrix = weightMatrix(entry.weights);
    const W = inOrder(matrix, data.orders[entry.id]);
    const neurons = rowClasses(entry.weights, data.orders[entry.id]);
    for (const split of entry.splits) {
      const { descent } = descentFrom(data, entry, W, { ...split, neuron: neurons.indexOf(split.row) });
      descent.advance(Infinity);
      const found = landed(data, descent);
      followed += 1;
      if (found.landing !== split.landing || found.entry !== split.entry) differ.push(`${entry.id}, row ${split.row}, ${split.alpha}, ${split.sign}: ${found.landing} for ${split.landing}`);
      else if (split.landing !== "unfinished") assert.ok(Math.abs(descent.loss - split.loss) < 1e-9, `${entry.id}: ${descent.loss} for ${split.loss}`);
    }
  }
  t.diagnostic(`${followed} descents`);
  assert.ok(followed >= 50);
  assert.deepEqual(differ, []);
});
