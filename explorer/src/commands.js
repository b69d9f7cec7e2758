// What a reader types to compute what the page shows.

// The families that the library solves by their name; those of other studies are computed with their run.
const SOLVED = /^(A|I|II)(_\d+)?$/;

/** What prints what the run knows of the size of a point, solves for it, or makes the catalogue again. */
export function command(profile, entry) {
  if (entry.kind === "class") return `python -m relu_landscape show k${entry.k}-n${entry.n} --results results/${profile}`;
  if (SOLVED.test(entry.family)) return `python -c "from relu_landscape import symmetric_critical_point as solve; point = ${solved(entry)}; print(point.loss, point.spectrum[0].value)"`;
  return `snakemake --cores all --configfile config/${profile}.yaml -- results/${profile}/catalogue/catalogue_entries.json`;
}

function solved({ family, k, n }) {
  const [name, m] = family.split("_");
  const more = [m && `m=${m}`, n > k && `extra=${n - k}`].filter(Boolean);
  return `solve('${name}', ${[k, ...more].join(", ")})`;
}

/** What proves a certificate again. */
export function checkCommand(profile, { file }) {
  return `python -m relu_landscape.certificates.check results/${profile}/${file}`;
}
