// The population loss of students W (n, k) against the teachers e_1, ..., e_k, in closed form:
//   F(W) = 1/2 E (sum_i relu(w_i . x) - sum_j relu(x_j))^2,  x ~ N(0, I),
// with its gradient and Hessian. With the unit vectors a, b of two neurons at angle t,
//   |a - b| = 2 sin(t/2),  |a + b| = 2 cos(t/2),
// no angle is special; the arccosine of a . b would lose half of the digits near 0 and pi.
// A matrix is a Float64Array, row by row.

const TWO_PI = 2 * Math.PI;

/** Lengths (n) and unit rows (n, k) of W. */
function directions(W, n, k) {
  const norms = new Float64Array(n);
  const units = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let c = 0; c < k; c++) square += W[i * k + c] ** 2;
    norms[i] = Math.sqrt(square);
    for (let c = 0; c < k; c++) units[i * k + c] = W[i * k + c] / norms[i];
  }
  return { norms, units };
}

/** [|a + b|, |a - b|] of rows i of A and j of B, (., k) each. */
function sumAndDifference(A, i, B, j, k) {
  let sum = 0;
  let difference = 0;
  for (let c = 0; c < k; c++) {
    const a = A[i * k + c];
    const b = B[j * k + c];
    sum += (a + b) * (a + b);
    difference += (a - b) * (a - b);
  }
  return [Math.sqrt(sum), Math.sqrt(difference)];
}

/** The k teachers, (k, k). */
export function teachers(k) {
  const V = new Float64Array(k * k);
  for (let j = 0; j < k; j++) V[j * k + j] = 1;
  return V;
}

/**
 * What f/(|w| |v|) = (sin t + (pi - t) cos t)/(2 pi) is beyond 1/(2 pi) + cos(t)/4: with
 * u = pi/2 - t it is (cos u - 1 + u sin u)/(2 pi), small where neurons are nearly orthogonal.
 */
function beyondOrthogonal(sum, difference) {
  const sine = 0.25 * (sum - difference) * (sum + difference);
  const u = Math.atan2(sine, 0.5 * sum * difference);
  return (u * sine - 2 * Math.sin(u / 2) ** 2) / TWO_PI;
}

const OF_ITSELF = beyondOrthogonal(2, 0);

/**
 * F(W). Summed over pairs, 1/(2 pi) and cos(t)/4 are squares,
 *   2 F = (sum |w_i| - k)^2/(2 pi) + |sum w_i - sum e_j|^2/4 + what is beyond them,
 * so that no large numbers cancel where k is large.
 */
export function loss(W, n, k) {
  const { norms, units } = directions(W, n, k);
  const V = teachers(k);
  const excess = norms.reduce((total, norm) => total + norm, 0) - k;
  const double = new CompensatedSum();
  double.add((excess * excess) / TWO_PI);
  for (let c = 0; c < k; c++) {
    let column = -1;
    for (let i = 0; i < n; i++) column += W[i * k + c];
    double.add((column * column) / 4);
    double.add(OF_ITSELF);
  }
  for (let i = 0; i < n; i++) {
    double.add(norms[i] ** 2 * OF_ITSELF);
    for (let j = 0; j < i; j++) {
      double.add(2 * norms[i] * norms[j] * beyondOrthogonal(...sumAndDifference(units, i, units, j, k)));
    }
    for (let j = 0; j < k; j++) double.add(-2 * norms[i] * beyondOrthogonal(...sumAndDifference(units, i, V, j, k)));
  }
  return double.value / 2;
}

/** A sum that keeps what each addition rounds off (Neumaier): equal terms round off to one side. */
class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(term) {
    const next = this.#sum + term;
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
  }

  get value() {
    return this.#sum + this.#lost;
  }
}

/**
 * F and its gradient at once, for descent: written out, since a descent takes thousands of them.
 * Returns a function of W that fills `gradient` (n, k) and returns F(W).
 */
export function lossAndGradient(n, k) {
  const norms = new Float64Array(n);
  const units = new Float64Array(n * k);
  const constant = k / 4 + (k * (k - 1)) / (4 * Math.PI);
  return (W, gradient) => {
    let value = constant;
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let c = i * k; c < (i + 1) * k; c++) square += W[c] * W[c];
      const norm = Math.sqrt(square);
      norms[i] = norm;
      value += 0.25 * square;
      for (let c = i * k; c < (i + 1) * k; c++) {
        units[c] = W[c] / norm;
        gradient[c] = 0.5 * W[c];
      }
    }
    for (let i = 0; i < n; i++) {
      const row = i * k;
      let along = 0; // coefficient of the unit vector of neuron i in its gradient
      for (let j = 0; j < i; j++) {
        const other = j * k;
        let sum = 0;
        let difference = 0;
        for (let c = 0; c < k; c++) {
          const a = units[row + c];
          const b = units[other + c];
          sum += (a + b) * (a + b);
          difference += (a - b) * (a - b);
        }
        sum = Math.sqrt(sum);
        difference = Math.sqrt(difference);
        const sine = 0.5 * sum * difference;
        const supplement = 2 * Math.atan2(sum, difference);
        const cosine = 0.25 * (sum - difference) * (sum + difference);
        value += (norms[i] * norms[j] * (sine + supplement * cosine)) / TWO_PI;
        along += (norms[j] * sine) / TWO_PI;
        const back = (norms[i] * sine) / TWO_PI;
        const turn = supplement / TWO_PI;
        for (let c = 0; c < k; c++) {
          gradient[row + c] += turn * W[other + c];
          gradient[other + c] += back * units[other + c] + turn * W[row + c];
        }
      }
      for (let j = 0; j < k; j++) {
        let rest = 0;
        for (let c = 0; c < k; c++) if (c !== j) rest += units[row + c] * units[row + c];
        const own = units[row + j];
        const sum = Math.sqrt(rest + (own + 1) * (own + 1));
        const difference = Math.sqrt(rest + (own - 1) * (own - 1));
        const sine = 0.5 * sum * difference;
        const supplement = 2 * Math.atan2(sum, difference);
        const cosine = 0.25 * (sum - difference) * (sum + difference);
        value -= (norms[i] * (sine + supplement * cosine)) / TWO_PI;
        along -= sine / TWO_PI;
        gradient[row + j] -= supplement / TWO_PI;
      }
      for (let c = 0; c < k; c++) gradient[row + c] += along * units[row + c];
    }
    return value;
  };
}

/** The gradient of F at W, (n, k). */
export function gradient(W, n, k) {
  const made = new Float64Array(n * k);
  lossAndGradient(n, k)(W, made);
  return made;
}

/** Adds to the block (i, j) of H, (nk, nk), the form  identity I + sum_r coefficient_r u_r u_r^T. */
function addForm(H, size, i, j, k, identity, parts) {
  for (let r = 0; r < k; r++) {
    const at = (i * k + r) * size + j * k;
    H[at + r] += identity;
    for (const [coefficient, u] of parts) {
      const scaled = coefficient * u[r];
      if (scaled !== 0) for (let c = 0; c < k; c++) H[at + c] += scaled * u[c];
    }
  }
}

/** p along a + b, q along a - b, and the lengths of both; zero vectors stay zero. */
function axes(A, i, B, j, k) {
  const [sum, difference] = sumAndDifference(A, i, B, j, k);
  const p = new Float64Array(k);
  const q = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    const a = A[i * k + c];
    const b = B[j * k + c];
    p[c] = sum > 0 ? (a + b) / sum : 0;
    q[c] = difference > 0 ? (a - b) / difference : 0;
  }
  return { sum, difference, p, q };
}

/** Adds sign d2f/dw_i^2 of the pair of row i of `units` with row j of `others`. */
function addFirst(H, size, units, norms, i, others, j, otherNorm, k, sign) {
  const { sum, difference, p, q } = axes(units, i, others, j, k);
  const weight = (sign * 0.5 * sum * difference * otherNorm) / (TWO_PI * norms[i]);
  const own = units.subarray(i * k, (i + 1) * k);
  const normal = p.map((value, c) => 0.5 * (difference * value - sum * q[c]));
  addForm(H, size, i, i, k, weight, [
    [-weight, own],
    [weight, normal],
  ]);
}

/** The Hessian of F at W, (nk, nk), neuron by neuron. */
export function hessian(W, n, k) {
  const size = n * k;
  const { norms, units } = directions(W, n, k);
  const V = teachers(k);
  const H = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    addForm(H, size, i, i, k, 0.5, []);
    for (let j = 0; j < k; j++) addFirst(H, size, units, norms, i, V, j, 1, k, -1);
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      addFirst(H, size, units, norms, i, units, j, norms[j], k, 1);
      const { sum, difference, p, q } = axes(units, i, units, j, k);
      const weight = (0.5 * sum * difference) / TWO_PI;
      addForm(H, size, i, j, k, (2 * Math.atan2(sum, difference)) / TWO_PI, [
        [weight, p],
        [-weight, q],
      ]);
    }
  }
  return H;
}
