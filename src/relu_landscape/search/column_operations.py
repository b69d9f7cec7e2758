"""Products, sums and transposes of matrices of doubles whose rows are vectors.

Beside the operations of `lanes`, for matrices of one restart: the lanes are columns. A matrix has
rows of whole blocks, flat in one aligned array. Every sum has one order, whatever the processor.
"""

# Parameters of intrinsics are named for numba, which matches them by name.
# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from relu_landscape.search.lanes import (
    BLOCK,
    LANES,
    block,
    borrowing,
    emit_call,
    emit_load,
    emit_rolled_loop,
    emit_spread,
    emit_store,
    lanes,
)
from relu_landscape.search.registers import REGISTERS

PANEL_ROWS = 4
# 20 sums, 5 factors and one spread entry of 32 registers, or 12, 3 and one of 16.
PANEL_VECTORS = 5 if REGISTERS.number == 32 else 3

_INDEX = ir.IntType(32)


def _shuffled(builder: Any, a: Any, b: Any, chosen: list[int]) -> Any:
    mask = ir.Constant(ir.VectorType(_INDEX, len(chosen)), chosen)
    return builder.shuffle_vector(a, b, mask)


def _spread_entry(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Entry number `index` of a flat array, in every lane."""
    data = context.make_array(array_type)(context, builder, array).data
    return emit_spread(builder, builder.load(builder.gep(data, [index])))


@intrinsic
def total(typingctx, a):
    """Sum of the lanes of a block, in pairs."""

    def codegen(context, builder, signature, args):
        value = args[0]
        for half in (4, 2, 1):
            other = _shuffled(builder, value, value, [(i + half) % BLOCK for i in range(BLOCK)])
            value = builder.fadd(value, other)
        return builder.extract_element(value, ir.Constant(_INDEX, 0))

    return types.float64(block), codegen


def _interleaved(builder: Any, rows: list[Any], span: int) -> list[Any]:
    """One stage of a transpose: swap the off-diagonal blocks of size `span`."""
    out = list(rows)
    for p in range(LANES):
        if p & span:
            continue
        q = p + span
        low = [i if not i & span else LANES + i - span for i in range(LANES)]
        high = [i + span if not i & span else LANES + i for i in range(LANES)]
        out[p] = _shuffled(builder, rows[p], rows[q], low)
        out[q] = _shuffled(builder, rows[p], rows[q], high)
    return out


@intrinsic
def transpose_square(typingctx, source, source_start, source_row, target, target_start, target_row):
    """Write the transpose of LANES rows of one vector each; positions and strides in vectors."""
    intp = types.intp
    signature = types.void(source, intp, intp, target, intp, intp)

    def codegen(context, builder, sig, args):
        source, source_start, source_row, target, target_start, target_row = args

        def position(start, stride, count):
            return builder.add(start, builder.mul(stride, stride.type(count)))

        rows = [
            emit_load(context, builder, sig.args[0], source, position(source_start, source_row, p))
            for p in range(LANES)
        ]
        for span in (4, 2, 1):
            if span < LANES:
                rows = _interleaved(builder, rows, span)
        for p, row in enumerate(rows):
            at = position(target_start, target_row, p)
            emit_store(context, builder, sig.args[3], target, at, row)
        return context.get_dummy_value()

    return signature, codegen


def _emit_panel(context: Any, builder: Any, sig: Any, args: Any, vectors: int) -> None:
    """Emit `add_panel` for this number of vectors, whose sums stay in registers."""
    x, x_start, x_row, y, y_start, y_row, inner, out, out_start, out_row, _ = args
    rows, columns = range(PANEL_ROWS), range(vectors)

    def position(start: Any, stride: Any, count: int) -> Any:
        return builder.add(start, builder.mul(stride, stride.type(count)))

    targets = [
        [builder.add(position(out_start, out_row, p), out_row.type(q)) for q in columns]
        for p in rows
    ]
    sums = [[cgutils.alloca_once(builder, lanes.vector) for _ in columns] for _ in rows]
    for p in rows:
        for q in columns:
            first = emit_load(context, builder, sig.args[7], out, targets[p][q])
            builder.store(first, sums[p][q])
    with emit_rolled_loop(builder, inner) as r:
        start = builder.add(y_start, builder.mul(r, y_row))
        factors = [
            emit_load(context, builder, sig.args[3], y, builder.add(start, start.type(q)))
            for q in columns
        ]
        for p in rows:
            at = builder.add(position(x_start, x_row, p), r)
            entry = _spread_entry(context, builder, sig.args[0], x, at)
            for q in columns:
                term = [entry, factors[q], builder.load(sums[p][q])]
                builder.store(emit_call(builder, "fma", term), sums[p][q])
    for p in rows:
        for q in columns:
            value = builder.load(sums[p][q])
            emit_store(context, builder, sig.args[7], out, targets[p][q], value)


@intrinsic
def add_panel(typingctx, x, x_start, x_row, y, y_start, y_row, inner, out, out_start, out_row, n):
    """out[p, q] += sum_r x[p, r] y[r, q] for PANEL_ROWS rows p, q < n <= PANEL_VECTORS, r < inner.

    x[p, r] is the double x_start + p x_row + r; y[r, q] the vector y_start + r y_row + q;
    out[p, q] the vector out_start + p out_row + q.
    """
    intp = types.intp
    signature = types.void(x, intp, intp, y, intp, intp, intp, out, intp, intp, intp)

    def codegen(context, builder, sig, args):
        for vectors in range(1, PANEL_VECTORS + 1):
            with builder.if_then(builder.icmp_signed("==", args[-1], args[-1].type(vectors))):
                _emit_panel(context, builder, sig, args, vectors)
        return context.get_dummy_value()

    return signature, codegen


@borrowing
def next_part(first, vectors):
    """Width of the panel that begins with vector `first` of so many.

    The widths are nearly equal, so that no panel is left with too few sums to keep the processor
    busy.
    """
    left = vectors - first
    return left // -(-left // PANEL_VECTORS)


@borrowing
def add_product(x, x_row, y, y_row, inner, out, out_row, rows, vectors):
    """out[p, q] += sum_r x[p, r] y[r, q] for p < rows (in whole panels), q < vectors, r < inner.

    x_row is counted in doubles, y_row and out_row in vectors. A panel of y serves all rows before
    the next one is loaded.
    """
    first = 0
    while first < vectors:
        width = next_part(first, vectors)
        for i in range(0, rows, PANEL_ROWS):
            add_panel(
                x, i * x_row, x_row, y, first, y_row, inner,
                out, i * out_row + first, out_row, width,
            )  # fmt: skip
        first += width
