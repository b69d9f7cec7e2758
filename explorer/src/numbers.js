// Numbers as text.

/** A number with at most `digits` significant digits; a dash where there is none. */
export function short(value, digits = 6) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) return value.toExponential(Math.min(digits, 3) - 1);
  return String(Number(value.toPrecision(digits)));
}

/** A whole number with a narrow space, at which no line breaks, between thousands. */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, "\u202f");
}

/** k as text; infinity has a sign. */
export function size(k) {
  return k === Infinity ? "∞" : k >= 1e4 ? `10${superscript(Math.log10(k))}` : count(k);
}

/** The powers of ten up to a number, for an axis of logarithms. */
export function decades(most) {
  return Array.from({ length: 1 + Math.floor(Math.log10(Math.max(1, most))) }, (_, power) => 10 ** power);
}

function superscript(exponent) {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  if (!Number.isInteger(exponent)) return `^${short(exponent, 4)}`;
  return [...String(exponent)].map((digit) => digits[Number(digit)]).join("");
}

/** A value of a verdict: a number, a word, or some of them by name. */
export function shown(value, digits = 5) {
  const part = (one) => shown(one, digits);
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map(part).join(" to ");
  if (typeof value === "object") return Object.entries(value).map(([name, one]) => `${name} ${part(one)}`).join(", ");
  return typeof value === "boolean" ? (value ? "yes" : "no") : short(value, digits);
}
