// Builds what the browser loads into src/andon/ui/static/andon/dist.
//
// Names carry a hash of the content, manifest.json maps the plain name to it, and each text file
// has a .gz and a .br beside it. Nothing depends on the clock or the machine: the same sources
// give the same bytes.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const dist = process.argv[2] ?? join(here, "../src/andon/ui/static/andon/dist");
const manifest = {};

const LICENCES = {
  "echarts.txt": "echarts/LICENSE",
  "echarts-d3.txt": "echarts/licenses/LICENSE-d3",
  "esbuild.txt": "esbuild/LICENSE.md",
  "tabler-icons.txt": "@tabler/icons/LICENSE",
  "tslib.txt": "tslib/LICENSE.txt",
  "zrender.txt": "zrender/LICENSE",
};

function write(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const [, stem, extension] = name.match(/^(.+)(\.[a-z]+)$/);
  const hashed = `${stem}-${hash}${extension}`;
  writeFileSync(join(dist, hashed), bytes);
  writeFileSync(join(dist, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(join(dist, `${hashed}.br`), brotliCompressSync(bytes, quality));
  manifest[name] = hashed;
}

async function bundle(name, entry, format = "esm") {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: ["chrome123", "firefox120", "safari17.5"],
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  write(name, result.outputFiles[0].contents);
}

function symbol(name) {
  const svg = readFileSync(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
  const inner = svg
    .slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "")
    .replace(/\s*\n\s*/g, "");
  const line = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${line}>${inner}</symbol>`;
}

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);
  const brand = readFileSync(join(here, "src/brand.svg"), "utf8").trim();
  const mark = brand.replace(/<svg [^>]*>/, '<symbol id="brand" viewBox="0 0 24 24">').replace("</svg>", "</symbol>");
  return `<svg xmlns="http://www.w3.org/2000/svg">${mark}${names.map(symbol).join("")}</svg>\n`;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "licences"), { recursive: true });
await bundle("theme.css", "src/index.css");
await bundle("app.js", "src/app.js");
await bundle("charts.js", "src/charts.js");
await bundle("charts-ssr.js", "src/charts-ssr.js", "iife");
write("icons.svg", sprite());
write("favicon.svg", readFileSync(join(here, "src/brand.svg")));
for (const [name, path] of Object.entries(LICENCES)) cpSync(join(modules, path), join(dist, "licences", name));
cpSync(join(here, "licences"), join(dist, "licences"), { recursive: true });
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
