// Descents as the run followed them, and where they land among its classes.

import { Descent, descentStart, landingOf, splitNeuron } from "./descent.js";
import { weightMatrix } from "./weights.js";

/** The classes of a size with their matrices. */
function knownClasses(data, k, n) {
  return data.classes.filter((entry) => entry.k === k && entry.n === n).map((entry) => ({ id: entry.id, W: weightMatrix(entry.weights).W }));
}

/** A descent as the run would have followed it, ready to go. */
export function descentFrom(data, entry, W, { neuron, alpha, sign }) {
  const { k } = entry;
  const n = entry.n + 1;
  const { descent: recipe } = data;
  const saddle = splitNeuron(W, entry.n, k, neuron, alpha);
  const { start, smallestEigenvalue } = descentStart(saddle, n, k, { displacement: recipe.displacement, aside: recipe.asides[`k${k}-n${n}`], sign });
  const descent = new Descent(start, n, k, {
    step: recipe.step[String(k)],
    measure: recipe.gradient_measure,
    tolerance: recipe.tolerance,
    globalLoss: recipe.global_loss,
    budget: recipe.iteration_budget,
  });
  return { descent, smallestEigenvalue };
}

/** Where a descent that has ended landed: { landing, entry }. */
export function landed(data, descent) {
  const { landing, landingClass } = landingOf(descent, knownClasses(data, descent.k, descent.n), {
    globalDistance: data.descent.global_distance,
    tolerance: data.descent.class_tolerance,
  });
  return { landing, entry: landing === "class" ? landingClass : null };
}
