import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Outcome, root, toolEnvironment } from "./gates.ts";

/** Past this a test hangs; the suite is meant to take less than six minutes on two cores. */
const suiteMsMax = 20 * 60_000;

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});
type Report = z.output<typeof Report>;

/**
 * Runs the tests, all or those that `filters` name, as vitest's command line takes them. What vitest calls a failure
 * without a failed test (an error nobody caught, a file that does not load, no test at all) counts as one here too.
 */
export function runSuite(filters: readonly string[]): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-suite-"));
  const file = join(folder, "report.json");
  try {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...filters];
    const run = spawnSync(process.execPath, args, {
      cwd: root,
      env: toolEnvironment(),
      stdio: "inherit",
      timeout: suiteMsMax,
      killSignal: "SIGKILL",
    });
    if (run.error) console.log(String(run.error));
    return countsOf(reportIn(file), run.status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportIn(file: string): Report | undefined {
  try {
    return Report.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Exported for its test: the count decides whether a change passes. */
export function countsOf(report: Report | undefined, exitedWell: boolean): Outcome {
  if (!report) {
    console.log("The tests ended without a report.");
    return { passed: 0, failed: 1 };
  }
  const skipped = report.numPendingTests + report.numTodoTests;
  if (skipped > 0) console.log(`${skipped} skipped`);
  const brokenFiles = report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const nothingRan = report.numPassedTests + failed === 0;
  if (nothingRan) console.log("No test ran.");
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && (nothingRan || !exitedWell) ? 1 : failed,
  };
}
