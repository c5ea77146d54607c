import { type Environment, readEnvironment } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";

/** The environment, or a UserError that names every variable that is wrong. */
export function environmentOrRefuse(): Environment {
  const read = readEnvironment();
  if ("environment" in read) return read.environment;
  throw new UserError(
    read.problems.map((problem) => `${problem.variable} ${problem.message}. ${problem.remedy}`).join("\n"),
  );
}
