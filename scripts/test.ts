/** `npm test`: brings the real programs the tests need, then runs every gate and every test, and counts them all. */
import { runGates } from "./gates.ts";
import { providePackages } from "./packages.ts";
import { runSuite } from "./suite.ts";
import { total } from "./total.ts";

if (providePackages()) process.exitCode = total([runGates(), runSuite(process.argv.slice(2))]);
else process.exitCode = total([{ passed: 0, failed: 1 }]);
