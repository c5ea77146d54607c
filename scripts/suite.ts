import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Outcome, root, toolEnvironment } from "./gates.ts";

/** Past this a test hangs; the suite is meant to take less than ten minutes on two cores. */
const suiteMsMax = 40 * 60_000;

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});
type Report = z.output<typeof Report>;

/** Where the suite is and whether its own words are shown; a test of this script plants failures elsewhere, quietly. */
interface SuitePlace {
  readonly project: string;
  readonly output: "inherit" | "ignore";
}

/**
 * Runs the tests, all or those that `filters` name, as vitest's command line takes them. What vitest calls a failure
 * without a failed test (an error nobody caught, a file that does not load, no test at all) counts as one here too.
 */
export function runSuite(
  filters: readonly string[],
  where: SuitePlace = { project: root, output: "inherit" },
): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-suite-"));
  const file = join(folder, "report.json");
  try {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = [vitest, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...filters];
    const run = spawnSync(process.execPath, args, {
      cwd: where.project,
      env: toolEnvironment(),
      stdio: ["ignore", where.output, where.output],
      timeout: suiteMsMax,
      killSignal: "SIGKILL",
    });
    const counted = countsOf(reportIn(file), run.status === 0);
    return run.error ? { ...counted, note: String(run.error) } : counted;
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

function countsOf(report: Report | undefined, exitedWell: boolean): Outcome {
  if (!report) return { passed: 0, failed: 1, note: "The tests ended without a report." };
  const brokenFiles = report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + brokenFiles;
  if (passed + failed === 0) return { passed, failed: 1, note: "No test ran." };
  const skipped = report.numPendingTests + report.numTodoTests;
  return {
    passed,
    failed: failed === 0 && !exitedWell ? 1 : failed,
    ...(skipped > 0 && { note: `${skipped} skipped` }),
  };
}
