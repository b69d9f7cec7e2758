"""Vectors of doubles inside numba code, as long as the registers of the processor.

Every operation acts lane by lane and is correctly rounded by IEEE 754 (add, multiply, fused
multiply-add, divide, square root, select), so a lane's bits depend on that lane alone, and the same
program gives the same bits on any processor with a fused multiply-add. What adds lanes up does so
in blocks of BLOCK lanes, however many registers a block takes.
"""

# Parameters of overloads and intrinsics are named for numba, which matches them by name.
# ruff: noqa: ARG001

from __future__ import annotations

import operator
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, register_model
from numpy.typing import NDArray

from relu_landscape.search.registers import REGISTERS

LANES = REGISTERS.doubles
BLOCK = 8  # lanes that are added up together: the longest register there is, and a cache line
ALIGNMENT = 8 * BLOCK  # bytes
# Rows and columns of a product that stay in registers, with the factors of one step: 16 sums and 8
# factors of 32 registers, or 12 sums, the rows' factors and one of the columns' of 16.
TILE_ROWS, TILE_COLUMNS = (4, 4) if REGISTERS.number == 32 else (3, 4)


def aligned_vectors(count: int) -> NDArray[np.float64]:
    """Flat zeros for `count` vectors, starting at a multiple of ALIGNMENT bytes."""
    raw = np.zeros(count * LANES + BLOCK)
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


def borrowing(function: Any) -> Any:
    """Decorator: compile a function that keeps none of its arrays, and so counts no references.

    Counting those of a workspace takes longer than the arithmetic of a small network.
    """
    return njit(error_model="numpy", _nrt=False)(function)


class LanesType(types.Type):
    """The numba type of a vector of `count` doubles."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(name=f"Lanes({count})")

    @property
    def vector(self) -> ir.VectorType:
        """The LLVM type."""
        return ir.VectorType(ir.DoubleType(), self.count)


lanes = LanesType(LANES)
block = LanesType(BLOCK)


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """A vector lives in a register: its model is the LLVM vector itself."""

    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, numba_type.vector)


def _address(
    context: Any, builder: Any, array_type: Any, array: Any, index: Any, vector: ir.VectorType
) -> Any:
    """Address of vector number `index`, among vectors of this type, of a flat float64 array."""
    data = context.make_array(array_type)(context, builder, array).data
    element = builder.mul(index, index.type(vector.count))
    return builder.bitcast(builder.gep(data, [element]), vector.as_pointer())


def emit_load(
    context: Any,
    builder: Any,
    array_type: Any,
    array: Any,
    index: Any,
    vector: ir.VectorType = lanes.vector,
) -> Any:
    """Emit the load of vector number `index` of a flat, aligned array."""
    value = builder.load(_address(context, builder, array_type, array, index, vector))
    value.align = 8 * vector.count
    return value


def emit_store(
    context: Any, builder: Any, array_type: Any, array: Any, index: Any, value: Any
) -> None:
    """Emit the store of `value` as vector number `index` of a flat, aligned array."""
    address = _address(context, builder, array_type, array, index, value.type)
    builder.store(value, address).align = 8 * value.type.count


def emit_call(builder: Any, name: str, arguments: list[Any]) -> Any:
    """Emit a call of the LLVM vector intrinsic `name`, for example llvm.fma.v8f64."""
    vector = arguments[0].type
    signature = ir.FunctionType(vector, [vector] * len(arguments))
    full_name = f"llvm.{name}.v{vector.count}f64"
    function = cgutils.get_or_insert_function(builder.module, signature, full_name)
    return builder.call(function, arguments)


def emit_spread(builder: Any, value: Any, vector: ir.VectorType = lanes.vector) -> Any:
    """Emit the vector with `value` in every lane."""
    undefined = ir.Constant(vector, ir.Undefined)
    one = builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(one, undefined, zeros)


@contextmanager
def emit_rolled_loop(builder: Any, count: Any) -> Iterator[Any]:
    """Emit a loop whose body is what the with block emits; gives its index, from 0 to count - 1.

    LLVM may not unroll it: the body of a product fills the registers, two of them overfill it.
    """
    with cgutils.for_range(builder, count) as loop:
        yield loop.index
        last = builder.block
    module = builder.module
    rolled = module.add_metadata([ir.MetaDataString(module, "llvm.loop.unroll.disable")])
    name = module.add_metadata([rolled, ir.MetaDataString(module, last.name)])
    name.operands = (name, rolled)  # the name of a loop is a node that begins with itself
    last.terminator.set_metadata("llvm.loop", name)


def _define_load(kind: LanesType) -> Any:
    @intrinsic
    def load_vector(typingctx, array, index):
        def codegen(context, builder, signature, args):
            return emit_load(context, builder, signature.args[0], args[0], args[1], kind.vector)

        return kind(array, types.intp), codegen

    return load_vector


def _define_spread(kind: LanesType) -> Any:
    @intrinsic
    def spread_value(typingctx, value):
        def codegen(context, builder, signature, args):
            return emit_spread(builder, args[0], kind.vector)

        return kind(types.float64), codegen

    return spread_value


# Vector number `index` of a flat, aligned array; the vector with `value` in every lane.
load, load_block = (_define_load(kind) for kind in (lanes, block))
spread, spread_block = (_define_spread(kind) for kind in (lanes, block))


@intrinsic
def store(typingctx, array, index, value):
    """Write vector number `index`, among vectors as long as `value`, of a flat, aligned array."""

    def codegen(context, builder, signature, args):
        emit_store(context, builder, signature.args[0], args[0], args[1], args[2])
        return context.get_dummy_value()

    return types.void(array, types.intp, value), codegen


@intrinsic
def fma(typingctx, a, b, c):
    """a b + c, rounded once."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "fma", list(args))

    return a(a, b, c), codegen


@intrinsic
def sqrt(typingctx, a):
    """Square root of every lane."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "sqrt", list(args))

    return a(a), codegen


@intrinsic
def magnitude(typingctx, a):
    """Absolute value of every lane."""

    def codegen(context, builder, signature, args):
        return emit_call(builder, "fabs", list(args))

    return a(a), codegen


@intrinsic
def negative(typingctx, a):
    """-a."""

    def codegen(context, builder, signature, args):
        return builder.fneg(args[0])

    return a(a), codegen


@intrinsic
def where_signed(typingctx, a, if_signed, otherwise):
    """`if_signed` in the lanes where a has the sign bit, as -0.0 has, `otherwise` in the rest."""

    def codegen(context, builder, signature, args):
        integers = ir.VectorType(ir.IntType(64), a.count)
        bits = builder.bitcast(args[0], integers)
        signed = builder.icmp_signed("<", bits, ir.Constant(integers, [0] * a.count))
        return builder.select(signed, args[1], args[2])

    return a(a, if_signed, otherwise), codegen


@intrinsic
def where_less(typingctx, a, b, if_less, otherwise):
    """`if_less` in the lanes where a < b, `otherwise` in the rest (and where a or b is NaN)."""

    def codegen(context, builder, signature, args):
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return a(a, b, if_less, otherwise), codegen


def _define_operator(symbol: Any, instruction: str) -> None:
    """Let `symbol` (such as operator.add) act on two vectors by an LLVM instruction."""

    @intrinsic
    def lanewise(typingctx, a, b):
        def codegen(context, builder, signature, args):
            return getattr(builder, instruction)(args[0], args[1])

        return a(a, b), codegen

    @overload(symbol)
    def choose(a, b):
        if isinstance(a, LanesType) and a == b:
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
    """out[p, q] = sum_r x[p, r] y[r, q] for TILE_ROWS x TILE_COLUMNS vectors, r < inner.

    Element [p, r] of x is vector x_start + p x_row + r; element [r, q] of y is
    y_start + q y_column + r y_inner; out[p, q] is out_start + p out_row + q. The sums stay in
    registers over the whole inner loop, which is what brings the product near the machine's limit.
    """
    intp = types.intp
    signature = types.void(x, intp, intp, y, intp, intp, intp, intp, out, intp, intp)

    def codegen(context, builder, sig, args):
        x, x_start, x_row, y, y_start, y_column, y_inner, inner, out, out_start, out_row = args
        index = ir.IntType(64)
        rows, columns = range(TILE_ROWS), range(TILE_COLUMNS)

        def offset(start, stride, count):
            return builder.add(start, builder.mul(stride, index(count)))

        sums = [[cgutils.alloca_once(builder, lanes.vector) for _ in columns] for _ in rows]
        for row in sums:
            for total in row:
                builder.store(ir.Constant(lanes.vector, [0.0] * LANES), total)
        with emit_rolled_loop(builder, inner) as r:
            left = [builder.add(offset(x_start, x_row, p), r) for p in rows]
            x_values = [emit_load(context, builder, sig.args[0], x, at) for at in left]
            for q in columns:
                at = builder.add(offset(y_start, y_column, q), builder.mul(r, y_inner))
                y_value = emit_load(context, builder, sig.args[3], y, at)
                for p in rows:
                    term = [x_values[p], y_value, builder.load(sums[p][q])]
                    builder.store(emit_call(builder, "fma", term), sums[p][q])
        for p in rows:
            for q in columns:
                at = builder.add(offset(out_start, out_row, p), index(q))
                emit_store(context, builder, sig.args[8], out, at, builder.load(sums[p][q]))
        return context.get_dummy_value()

    return signature, codegen
