// Points, families and verdicts as a later study may add them: no list names it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { command } from "../src/commands.js";
import { fails, readData } from "../src/data.js";
import { casesLeft, hiddenCases } from "../src/filters.js";
import { DEFAULTS } from "../src/state.js";

const point = (family, k, n) => ({ id: `${family}-k${k}-n${n}`, kind: "family_point", family, k, n, loss: 0, proved: "proved", certificate: null, pieces: [] });

function dataOfEntries(entries, cases = []) {
  const columns = (records) => ({ columns: Object.keys(records[0] ?? {}), nested: {}, rows: records.map((one) => Object.values(one)) });
  return readData({ format: 1, entries: columns(entries), lists: [], says: [], cases: columns(cases), claims: {} });
}

test("a family that the library solves by its name is solved; of another the run is asked", () => {
  assert.match(command("quick", point("II_1", 13, 14)), /solve\('II', 13, m=1, extra=1\)/);
  assert.match(command("quick", point("A", 13, 13)), /solve\('A', 13\)/);
  const other = "snakemake --cores all --configfile config/quick.yaml -- results/quick/catalogue/catalogue_entries.json";
  for (const family of ["copy_average", "A_B", "III_1"]) assert.equal(command("quick", point(family, 8, 8)), other);
});

test("families with fewer students than teachers have names and places", () => {
  const { families } = dataOfEntries([point("copy", 8, 4), point("copy", 8, 8), point("copy", 8, 9), point("copy", 6, 2)]);
  assert.deepEqual([...families.keys()], ["copy, n = k − 4", "copy", "copy, n = k + 1"]);
  assert.deepEqual(families.get("copy, n = k − 4").points.map(({ k }) => k), [6, 8]);
});

const verdict = (id, changes) => ({ id, claim: id, case: {}, verdict: "consistent", ledger: "papers", paper: "P", statement: "", where: "", note: "", evidence: [], ...changes });
const CASES = [
  verdict("one", { case: { k: 13, n: 13 } }),
  verdict("everywhere", { verdict: "refuted", sizes: { "k5-n5": {}, "k13-n13": {} } }),
  verdict("elsewhere", { verdict: "deviates", sizes: { "k1-n3": {}, "k13-n1": {} }, ledger: "own_results" }),
  verdict("of an older page", { verdict: "refuted" }),
];
const left = (changes) => casesLeft(CASES, { ...DEFAULTS, ...changes }, fails).map(({ id }) => id);

test("a verdict is about the sizes that its case or its tables name", () => {
  assert.deepEqual(left({ k: "13", n: "13" }), ["one", "everywhere"]);
  assert.deepEqual(left({ k: "13" }), ["one", "everywhere", "elsewhere"]);
  assert.deepEqual(left({ n: "3" }), ["elsewhere"]);
  assert.deepEqual(left({ k: "13", n: "13", verdict: "fails" }), ["everywhere"]);
});

test("where nothing is left each filter says what it hides", () => {
  const state = { ...DEFAULTS, k: "5", n: "5", verdict: "deviates", ledger: "papers" };
  assert.deepEqual(casesLeft(CASES, state, fails), []);
  assert.deepEqual(hiddenCases(CASES, state, fails), [{ name: "verdict", without: { verdict: "" }, count: 1 }]);
  const other = { ...state, ledger: "own_results" };
  assert.deepEqual(hiddenCases(CASES, other, fails).map(({ name, count }) => [name, count]), [["k and n", 1]]);
});
