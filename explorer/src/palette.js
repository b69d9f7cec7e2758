// Okabe and Ito's colours, told apart without colour vision; a shape or a word stands beside each.

export const NATURES = {
  global_minimum: { label: "global minimum", colour: "#0072B2", symbol: "circle" },
  spurious_minimum: { label: "spurious minimum", colour: "#D55E00", symbol: "triangle" },
  strict_minimum: { label: "strict minimum, fewer students than teachers", colour: "#CC79A7", symbol: "diamond" },
  saddle: { label: "saddle", colour: "#009E73", symbol: "times" },
  undecided: { label: "undecided", colour: "#777777", symbol: "square" },
};

export const LANDINGS = {
  global: { label: "a global minimum", colour: "#0072B2", dash: null },
  class: { label: "a class that runs have met", colour: "#D55E00", dash: null },
  spurious: { label: "a spurious minimum", colour: "#D55E00", dash: null },
  new: { label: "a point that no run has met", colour: "#CC79A7", dash: "6 3" },
  unfinished: { label: "no end within the budget", colour: "#777777", dash: "2 3" },
};

export const VERDICTS = {
  proved: "#8fc1e3",
  reproduced: "#3cb894",
  consistent: "#56b4e9",
  deviates: "#e69f00",
  refuted: "#e8804f",
  undecided: "#f0e442",
  "not run": "#dddddd",
};

export const PROOFS = { proved: "proved", not_proved: "not proved", not_tried: "not tried" };

/** What is said of a value that none of these tables names. */
export function about(names, value) {
  return names[value] ?? { label: String(value), colour: "#777777", symbol: "square", dash: "2 3" };
}

/** The colour of an entry x of a matrix, |x| <= largest, as [red, green, blue]: orange above zero, blue below. */
export function entryColour(x, largest) {
  const share = Math.sqrt(Math.min(1, Math.abs(x) / largest)); // small entries would not be seen
  const end = x < 0 ? [0, 80, 160] : [200, 75, 0];
  return end.map((value) => Math.round(255 + share * (value - 255)));
}
