import type { Variables } from "./environment.ts";
import { type Config, type ConfigPlace, loadConfig } from "./load-config.ts";
import { type ConfigProblem, formatLabelled } from "./problem.ts";

export interface CheckOptions {
  readonly variables: Variables;
  /** Takes a variable that is not set as a warning: for another machine than the bot's, as where a change is reviewed. */
  readonly withoutEnv?: boolean;
  readonly write: (text: string) => void;
}

/**
 * Checks a config as the start does, without touching the network: one line a problem, then one that sums up. Returns the exit code:
 * 0 when no error was found.
 */
export async function checkConfig(place: ConfigPlace, { variables, withoutEnv, write }: CheckOptions): Promise<0 | 1> {
  const result = await loadConfig(place, { variables, unset: withoutEnv ? "warn" : "refuse" });
  const problems = "problems" in result ? result.problems : result.warnings;
  // Long lists of warnings hide no error.
  for (const problem of [...problems.filter(isError), ...problems.filter((each) => !isError(each))])
    write(`${formatLabelled(problem)}\n`);
  if ("config" in result) {
    write(`The config is good: ${summary(result.config)}${problems.length > 0 ? `, ${tally(problems)}` : ""}.\n`);
    return 0;
  }
  if (problems.some((problem) => problem.severity === "error")) {
    write(`The config cannot be used: ${tally(problems)}.\n`);
    return 1;
  }
  write(`No error was found, ${tally(problems)}: what depends on unset variables was not checked.\n`);
  return 0;
}

function summary({ policy, systems }: Config): string {
  return [
    counted(systems.length, "system"),
    policy.people.length === 1 ? "1 person" : `${policy.people.length} people`,
    counted(policy.channels.length, "channel"),
    `policy ${policy.revision.slice(0, 12)}`,
  ].join(", ");
}

function tally(problems: readonly ConfigProblem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return parts.join(" and ");
}

function counted(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

function isError({ severity }: ConfigProblem): boolean {
  return severity === "error";
}
