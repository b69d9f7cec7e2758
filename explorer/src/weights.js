// The weight matrix of a point from its distinct entries by block.

/** { W, n, k } of a catalogue's `weights`; W a Float64Array, row by row. */
export function weightMatrix({ blocks, absent = 0, own, rest }) {
  const k = blocks.reduce((total, block) => total + block, 0);
  const rows = [];
  let start = 0;
  own.forEach((diagonal, rowClass) => {
    const inBlock = rowClass < blocks.length - absent;
    for (let member = 0; member < (inBlock ? blocks[rowClass] : 1); member++) {
      const row = blocks.flatMap((block, b) => Array(block).fill(rest[rowClass][b] ?? 0));
      if (inBlock) row[start + member] = diagonal;
      rows.push(row);
    }
    if (inBlock) start += blocks[rowClass];
  });
  return { W: Float64Array.from(rows.flat()), n: rows.length, k };
}

/** The same point with its neurons and inputs in the order in which the run has them. */
export function inOrder({ W, n, k }, { rows, columns }) {
  return Float64Array.from({ length: n * k }, (_, at) => W[rows[Math.floor(at / k)] * k + columns[at % k]]);
}

/** How many neurons are alike in each class of rows. */
export function classSizes({ blocks, absent = 0, own }) {
  return own.map((_, rowClass) => (rowClass < blocks.length - absent ? blocks[rowClass] : 1));
}

/** For each neuron, in the order of the run, its class of rows. */
export function rowClasses(weights, { rows }) {
  const byBlock = classSizes(weights).flatMap((alike, rowClass) => Array(alike).fill(rowClass));
  return rows.map((row) => byBlock[row]);
}

/** The matrix as nested lists. */
export function nested({ W, n, k }) {
  return Array.from({ length: n }, (_, i) => Array.from(W.subarray(i * k, (i + 1) * k)));
}

/** The matrix as a line of NumPy that gives the same doubles. */
export function numpyText(matrix) {
  const rows = nested(matrix).map((row) => `    [${row.join(", ")}],`);
  return `import numpy as np\n\nW = np.array([\n${rows.join("\n")}\n])\n`;
}
