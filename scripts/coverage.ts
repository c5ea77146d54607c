/** Writes docs/coverage.md: `npm run coverage`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { coverageOf, coveragePage } from "./coverage-page.ts";
import { root } from "./gates.ts";
import { readTree } from "./source.ts";

writeFileSync(join(root, "docs", "coverage.md"), coveragePage(await coverageOf(readTree())));
