// Builds what the page consists of, into the folder that is given: bundle.js, bundle.css, licences.
// The same sources and lock give the same bytes.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2];
if (!target) throw new Error("name the folder to build into: node build.mjs FOLDER");

/** SHA-256 of all that a build reads: who has no Node can compare it with the sources. */
function digest() {
  const names = [...readdirSync(join(here, "src")).sort().map((name) => `src/${name}`), "build.mjs", "package-lock.json"];
  const hash = createHash("sha256");
  for (const name of names) hash.update(`${name}\0`).update(readFileSync(join(here, name))).update("\0");
  return hash.digest("hex");
}

const built = await build({
  absWorkingDir: here,
  entryPoints: { bundle: "src/main.js" },
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // LICENCES.txt has them whole
  metafile: true,
  write: false,
  outdir: "built",
});

const packages = new Set();
for (const input of Object.keys(built.metafile.inputs)) {
  const found = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no file of its licence, which has to go with it`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

mkdirSync(target, { recursive: true });
const [script] = built.outputFiles;
writeFileSync(join(target, "bundle.js"), `/* sources: ${digest()}; licences of what is bundled: LICENCES.txt */\n${script.text}`);
writeFileSync(join(target, "bundle.css"), readFileSync(join(here, "src/style.css")));
writeFileSync(join(target, "LICENCES.txt"), [...packages].sort().map(licence).join(`\n${"-".repeat(72)}\n\n`));
