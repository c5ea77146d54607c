import { type Environment, readEnvironment, type Variables } from "../config/environment.ts";
import { UserError } from "../domain/failure.ts";

/** The environment, or a UserError that names every variable that is wrong. */
export function environmentOrRefuse(variables?: Variables): Environment {
  const read = readEnvironment(variables);
  if ("environment" in read) return read.environment;
  throw new UserError(
    read.problems.map((problem) => `${problem.variable} ${problem.message}. ${problem.remedy}`).join("\n"),
  );
}
