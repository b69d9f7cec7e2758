// The data of a page: what the run's catalogue, ledger and tables say.

/** Records from columns, and from keys of the records in them, that are named once. */
export function records({ columns, nested, rows }, lists = []) {
  const unfold = columns.map((name) => {
    const keys = nested[name];
    if (!keys) return (value) => value;
    return lists.includes(name) ? (value) => value.map((values) => record(keys, values)) : (value) => value && record(keys, value);
  });
  return rows.map((row) => record(columns, row.map((value, i) => unfold[i](value))));
}

function record(names, values) {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** The data as the page uses them, from the JSON that stands in it. */
export function readData(raw) {
  if (raw.format !== 1) {
    throw new Error(`the data have format ${raw.format}; this page reads format 1: make it anew with the version that made the data`);
  }
  const entries = records(raw.entries, raw.lists);
  for (const { certificate } of entries) if (certificate) certificate.says = raw.says[certificate.says];
  const cases = records(raw.cases).map((one) => ({ ...raw.claims[one.claim], ...one }));
  return {
    ...raw,
    entries,
    byId: new Map(entries.map((entry) => [entry.id, entry])),
    classes: entries.filter((entry) => entry.kind === "class").sort(bySize),
    families: familiesOf(entries),
    cases,
    caseById: new Map(cases.map((one) => [one.id, one])),
  };
}

/** The data in the text of a page of another run. */
export function dataOfPage(text, name) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const element = parsed.getElementById("data");
  if (!element) throw new Error(`${name} holds no data of an explorer; choose the explorer.html of a run`);
  return readData(JSON.parse(element.textContent));
}

function bySize(a, b) {
  return a.k - b.k || a.n - b.n || a.loss - b.loss;
}

/** Each family with its points in order of k and its theorem, by the name "II_1" or "II_1, n = k + 1". */
function familiesOf(entries) {
  const families = new Map();
  for (const entry of entries.filter((one) => one.kind === "family_point")) {
    const extra = entry.n - entry.k;
    const name = familyName(entry.family, extra);
    if (!families.has(name)) families.set(name, { name, family: entry.family, extra, points: [], theorem: null });
    families.get(name).points.push(entry);
  }
  // What is proved of every k, up to infinity.
  const reaches = (one) => one.kind === "theorem" && one.family && one.proved === "proved" && one.pieces.length > 0;
  for (const theorem of entries.filter(reaches)) {
    const family = families.get(familyName(theorem.family, 0));
    if (family) family.theorem = theorem;
  }
  for (const { points } of families.values()) points.sort(bySize);
  return families;
}

function familyName(family, extra) {
  return extra ? `${family}, n = k ${extra < 0 ? "−" : "+"} ${Math.abs(extra)}` : family;
}

/** How many runs of all searches ended in a class. */
export function runsOf(entry) {
  return entry.runs.reduce((total, one) => total + one.runs, 0);
}

const FAILS = ["deviates", "refuted"];

/** Whether a verdict speaks against its claim. */
export function fails(one) {
  return FAILS.includes(one.verdict);
}
