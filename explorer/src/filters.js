// Which entries and verdicts the filters leave.

const matches = (wanted, value) => wanted === "" || String(value) === wanted;

/** Whether every word of a search is in a text. */
export function hasWords(text, search) {
  const lower = text.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}

/** The classes and family points that the filters leave. */
export function entriesLeft(entries, { k, n, family, nature, proved, q }) {
  return entries.filter(
    (entry) =>
      matches(k, entry.k) &&
      matches(n, entry.n) &&
      matches(family, entry.family ?? "none") &&
      matches(nature, entry.nature) &&
      matches(proved, entry.proved) &&
      hasWords([entry.id, entry.isotropy, entry.family, entry.nature, entry.reason].join(" "), q),
  );
}

/** The verdicts that the filters leave; "fails" are those against their claim. */
export function casesLeft(cases, { k, n, ledger, verdict, paper, q }, fails) {
  return cases.filter(
    (one) =>
      isAbout(one, k, n) &&
      matches(ledger, one.ledger) &&
      matches(paper, one.paper) &&
      (verdict === "" || (verdict === "fails" ? fails(one) : one.verdict === verdict)) &&
      hasWords([one.id, one.statement, one.paper, one.where, one.note, one.verdict].join(" "), q),
  );
}

/** What each filter by itself hides of the verdicts: its name, the state without it, how many are left then. */
export function hiddenCases(cases, state, fails) {
  const filters = { "k and n": { k: "", n: "" }, ledger: { ledger: "" }, verdict: { verdict: "" }, paper: { paper: "" }, search: { q: "" } };
  return Object.entries(filters)
    .map(([name, without]) => ({ name, without, count: casesLeft(cases, { ...state, ...without }, fails).length }))
    .filter(({ count }) => count > 0);
}

/** Whether a verdict is about this size; one that fails for all sizes is about those that its tables have. */
function isAbout(one, k, n) {
  const named = (k === "" || names(one, "k", k)) && (n === "" || names(one, "n", n));
  return named || Object.keys(one.sizes ?? {}).some((size) => hasSize(size, k, n));
}

/** Whether the name of a size, such as k13-n13, is of this k and n, of which either may be "". */
function hasSize(size, k, n) {
  const [teachers, students] = size.slice(1).split("-n");
  return matches(k, teachers) && matches(n, students);
}

/** Whether a verdict is about this k or n: by its case, or by the rows that its evidence names. */
function names(one, letter, value) {
  if (one.case[letter] !== undefined) return String(one.case[letter]) === value;
  return one.evidence.some(({ text }) => new RegExp(`[ ,]${letter}=${value}(,|$)`).test(text));
}
