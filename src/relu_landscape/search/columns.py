"""Products, sums and transposes of matrices of doubles whose rows are vectors of eight.

Beside the operations of `lanes`, for matrices of one restart: the eight lanes are eight columns. A
matrix has rows of whole vectors, flat in one aligned array. Every sum has one order, whatever the
processor.
"""

# Parameters of intrinsics are named for numba, which matches them by name.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from relu_landscape.search.lanes import (
    LANES,
    VECTOR,
    emit_call,
    emit_load,
    emit_store,
)

PANEL_ROWS = 4
PANEL_VECTORS = 5  # 20 sums, 5 factors and one spread entry, of 32 registers

_INDEX = ir.IntType(32)


def _shuffled(builder: Any, a: Any, b: Any, chosen: list[int]) -> Any:
    mask = ir.Constant(ir.VectorType(_INDEX, LANES), chosen)
    return builder.shuffle_vector(a, b, mask)


def _spread_entry(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Entry number `index` of a flat array, in every lane."""
    data = context.make_array(array_type)(context, builder, array).data
    undefined = ir.Constant(VECTOR, ir.Undefined)
    one = builder.insert_element(
        undefined, builder.load(builder.gep(data, [index])), ir.Constant(_INDEX, 0)
    )
    return _shuffled(builder, one, undefined, [0] * LANES)


@intrinsic
def total(typingctx, a):
    """Sum of the lanes of a, in pairs."""

    def codegen(context, builder, signature, args):
        value = args[0]
        for half in (4, 2, 1):
            other = _shuffled(builder, value, value, [(i + half) % LANES for i in range(LANES)])
            value = builder.fadd(value, other)
        return builder.extract_element(value, ir.Constant(_INDEX, 0))

    return types.float64(a), codegen


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
def transpose_block(typingctx, source, source_start, source_row, target, target_start, target_row):
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
            rows = _interleaved(builder, rows, span)
        for p, row in enumerate(rows):
            at = position(target_start, target_row, p)
            emit_store(context, builder, sig.args[3], target, at, row)
        return context.get_dummy_value()

    return signature, codegen


def _panel_product(vectors: int) -> Callable[..., None]:
    """The product of PANEL_ROWS rows and `vectors` vectors of columns, kept in registers."""

    @intrinsic
    def add_product(
        typingctx, x, x_start, x_row, y, y_start, y_row, inner, out, out_start, out_row
    ):
        """out[p, q] += sum_r x[p, r] y[r, q] for r < inner.

        x[p, r] is the double x_start + p x_row + r; y[r, q] the vector y_start + r y_row + q;
        out[p, q] the vector out_start + p out_row + q.
        """
        intp = types.intp
        signature = types.void(x, intp, intp, y, intp, intp, intp, out, intp, intp)

        def codegen(context, builder, sig, args):
            x, x_start, x_row, y, y_start, y_row, inner, out, out_start, out_row = args
            rows, columns = range(PANEL_ROWS), range(vectors)

            def position(start, stride, count):
                return builder.add(start, builder.mul(stride, stride.type(count)))

            targets = [
                [builder.add(position(out_start, out_row, p), out_row.type(q)) for q in columns]
                for p in rows
            ]
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in columns] for _ in rows]
            for p in rows:
                for q in columns:
                    first = emit_load(context, builder, sig.args[7], out, targets[p][q])
                    builder.store(first, sums[p][q])
            with cgutils.for_range(builder, inner) as loop:
                start = builder.add(y_start, builder.mul(loop.index, y_row))
                factors = [
                    emit_load(context, builder, sig.args[3], y, builder.add(start, start.type(q)))
                    for q in columns
                ]
                for p in rows:
                    at = builder.add(position(x_start, x_row, p), loop.index)
                    entry = _spread_entry(context, builder, sig.args[0], x, at)
                    for q in columns:
                        term = [entry, factors[q], builder.load(sums[p][q])]
                        builder.store(emit_call(builder, "fma", term), sums[p][q])
            for p in rows:
                for q in columns:
                    value = builder.load(sums[p][q])
                    emit_store(context, builder, sig.args[7], out, targets[p][q], value)
            return context.get_dummy_value()

        return signature, codegen

    product: Callable[..., None] = add_product
    return product


_product_1, _product_2, _product_3, _product_4, _product_5 = (
    _panel_product(vectors) for vectors in range(1, PANEL_VECTORS + 1)
)


@njit(error_model="numpy")
def add_panel(x, x_start, x_row, y, y_row, inner, out, out_start, out_row, vectors):
    """out[p, q] += sum_r x[p, r] y[r, q] for PANEL_ROWS rows p, all q < vectors, r < inner.

    Positions in x are counted in doubles, those in y and out in vectors. The columns are cut into
    parts of nearly equal width, so that no part is left with too few sums to keep the processor
    busy.
    """
    parts = -(-vectors // PANEL_VECTORS)
    first = 0
    for part in range(parts):
        width = (vectors - first) // (parts - part)
        at = out_start + first
        if width == 5:
            _product_5(x, x_start, x_row, y, first, y_row, inner, out, at, out_row)
        elif width == 4:
            _product_4(x, x_start, x_row, y, first, y_row, inner, out, at, out_row)
        elif width == 3:
            _product_3(x, x_start, x_row, y, first, y_row, inner, out, at, out_row)
        elif width == 2:
            _product_2(x, x_start, x_row, y, first, y_row, inner, out, at, out_row)
        else:
            _product_1(x, x_start, x_row, y, first, y_row, inner, out, at, out_row)
        first += width
