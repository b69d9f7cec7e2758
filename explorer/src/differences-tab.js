// The list of what another run says differently.

import { differences } from "./differences.js";
import { h } from "./dom.js";
import { count } from "./numbers.js";
import { sortableTable } from "./sortable.js";

export function differencesTab(data, other, state, update) {
  const rows = differences(data, other).map((row, i) => ({ ...row, id: String(i) }));
  const kinds = [...new Set(rows.map(({ what }) => what))];
  const said = kinds.map((what) => `${what}: ${count(rows.filter((row) => row.what === what).length)}`).join("; ");
  return [
    h("p", { id: "differences-said" }, rows.length ? `${count(rows.length)} differences between ${data.profile} and ${other.profile}. ${said}.` : `${data.profile} and ${other.profile} differ in nothing that is compared.`),
    h("p", {}, "Compared are verdicts, classes (one if size, isotropy and loss agree to 1e-8), their nature and proof, shares of runs (listed where chance gives such a difference once in a thousand times), and families: values of k and proofs."),
    sortableTable({
      caption: "The differences; one that this run knows opens.",
      columns: [
        { name: "name", value: (row) => row.name },
        { name: "what", value: (row) => row.what },
        { name: `here (${data.profile})`, value: (row) => row.here },
        { name: `there (${other.profile})`, value: (row) => row.there },
      ],
      rows,
      sort: state.sort,
      resort: (sort) => update({ sort }),
      open: (row) => {
        if (data.caseById.has(row.name)) update({ case: row.name, entry: "" });
        else if (data.byId.has(row.name)) update({ entry: row.name, case: "" });
      },
      key: (row) => row.id,
      chosen: "",
    }),
  ];
}
