// The places that a family has along k: where it was solved, its threshold, and infinity; and what
// is known there.

import { short, size } from "./numbers.js";
import { PROOFS } from "./palette.js";

export const INFINITY_AT = 1e9; // where infinity stands on the axis

/** k on an axis of logarithms. */
export function xOf(k) {
  return k === Infinity ? INFINITY_AT : k;
}

/**
 * Places of a slider, in order of k: where the family was solved, and where a theorem says what they
 * are its threshold and infinity. `at` is their name in the address.
 */
export function stopsOf({ points, theorem }) {
  const stops = points.map((point) => ({ at: String(point.k), k: point.k, point }));
  if (!theorem) return stops;
  const threshold = theorem.bounds?.threshold;
  const first = threshold ? [{ at: "threshold", k: threshold.lower, point: null }] : [];
  return [...first, ...stops].sort((a, b) => a.k - b.k).concat({ at: "inf", k: Infinity, point: null });
}

/** k of a place, as text. */
export function kText({ at, k }) {
  return at === "threshold" ? `${short(k, 7)} (threshold)` : size(k);
}

/** Where a stop stands on the slider: log10 k. */
export function placeOf({ k }) {
  return Math.log10(xOf(k));
}

/** Which stop is nearest to a place of the slider. */
export function nearest(stops, place) {
  const apart = stops.map((stop) => Math.abs(placeOf(stop) - place));
  return apart.indexOf(Math.min(...apart));
}

/** What is proved of a family at one k, in words. */
export function proofAt({ theorem }, { k, point }) {
  const said = [];
  if (point) {
    const where = point.certificate ? ` (${point.certificate.file}, line ${point.certificate.line})` : "";
    said.push(`at this k: ${PROOFS[point.proved]}${where}`);
  }
  if (k === theorem?.bounds?.threshold?.lower) {
    said.push(`the theorem encloses where it becomes a minimum (${theorem.certificate.file})`);
  } else if (theorem && k >= theorem.least_k) {
    said.push(`a theorem covers every real k from ${short(theorem.least_k, 8)} to infinity`);
  } else if (theorem) {
    said.push(`the theorem for every k begins at ${short(theorem.least_k, 8)}`);
  }
  return said.join("; ");
}

/** Loss of a family at infinity as the theorem's series encloses it. */
export function limitOf(theorem) {
  const first = theorem.series.find(({ power }) => power === 0);
  return first ? { loss: first.lower <= 0 && first.upper >= 0 ? 0 : first.lower } : null;
}

/** The series of the loss in h, as far as it is known. */
export function seriesText({ series }) {
  const terms = series
    .filter(({ lower, upper }) => !(lower <= 0 && upper >= 0))
    .map(({ power, lower }) => `${lower < 0 ? "− " : "+ "}${short(Math.abs(lower), 6)}${power === 0 ? "" : power === 1 ? " h" : ` h${"⁰¹²³⁴⁵⁶⁷⁸⁹"[power]}`}`);
  return `${terms.join(" ").replace(/^\+ /, "")} + …, h = 1/√k`;
}

/** The piece of the proof that reaches to infinity. */
export function lastPiece(theorem) {
  return theorem.pieces.find(({ largest_k: largest }) => largest === null) ?? null;
}

/** The loss at infinity as text. */
export function lossAtInfinity(theorem) {
  const limit = limitOf(theorem);
  return limit ? `${short(limit.loss, 9)} (limit)` : "–";
}
