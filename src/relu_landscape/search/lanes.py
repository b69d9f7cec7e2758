"""Vectors of eight doubles inside numba code.

Every operation acts lane by lane and is correctly rounded by IEEE 754 (add, multiply, fused
multiply-add, divide, square root, select), so a lane's bits depend on that lane alone, and the same
program gives the same bits on any processor with a fused multiply-add.
"""

# Parameters of overloads and intrinsics are named for numba, which matches them by name.
# ruff: noqa: ARG001

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model
from numpy.typing import NDArray

LANES = 8  # one AVX-512 register; narrower machines take two or four registers a vector
TILE = 4  # rows and columns of a product kept in registers: 16 sums and 8 factors of 32 registers
ALIGNMENT = 8 * LANES  # bytes

VECTOR = ir.VectorType(ir.DoubleType(), LANES)


def aligned_vectors(count: int) -> NDArray[np.float64]:
    """Flat zeros for `count` vectors, starting at a multiple of ALIGNMENT bytes."""
    raw = np.zeros(count * LANES + LANES)
    first = (-raw.ctypes.data % ALIGNMENT) // raw.itemsize
    return raw[first : first + count * LANES]


def require_compiler() -> None:
    """Refuse to go on where numba is told not to compile: intrinsics exist in compiled code only.

    Raises:
        RuntimeError: NUMBA_DISABLE_JIT is set.
    """
    if config.DISABLE_JIT:
        raise RuntimeError(
            "NUMBA_DISABLE_JIT is set, and gradient descent is written for the vectors that only "
            "compiled code has: unset it; losses, gradients and Hessians do without"
        )


class LanesType(types.Type):
    """The numba type of a vector of LANES doubles."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes = LanesType()


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """A vector lives in a register: its model is the LLVM vector itself."""

    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, VECTOR)


def _address(context: Any, builder: Any, array_type: Any, array: Any, vector_index: Any) -> Any:
    """Address of vector number `vector_index` of a flat float64 array."""
    data = context.make_array(array_type)(context, builder, array).data
    element = builder.mul(vector_index, vector_index.type(LANES))
    return builder.bitcast(builder.gep(data, [element]), VECTOR.as_pointer())


def emit_load(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Emit the load of vector number `index` of a flat, aligned array."""
    value = builder.load(_address(context, builder, array_type, array, index))
    value.align = ALIGNMENT
    return value


def emit_store(
    context: Any, builder: Any, array_type: Any, array: Any, index: Any, value: Any
) -> None:
    """Emit the store of `value` as vector number `index` of a flat, aligned array."""
    builder.store(value, _address(context, builder, array_type, array, index)).align = ALIGNMENT


def emit_call(builder: Any, name: str, arguments: list[Any]) -> Any:
    """Emit a call of the LLVM vector intrinsic `name`, for example llvm.fma.v8f64."""
    signature = ir.FunctionType(VECTOR, [VECTOR] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, signature, f"llvm.{name}.v{LANES}f64")
    return builder.call(function, arguments)


@intrinsic
def load(typingctx, array, index):
    """Vector number `index` of a flat, aligned array."""

    def codegen(context, builder, signature, args):
        return emit_load(context, builder, signature.args[0], args[0], args[1])

    return lanes(array, types.intp), codegen


@intrinsic
def store(typingctx, array, index, value):
    """Write vector number `index` of a flat, aligned array."""

    def codegen(context, builder, signature, args):
        emit_store(context, builder, signature.args[0], args[0], args[1], args[2])
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), codegen


@intrinsic
def spread(typingctx, value):
    """The vector with `value` in every lane."""

    def codegen(context, builder, signature, args):
        undefined = ir.Constant(VECTOR, ir.Undefined)
        one = builder.insert_element(undefined, args[0], ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(one, undefined, zeros)

    return lanes(types.float64), codegen


@intrinsic
def fma(typingctx, a, b, c):
    """a b + c, rounded once."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "fma", list(args))

    return lanes(a, b, c), codegen


@intrinsic
def sqrt(typingctx, a):
    """Square root of every lane."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "sqrt", list(args))

    return lanes(a), codegen


@intrinsic
def magnitude(typingctx, a):
    """Absolute value of every lane."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "fabs", list(args))

    return lanes(a), codegen


@intrinsic
def where_less(typingctx, a, b, if_less, otherwise):
    """`if_less` in the lanes where a < b, `otherwise` in the rest (and where a or b is NaN)."""

    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return lanes(a, b, if_less, otherwise), codegen


def _define_operator(symbol: Any, instruction: str) -> None:
    """Let `symbol` (such as operator.add) act on two vectors by an LLVM instruction."""

    @intrinsic
    def lanewise(typingctx, a, b):
        def codegen(context, builder, signature, args):
            return getattr(builder, instruction)(args[0], args[1])

        return lanes(a, b), codegen

    @overload(symbol)
    def choose(a, b):
        if isinstance(a, LanesType) and isinstance(b, LanesType):
            return lambda a, b: lanewise(a, b)
        return None


_define_operator(operator.add, "fadd")
_define_operator(operator.sub, "fsub")
_define_operator(operator.mul, "fmul")
_define_operator(operator.truediv, "fdiv")


@intrinsic
def multiply_tile(
    typingctx, x, x_start, x_row, y, y_start, y_column, y_inner, inner, out, out_start, out_row
):
    """out[p, q] = sum_r x[p, r] y[r, q] for a tile of TILE x TILE vectors, r < inner.

    Element [p, r] of x is vector x_start + p x_row + r; element [r, q] of y is
    y_start + q y_column + r y_inner; out[p, q] is out_start + p out_row + q. The sums stay in
    registers over the whole inner loop, which is what brings the product near the machine's limit.
    """
    intp = types.intp
    signature = types.void(x, intp, intp, y, intp, intp, intp, intp, out, intp, intp)

    def codegen(context, builder, sig, args):
        x, x_start, x_row, y, y_start, y_column, y_inner, inner, out, out_start, out_row = args
        index = ir.IntType(64)
        steps = range(TILE)

        def offset(start, stride, count):
            return builder.add(start, builder.mul(stride, index(count)))

        sums = [[cgutils.alloca_once(builder, VECTOR) for _ in steps] for _ in steps]
        for row in sums:
            for total in row:
                builder.store(ir.Constant(VECTOR, [0.0] * LANES), total)
        with cgutils.for_range(builder, inner) as loop:
            r = loop.index
            left = [builder.add(offset(x_start, x_row, p), r) for p in steps]
            right = [
                builder.add(offset(y_start, y_column, q), builder.mul(r, y_inner)) for q in steps
            ]
            x_values = [emit_load(context, builder, sig.args[0], x, at) for at in left]
            y_values = [emit_load(context, builder, sig.args[3], y, at) for at in right]
            for p in steps:
                for q in steps:
                    term = [x_values[p], y_values[q], builder.load(sums[p][q])]
                    builder.store(emit_call(builder, "fma", term), sums[p][q])
        for p in steps:
            for q in steps:
                at = builder.add(offset(out_start, out_row, p), index(q))
                emit_store(context, builder, sig.args[8], out, at, builder.load(sums[p][q]))
        return context.get_dummy_value()

    return signature, codegen
