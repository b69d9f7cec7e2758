// What is shown stands in the address, so that it can be kept, sent and gone back to.

export const DEFAULTS = {
  tab: "classes",
  k: "",
  n: "",
  family: "",
  nature: "",
  proved: "",
  q: "", // text searched for
  sort: "",
  entry: "", // the point on the right
  case: "", // the verdict on the right
  fam: "", // the family shown
  at: "", // k of the family shown; "inf"
  ledger: "",
  verdict: "",
  paper: "",
  row: "", // class of the neuron that is split
  alpha: "",
  sign: "",
};

/** The state that an address names; unknown names are left out. */
export function parse(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, given.get(name) ?? value]));
}

/** The address of a state: what differs from the defaults. */
export function format(state) {
  const given = Object.entries(DEFAULTS).filter(([name, value]) => state[name] !== value);
  return `#${new URLSearchParams(given.map(([name]) => [name, state[name]]))}`;
}
