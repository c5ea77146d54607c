/**
 * `npm run check`: the gates, then the tests, with what this machine has. Arguments choose tests as vitest takes them
 * (`npm run check -- test/domain`); `--gates` runs the gates alone.
 */
import { runGates } from "./gates.ts";
import { runSuite } from "./suite.ts";
import { total } from "./total.ts";

const args = process.argv.slice(2);
const outcomes = [runGates()];
if (!args.includes("--gates")) outcomes.push(runSuite(args));
const { lines, code } = total(outcomes);
console.log(lines.join("\n"));
process.exitCode = code;
