#!/usr/bin/env node
// Plain JavaScript, so that an older Node reaches the version check instead of a syntax error.
import "./short-pauses.js";
import module from "node:module";

const [major] = process.versions.node.split(".").map(Number);
if (major === undefined || major < 24) {
  process.stderr.write(
    `Wardroom needs Node 24 or newer; this is ${process.versions.node}.\n` +
      "Run it through npm in the clone (npm start, npx --no wardroom …): npm ci installs the right Node there.\n",
  );
  process.exit(1);
}
module.enableCompileCache?.();
const { main } = await import("../src/main.ts");
await main(process.argv.slice(2));
