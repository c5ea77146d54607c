/** `npm test`: brings the real programs the tests need, then runs every gate and every test, and counts them all. */
import { runGates } from "./gates.ts";
import { providePackages } from "./packages.ts";
import { runSuite } from "./suite.ts";
import { total } from "./total.ts";

const provided = providePackages();
const { lines, code } = total(
  provided ? [runGates(), runSuite(process.argv.slice(2))] : [{ passed: 0, failed: 1, note: "Nothing was tested." }],
);
console.log(lines.join("\n"));
process.exitCode = code;
