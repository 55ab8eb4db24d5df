"""Whole numbers in little room: columns of int64 to a compressed block and back, exactly."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from monitors.model import Ints

_HEAD = struct.Struct("<BBI")
_COLUMN = struct.Struct("<Bq")
FORMAT = 1
WIDTHS = (1, 2, 4, 8)


class Unpackable(Exception):
    """The bytes are no block: torn, or written by something else."""


def pack(columns: Ints) -> bytes:
    """A block of `columns`, shape (k, n) with n of at least 1; runs and small steps cost little.

    Each column is its first value and the zigzag of its differences (so that small steps of both signs are small
    numbers), in the fewest bytes that hold them, byte planes apart (so that the high bytes, mostly zero, lie together).
    """
    parts, heads = [], []
    for column in columns:
        steps = np.diff(column)
        zigzag = (steps << 1 ^ steps >> 63).view(np.uint64)
        top = int(zigzag.max()) if len(zigzag) else 0
        width = next(width for width in WIDTHS if top < 1 << 8 * width)
        heads.append(_COLUMN.pack(width, int(column[0])))
        parts.append(zigzag.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T.tobytes())
    head = _HEAD.pack(FORMAT, len(columns), columns.shape[1])
    return head + zlib.compress(b"".join(heads + parts), 6)


def unpack(block: bytes) -> Ints:
    """The columns, shape (k, n); Unpackable where the bytes are no block."""
    try:
        form, count, length = _HEAD.unpack_from(block)
        if form != FORMAT or not length:
            raise Unpackable(f"block of format {form} with {length} points")
        data = zlib.decompress(block[_HEAD.size :])
        columns = np.empty((count, length), dtype=np.int64)
        at = count * _COLUMN.size
        for row in range(count):
            width, first = _COLUMN.unpack_from(data, row * _COLUMN.size)
            planes = np.frombuffer(data, np.uint8, width * (length - 1), at).reshape(width, length - 1)
            at += planes.size
            zigzag = np.ascontiguousarray(planes.T).view(f"<u{width}").ravel().astype(np.uint64)
            columns[row, 0] = first
            columns[row, 1:] = (zigzag >> np.uint64(1)).view(np.int64) ^ -(zigzag & np.uint64(1)).view(np.int64)
    except (struct.error, zlib.error, ValueError, TypeError) as error:
        raise Unpackable(str(error)) from error
    steady: Ints = np.cumsum(columns, axis=1)
    return steady
