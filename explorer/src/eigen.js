// Eigenvalues and eigenvectors of a symmetric matrix, and a direction from its softest eigenspace
// that does not depend on how they were computed.

const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

// Neighbouring eigenvalues closer than this share of the largest modulus count as equal.
const ONE_EIGENSPACE = 1e-6;

/**
 * Householder tridiagonalisation, then implicit QL (the EISPACK routines tred2 and tql2).
 * `matrix` is a Float64Array (m, m). Returns the values, ascending, and the vectors: row r of
 * `vectors` belongs to values[r].
 */
export function symmetricEigen(matrix, m) {
  const V = Array.from({ length: m }, (_, i) => matrix.slice(i * m, (i + 1) * m));
  const d = new Float64Array(m);
  const e = new Float64Array(m);
  tridiagonalise(V, d, e, m);
  // tql2 turns pairs of columns; as rows they lie side by side in memory.
  const columns = Array.from({ length: m }, (_, j) => Float64Array.from(V, (row) => row[j]));
  diagonalise(columns, d, e, m);
  const order = Array.from(d.keys()).sort((a, b) => d[a] - d[b]);
  return { values: order.map((i) => d[i]), vectors: order.map((i) => columns[i]) };
}

function tridiagonalise(V, d, e, m) {
  for (let j = 0; j < m; j++) d[j] = V[m - 1][j];
  for (let i = m - 1; i > 0; i--) {
    let scale = 0;
    let h = 0;
    for (let l = 0; l < i; l++) scale += Math.abs(d[l]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = V[i - 1][j];
        V[i][j] = 0;
        V[j][i] = 0;
      }
    } else {
      for (let l = 0; l < i; l++) {
        d[l] /= scale;
        h += d[l] * d[l];
      }
      let f = d[i - 1];
      let g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
      e[i] = scale * g;
      h -= f * g;
      d[i - 1] = f - g;
      for (let j = 0; j < i; j++) e[j] = 0;
      for (let j = 0; j < i; j++) {
        f = d[j];
        V[j][i] = f;
        g = e[j] + V[j][j] * f;
        for (let l = j + 1; l <= i - 1; l++) {
          g += V[l][j] * d[l];
          e[l] += V[l][j] * f;
        }
        e[j] = g;
      }
      f = 0;
      for (let j = 0; j < i; j++) {
        e[j] /= h;
        f += e[j] * d[j];
      }
      const hh = f / (h + h);
      for (let j = 0; j < i; j++) e[j] -= hh * d[j];
      for (let j = 0; j < i; j++) {
        f = d[j];
        g = e[j];
        for (let l = j; l <= i - 1; l++) V[l][j] -= f * e[l] + g * d[l];
        d[j] = V[i - 1][j];
        V[i][j] = 0;
      }
    }
    d[i] = h;
  }
  for (let i = 0; i < m - 1; i++) {
    V[m - 1][i] = V[i][i];
    V[i][i] = 1;
    const h = d[i + 1];
    if (h !== 0) {
      for (let l = 0; l <= i; l++) d[l] = V[l][i + 1] / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let l = 0; l <= i; l++) g += V[l][i + 1] * V[l][j];
        for (let l = 0; l <= i; l++) V[l][j] -= g * d[l];
      }
    }
    for (let l = 0; l <= i; l++) V[l][i + 1] = 0;
  }
  for (let j = 0; j < m; j++) {
    d[j] = V[m - 1][j];
    V[m - 1][j] = 0;
  }
  V[m - 1][m - 1] = 1;
  e[0] = 0;
}

function diagonalise(columns, d, e, m) {
  for (let i = 1; i < m; i++) e[i - 1] = e[i];
  e[m - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < m; l++) {
    largest = Math.max(largest, Math.abs(d[l]) + Math.abs(e[l]));
    let end = l;
    while (end < m - 1 && Math.abs(e[end]) > Number.EPSILON * largest) end++;
    while (end > l && Math.abs(e[l]) > Number.EPSILON * largest) {
      let g = d[l];
      let p = (d[l + 1] - g) / (2 * e[l]);
      let r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
      d[l] = e[l] / (p + r);
      d[l + 1] = e[l] * (p + r);
      const next = d[l + 1];
      const moved = g - d[l];
      for (let i = l + 2; i < m; i++) d[i] -= moved;
      shift += moved;
      p = d[end];
      let c = 1;
      let c2 = 1;
      let c3 = 1;
      const after = e[l + 1];
      let s = 0;
      let s2 = 0;
      for (let i = end - 1; i >= l; i--) {
        c3 = c2;
        c2 = c;
        s2 = s;
        g = c * e[i];
        const h = c * p;
        r = Math.hypot(p, e[i]);
        e[i + 1] = s * r;
        s = e[i] / r;
        c = p / r;
        p = c * d[i] - s * g;
        d[i + 1] = h + s * (c * g + s * d[i]);
        const upper = columns[i + 1];
        const lower = columns[i];
        for (let j = 0; j < m; j++) {
          const held = upper[j];
          upper[j] = s * lower[j] + c * held;
          lower[j] = c * lower[j] - s * held;
        }
      }
      p = (-s * s2 * c3 * after * e[l]) / next;
      e[l] = s * p;
      d[l] = c * p;
    }
    d[l] += shift;
    e[l] = 0;
  }
}

/**
 * The unit vector (m) of the eigenspace of the smallest eigenvalue nearest a fixed generic vector,
 * and that eigenvalue: the library's `softest_direction`, so that descents start at the same point.
 */
export function softestDirection(matrix, m) {
  const { values, vectors } = symmetricEigen(matrix, m);
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
  let multiplicity = 1;
  while (multiplicity < m && values[multiplicity] - values[multiplicity - 1] <= ONE_EIGENSPACE * largest) {
    multiplicity++;
  }
  const generic = Float64Array.from({ length: m }, (_, i) => (((i + 1) ** 2 * GOLDEN_RATIO) % 1) - 0.5);
  const direction = new Float64Array(m);
  for (const vector of vectors.slice(0, multiplicity)) {
    const share = vector.reduce((total, x, i) => total + x * generic[i], 0);
    for (let i = 0; i < m; i++) direction[i] += share * vector[i];
  }
  const norm = Math.sqrt(direction.reduce((total, x) => total + x * x, 0));
  return { direction: direction.map((x) => x / norm), value: values[0] };
}
