"""Steps of gradient descent in both layers on finite data.

Neurons near a hyperplane w.x_s = 0 jump from one side to the other, so that a last bit decides
which way: sums are written out, in an order that no processor and no library changes.
"""

from __future__ import annotations

import numpy as np

from relu_landscape.compiling import compiled_and_kept


@compiled_and_kept(error_model="numpy")
def take_steps(weights, outputs, inputs, targets, factor, steps):
    """Take steps of a run, in place: W <- W - factor sum_s (h_i.e_s) x_s, and H likewise, at once.

    Args:
        weights, outputs: (n, d) and (n, outputs); changed in place.
        inputs, targets: (S, d) and (S, outputs).
        factor: step size times 2, over samples times outputs.
        steps: how many.
    """
    n, d = weights.shape
    samples, q = targets.shape
    z, errors = np.empty((n, samples)), np.empty((samples, q))
    by_weights, by_outputs = np.empty(d), np.empty(q)
    for _ in range(steps):
        for s in range(samples):
            for o in range(q):
                errors[s, o] = -targets[s, o]
        for i in range(n):
            for s in range(samples):
                total = 0.0
                for j in range(d):
                    total += weights[i, j] * inputs[s, j]
                z[i, s] = total
                if total > 0.0:
                    for o in range(q):
                        errors[s, o] += total * outputs[i, o]
        for i in range(n):
            by_weights[:] = 0.0
            by_outputs[:] = 0.0
            for s in range(samples):
                if z[i, s] > 0.0:
                    pull = 0.0
                    for o in range(q):
                        pull += outputs[i, o] * errors[s, o]
                        by_outputs[o] += z[i, s] * errors[s, o]
                    for j in range(d):
                        by_weights[j] += pull * inputs[s, j]
            for j in range(d):
                weights[i, j] -= factor * by_weights[j]
            for o in range(q):
                outputs[i, o] -= factor * by_outputs[o]
