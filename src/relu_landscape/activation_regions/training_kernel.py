"""Steps of gradient descent in the first layer, counting the activation regions that they cross."""

from __future__ import annotations

import numpy as np

from relu_landscape.compiling import compiled_and_kept


@compiled_and_kept(error_model="numpy")
def descend(weights, points, labels, signs, active, step, iterations, zero_loss, settled):
    """Take steps until the loss or the gradient vanishes or the iterations are used up.

    Loss: 1/2 sum_i (F(x_i) - y_i)^2 with F(x) = sum_j v_j relu(<w_j, x>).

    Args:
        weights: (d, d1), columns are neurons; changed in place.
        points: (n, d).
        labels: y, (n,).
        signs: v, (d1,).
        active: (n, d1), activation pattern at the weights; changed in place.
        step: step size.
        iterations: largest number of steps.
        zero_loss: loss at which to stop.
        settled: gradient norm at which to stop; beyond it rounding alone flips signs.

    Returns:
        Steps taken, loss and gradient norm at the weights returned, steps that changed the pattern,
        and entries of the pattern that changed.
    """
    d, d1 = weights.shape
    gradient = np.empty((d, d1))
    sums = np.empty(d1)
    taken, crossings, flips = 0, 0, 0
    while True:
        gradient[:] = 0.0
        loss, changed = 0.0, 0
        for i in range(points.shape[0]):
            sums[:] = 0.0
            for c in range(d):
                x = points[i, c]
                for j in range(d1):
                    sums[j] += x * weights[c, j]
            residual = -labels[i]
            for j in range(d1):
                on = sums[j] > 0.0
                changed += on != active[i, j]
                active[i, j] = on
                residual += signs[j] * sums[j] if on else 0.0
            loss += 0.5 * residual * residual
            for c in range(d):
                factor = residual * points[i, c]
                for j in range(d1):
                    gradient[c, j] += factor * signs[j] if active[i, j] else 0.0
        crossings += changed > 0
        flips += changed
        norm = np.sqrt((gradient * gradient).sum())
        if taken == iterations or loss <= zero_loss or norm <= settled:
            return taken, loss, norm, crossings, flips
        for c in range(d):
            for j in range(d1):
                weights[c, j] -= step * gradient[c, j]
        taken += 1
