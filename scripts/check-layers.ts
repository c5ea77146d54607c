/** The gate of the layers: who imports whom, and no file outside of them. */
import { forbiddenImports, homelessFiles } from "./import-rules.ts";
import { readTree } from "./source.ts";

const tree = readTree();
const found = [
  ...forbiddenImports(tree).map((each) => `${each}: the layer may not import that (scripts/layers.ts)`),
  ...homelessFiles(tree).map((path) => `${path}: stands in no layer of scripts/layers.ts`),
];
for (const line of found) console.log(line);
process.exitCode = found.length === 0 ? 0 : 1;
