"""How smooth the loss is where no neuron is zero: Lemmas 1 and 18 of S21, tried point by point.

The Hessian is written with angles and normalised directions, which have no limits of their own
where neurons become parallel; that it has one there is what the lemmas say.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.objective import (
    angle,
    pair_hessian_first,
    pair_hessian_mixed,
    population_gradient,
    population_hessian,
)
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Smoothness


class Arrangement(StrEnum):
    """How the first student lies to the second, or to the first teacher."""

    GENERIC = "generic"
    PARALLEL = "parallel"
    ANTIPARALLEL = "antiparallel"
    ALONG_TEACHER = "along_teacher"
    AGAINST_TEACHER = "against_teacher"


def smoothness_records(k: int, settings: Smoothness) -> list[dict[str, Any]]:
    """Return what a step away from each arrangement changes, k teachers and k + 1 students.

    With a random unit displacement U, what is left of (grad F(W + h U) - grad F(W))/h beside H(W) U
    and of H(W + h U) beside H(W); F is twice continuously differentiable at W if both fall to zero
    with h. Draw r depends on (seed, k, r) alone.

    Args:
        k: teachers and inputs.
        settings: draws, steps h and the seed.

    Source: S21, Lemma 1.
    """
    teachers = np.eye(k)
    records = []
    for draw in range(settings.draws):
        for arrangement in Arrangement:
            generator = indexed_generator(settings.seed, k, draw)
            W = arranged(generator.normal(size=(k + 1, k)), arrangement)
            direction = generator.normal(size=W.shape)
            direction /= np.linalg.norm(direction)
            gradient, hessian = population_gradient(W, teachers), population_hessian(W, teachers)
            slope = (hessian @ direction.ravel()).reshape(W.shape)
            for step in settings.steps:
                moved = W + step * direction
                quotient = (population_gradient(moved, teachers) - gradient) / step
                change = population_hessian(moved, teachers) - hessian
                records.append(
                    {
                        "arrangement": arrangement.value,
                        "k": k,
                        "draw": draw,
                        "step": step,
                        "gradient_error": float(np.linalg.norm(quotient - slope)),
                        "hessian_change": float(np.linalg.norm(change)),
                    }
                )
    return records


def arranged(W: NDArray[np.float64], arrangement: Arrangement) -> NDArray[np.float64]:
    """Return W (n, k), n >= 2, with its first student moved into an arrangement."""
    first = {
        Arrangement.GENERIC: W[0],
        Arrangement.PARALLEL: 2.0 * W[1],
        Arrangement.ANTIPARALLEL: -0.5 * W[1],
        Arrangement.ALONG_TEACHER: 0.75 * np.eye(W.shape[1])[0],
        Arrangement.AGAINST_TEACHER: -0.75 * np.eye(W.shape[1])[0],
    }
    students: NDArray[np.float64] = np.vstack([first[arrangement][None], W[1:]])
    return students


def pair_limit_records(d: int, settings: Smoothness) -> list[dict[str, Any]]:
    """Return how far h1 and h2 are from their limits, next to parallel and antiparallel vectors.

    At the angle s from (anti)parallel the norm of h1(w, v) is sin s |v|/(2 pi |w|) times two, and
    h2(w, v) is (s + sin s)/(2 pi) away from I/2 or 0: both below s/pi times |v|/|w| or one.

    Args:
        d: inputs.
        settings: draws, the values of s and the seed.

    Source: S21, Lemma 18; the norms are derived here.
    """
    limits = {"parallel": 0.5 * np.eye(d), "antiparallel": np.zeros((d, d))}
    records = []
    for draw in range(settings.draws):
        w, aside = indexed_generator(settings.seed, d, draw).normal(size=(2, d))
        unit = w / np.linalg.norm(w)
        aside -= (aside @ unit) * unit
        aside /= np.linalg.norm(aside)
        for towards, sign in (("parallel", 1.0), ("antiparallel", -1.0)):
            for step in settings.steps:
                v = 2.0 * (sign * np.cos(step) * unit + np.sin(step) * aside)
                between = float(angle(w, v))
                distance = between if sign > 0 else np.pi - between
                mixed = pair_hessian_mixed(w, v) - limits[towards]
                records.append(
                    {
                        "towards": towards,
                        "d": d,
                        "draw": draw,
                        "step": step,
                        "angle": distance,
                        "ratio": float(np.linalg.norm(v) / np.linalg.norm(w)),
                        "first_norm": float(np.linalg.norm(pair_hessian_first(w, v), ord=2)),
                        "mixed_distance": float(np.linalg.norm(mixed, ord=2)),
                    }
                )
    return records
