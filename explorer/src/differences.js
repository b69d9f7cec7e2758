// What differs between the data of two runs.

import { runsOf } from "./data.js";

const SAME_LOSS = 1e-8; // classes of one size and isotropy closer than this in loss are one
const SAME_LEVEL = 1e-3; // a probability below this is no accident of the draw of restarts

/** Differences as rows { what, name, here, there }. */
export function differences(here, there) {
  return [...verdictsThatDiffer(here, there), ...classesThatDiffer(here, there), ...familiesThatDiffer(here, there)];
}

function verdictsThatDiffer(here, there) {
  const ids = new Set([...here.caseById.keys(), ...there.caseById.keys()]);
  const said = (data, id) => data.caseById.get(id)?.verdict ?? "no such claim";
  // First those that both runs have judged.
  const unjudged = (id) => [here, there].some((data) => ["not run", "no such claim"].includes(said(data, id)));
  return [...ids]
    .filter((id) => said(here, id) !== said(there, id))
    .sort((one, other) => unjudged(one) - unjudged(other))
    .map((id) => ({ what: "verdict", name: id, here: said(here, id), there: said(there, id) }));
}

function classesThatDiffer(here, there) {
  const rows = [];
  const sizes = new Set([...here.classes, ...there.classes].map(sizeOf));
  for (const size of sizes) {
    const [own, other] = [here, there].map((data) => data.classes.filter((entry) => sizeOf(entry) === size));
    if (!own.length || !other.length) {
      rows.push({ what: "size", name: size, here: own.length ? `${own.length} classes` : "not classified", there: other.length ? `${other.length} classes` : "not classified" });
      continue;
    }
    const left = [...other];
    for (const entry of own) {
      const at = left.findIndex((one) => one.isotropy === entry.isotropy && Math.abs(one.loss - entry.loss) <= SAME_LOSS);
      if (at < 0) rows.push({ what: "class", name: entry.id, here: `${runsOf(entry)} of ${total(own)} runs`, there: `met by none of ${total(other)} runs` });
      else rows.push(...withinClass(entry, left.splice(at, 1)[0], total(own), total(other)));
    }
    for (const entry of left) {
      rows.push({ what: "class", name: entry.id, here: `met by none of ${total(own)} runs`, there: `${runsOf(entry)} of ${total(other)} runs` });
    }
  }
  return rows;
}

function withinClass(own, other, ownRuns, otherRuns) {
  const rows = [];
  for (const name of ["nature", "proved", "family"]) {
    if (own[name] !== other[name]) rows.push({ what: name, name: own.id, here: own[name] ?? "none", there: other[name] ?? "none" });
  }
  const probability = sameShare(runsOf(own), ownRuns, runsOf(other), otherRuns);
  if (probability < SAME_LEVEL) {
    const share = (entry, runs) => `${((100 * runsOf(entry)) / runs).toFixed(1)} % of ${runs} runs`;
    rows.push({ what: "share of runs", name: own.id, here: share(own, ownRuns), there: share(other, otherRuns) });
  }
  return rows;
}

function familiesThatDiffer(here, there) {
  const rows = [];
  for (const id of here.byId.keys()) {
    const [own, other] = [here.byId.get(id), there.byId.get(id)];
    if (own.kind !== "class" && other && own.proved !== other.proved) {
      rows.push({ what: "proof of a family or theorem", name: id, here: own.proved, there: other.proved });
    }
  }
  for (const name of new Set([...here.families.keys(), ...there.families.keys()])) {
    const [own, other] = [here, there].map((data) => (data.families.get(name)?.points ?? []).map(({ k }) => k));
    if (own.join() !== other.join()) rows.push({ what: "values of k", name, here: valuesOf(own), there: valuesOf(other) });
  }
  return rows;
}

function valuesOf(ks) {
  return ks.length ? `${ks.length}, from ${ks[0]} to ${ks[ks.length - 1]}` : "none";
}

function sizeOf({ k, n }) {
  return `k = ${k}, n = ${n}`;
}

function total(entries) {
  return entries.reduce((sum, entry) => sum + runsOf(entry), 0);
}

/** Two-sided probability, by the normal law, of shares a/n and b/m so far apart if they are one. */
export function sameShare(a, n, b, m) {
  const pooled = (a + b) / (n + m);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return spread === 0 ? 1 : complementaryError(Math.abs(a / n - b / m) / spread / Math.SQRT2);
}

/** erfc(x), x >= 0, to 1.2e-7 of itself (a Chebyshev fit). */
function complementaryError(x) {
  const t = 1 / (1 + x / 2);
  const powers = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  return t * Math.exp(-x * x + powers.reduceRight((value, coefficient) => value * t + coefficient, 0));
}
