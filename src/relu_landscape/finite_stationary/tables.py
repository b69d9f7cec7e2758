"""Result tables of stationary points on finite data."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import DrawCount, NeuronCount, RunCount, Weight
from relu_landscape.tables.schema import Unit, at_least, table

DataSet = Annotated[str, "Data set of published/wu2025_data_sets.csv."]
Run = Annotated[int, at_least(0), "Run, counted from 0."]
MeanSquare = Annotated[float, Unit("mean squared error (without the factor 1/2)")]
Iterations = Annotated[int, Unit("iterations"), at_least(0)]
Line = Annotated[
    int, at_least(0), "Line of its certificate in finite_points/wu2025.jsonl; 0 if there is none."
]
Place = Annotated[int, at_least(0), "Point, counted from 0 as the loss falls."]
Decision = Literal["yes", "no", "undecided"]
LocalMinimum = Annotated[
    Decision,
    "Whether it is a local minimum: undecided where each escape neuron has outputs that are not "
    "all zero, of which nothing is known.",
]
ExactLoss = Annotated[str, "The loss, as a number of fractions and roots."]


@table(key=("data_set", "run", "iteration"), version=1)
class FiniteLosses:
    """One row a check of a run."""

    data_set: DataSet
    run: Run
    iteration: Annotated[Iterations, "Iteration of gradient descent."]
    time: Annotated[
        float, Unit("step times iterations"), at_least(0), "Time of the gradient flow followed."
    ]
    loss: Annotated[MeanSquare, at_least(0), "Loss."]
    weight_norm: Annotated[Weight, at_least(0), "Frobenius norm of all w_i."]
    output_norm: Annotated[Weight, at_least(0), "Frobenius norm of all h_i."]


@table(key=("data_set", "place"), version=2)
class FinitePoints:
    """One row a stationary point next to which runs stay, with one neuron that is zero."""

    data_set: DataSet
    place: Place
    loss: Annotated[MeanSquare, at_least(0), "Loss of the point."]
    exact_loss: ExactLoss
    neurons: Annotated[NeuronCount, "Neurons that are not zero, one of each pattern."]
    escape_neurons: Annotated[NeuronCount, "Escape neurons, the one that is zero among them."]
    local_minimum: LocalMinimum
    runs: Annotated[RunCount, at_least(1), "Runs that stay with these neurons."]
    stay: Annotated[Iterations, "The longest stay of them."]
    run_loss: Annotated[
        MeanSquare, at_least(0), "Loss where it falls slowest in any of these stays."
    ]
    line: Line


@table(key=("data_set", "place", "neuron"), version=1)
class FiniteNeurons:
    """One row a neuron of a stationary point, rounded; its exact numbers are in the certificate."""

    data_set: DataSet
    place: Place
    neuron: Annotated[int, at_least(0), "Neuron, counted from 0; the last one is zero."]
    pattern: Annotated[str, "Of each sample the sign of w.x: +, - or 0."]
    weight_1: Annotated[Weight, "First entry of w."]
    weight_2: Annotated[Weight, "Second entry of w."]
    weight_3: Annotated[Weight | None, "Third entry of w."]
    output_1: Annotated[Weight, "First entry of h."]
    output_2: Annotated[Weight | None, "Second entry of h."]


@table(key=("data_set", "run"), version=2)
class FiniteEnds:
    """One row the end of a run, and the exact network next to it with all neurons."""

    data_set: DataSet
    run: Run
    run_loss: Annotated[MeanSquare, at_least(0), "Loss of the last iteration."]
    loss: Annotated[MeanSquare, at_least(0), "Loss of the exact network."]
    exact_loss: ExactLoss
    largest_move: Annotated[Weight, at_least(0), "Largest difference of a weight of the two."]
    stationary: Annotated[bool, "Whether it is stationary in all directions."]
    escape_neurons: Annotated[NeuronCount, "Escape neurons."]
    local_minimum: LocalMinimum
    radius: Annotated[
        float | None,
        Unit("weight"),
        "A change of every weight by so much or less does not make the loss smaller; empty if it "
        "is no minimum.",
    ]
    live: Annotated[NeuronCount, "Neurons that meet a sample."]
    dead: Annotated[NeuronCount, "Neurons that meet none."]
    imbalance: Annotated[
        float,
        at_least(0),
        "Largest ||w_i|^2 - |h_i|^2| at the end, in units of the largest |w_i|^2.",
    ]
    least_ratio: Annotated[
        float, at_least(0), "Smallest |w_i|/|h_i| of a neuron that grows, over all checks."
    ]
    largest_ratio: Annotated[
        float, at_least(0), "Largest |w_i|/|h_i| of a neuron that grows, over all checks."
    ]
    line: Line


@table(key=("data_set", "run", "way"), version=1)
class FinitePerturbations:
    """One row random changes of all weights of live neurons of an exact network at an end."""

    data_set: DataSet
    run: Run
    way: Annotated[
        Literal["walk", "independent"],
        "Each change is added to those before it, as published; or is taken by itself.",
    ]
    draws: Annotated[DrawCount, at_least(1), "Random changes."]
    amplitude: Annotated[Weight, at_least(0), "Largest change of a weight in one of them."]
    smallest_change: Annotated[MeanSquare, "Smallest change of the loss."]
    largest_change: Annotated[MeanSquare, "Largest change of the loss."]
    lower: Annotated[DrawCount, "Networks with a smaller loss."]
    farthest: Annotated[Weight, at_least(0), "Largest difference of a weight from the end."]


@table(key=("line",), version=1)
class FiniteCertificateChecks:
    """One row a certificate of a point, proved again by its checker."""

    line: Annotated[int, at_least(1), "Line of finite_points/wu2025.jsonl."]
    accepted: Annotated[bool, "Whether the checker accepts it; a refusal fails the run."]
    says: Annotated[str, "What it then says that the line proves."]
