// What a reader types to compute what the page shows.

/** What prints what the run knows of the size of a point. */
export function command(profile, entry) {
  return entry.kind === "class"
    ? `python -m relu_landscape show k${entry.k}-n${entry.n} --results results/${profile}`
    : `python -c "from relu_landscape import symmetric_critical_point as solve; point = ${solved(entry)}; print(point.loss, point.spectrum[0].value)"`;
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
