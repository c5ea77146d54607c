import { readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The parts of lit-html that the page uses. */
const litFiles = [
  "lit-html.js",
  "directive.js",
  "directive-helpers.js",
  "directives/repeat.js",
  "directives/live.js",
  "directives/guard.js",
  "directives/ref.js",
  "async-directive.js",
];

/**
 * Everything the page is made of, by address, read once: what is not in this map cannot be asked for, whatever the
 * path looks like.
 */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  const page = fileURLToPath(new URL("./page/", import.meta.url));
  for (const name of readdirSync(page)) {
    const type = types[extname(name)];
    if (!type) continue;
    const address = name === "index.html" ? "/" : `/assets/${name}`;
    assets.set(address, { type, bytes: withAddresses(readFileSync(join(page, name)), name) });
  }
  const lit = litRoot(fileURLToPath(import.meta.resolve("lit-html")));
  for (const name of litFiles) {
    const bytes = readFileSync(join(lit, name));
    assets.set(`/assets/lit-html/${name}`, { type: "text/javascript; charset=utf-8", bytes });
  }
  return assets;
}

/** Under Node the package resolves to its build for servers, in a folder below the one for browsers. */
function litRoot(resolved: string): string {
  const parts = resolved.split(sep);
  return parts.slice(0, parts.lastIndexOf("lit-html") + 1).join(sep);
}

/** An import map would need a hole in the content policy, so the one file that names packages is rewritten instead. */
function withAddresses(bytes: Buffer, name: string): Buffer {
  if (name !== "lit.js") return bytes;
  const source = bytes
    .toString("utf8")
    .replaceAll('"lit-html"', '"/assets/lit-html/lit-html.js"')
    .replaceAll('"lit-html/', '"/assets/lit-html/');
  return Buffer.from(source);
}
