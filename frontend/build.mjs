// Bundles the query editor into one script, one style sheet and one file of licences, in the folder given (or ../server/…/static).
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "server", "migov", "web", "static");
const stamp = process.env.MIGOV_EDITOR_STAMP ?? "";
const modules = join(here, "node_modules");

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

await build({
  absWorkingDir: here,
  entryPoints: { editor: "editor.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15.4"],
  legalComments: "none", // they are in the file of licences, with those of packages that have none in their code
  banner: { js: `/* ${stamp} Licences: editor.LICENSES.txt */`, css: "/* Licences: editor.LICENSES.txt */" },
  logLevel: "warning",
});
writeFileSync(join(out, "editor.LICENSES.txt"), licences());

/** The licence of every package whose code is in the bundle. */
function licences() {
  const direct = ["@zazuko/yasqe", "@zazuko/yasgui-utils"];
  const within = comments(join(modules, "@zazuko", "yasqe", "build", "yasqe.esm.js.map"));
  const names = [...new Set([...direct, ...within.keys()])].sort();
  const parts = names.map((name) => notice(name, within.get(name) ?? ""));
  return ["The query editor of migov (Apache-2.0) holds code of these packages.", ...parts].join(`\n\n${"=".repeat(78)}\n`);
}

/** Packages that YASQE was bundled from, each with the comments on copyright that begin its files. */
function comments(file) {
  const map = JSON.parse(readFileSync(file, "utf8"));
  const found = new Map();
  map.sources.forEach((source, index) => {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
    if (!name) return;
    const head = /^(?:\s*(?:\/\/[^\n]*|\/\*[^]*?\*\/))*/.exec(map.sourcesContent[index])[0];
    const told = found.get(name) ?? "";
    found.set(name, told || (/copyright|license/i.test(head) ? head.replace(/^[ /*]+/gm, "").trim() : ""));
  });
  return found;
}

function notice(name, comment) {
  const folder = join(modules, ...name.split("/"));
  if (!existsSync(folder)) return `${name}\n\n${comment || fail(name)}`;
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const author = typeof about.author === "object" ? about.author.name : (about.author ?? "");
  const by = [author, ...(about.contributors ?? []).map((person) => person.name ?? person)].filter(Boolean).join(", ");
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : about.license === "MIT" ? `By ${by || fail(name)}\n\n${MIT}` : comment || fail(name);
  return `${name} ${about.version} (${about.license})\n\n${text}`;
}

function fail(name) {
  throw new Error(`${name} says nothing of its licence`);
}
