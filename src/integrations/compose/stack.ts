import { z } from "zod";

/** What begins with a hyphen would be read as an option. */
const Path = z.string().regex(/^[^-\s]/, "a path does not begin with a hyphen");

/** A project of Docker Compose: always asked for with its name, all its files and its env file. */
export const ComposeConnection = z.strictObject({
  project: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "a project is named with a-z, 0-9, _ and -"),
  /** Every file that makes the project, in order: without one of them its limits and counts would be dropped. */
  files: z.array(Path).min(1).max(20),
  envFile: Path.optional(),
  /** The folder that the files are found from. */
  cwd: z.string().startsWith("/", "the whole path of a folder"),
  /** What is run, word for word; `[docker, compose]` when left out. */
  program: z.array(z.string().min(1)).min(1).max(10).default(["docker", "compose"]),
  /** Where the engine listens, as `unix:///run/user/1000/docker.sock`; docker's own place when left out. */
  host: z.string().min(1).optional(),
  /** The folder of docker's own configuration, with its plugins and what it signs in with. */
  config: z.string().startsWith("/", "the whole path of a folder").optional(),
});
type ComposeConnection = z.output<typeof ComposeConnection>;

const Named = z.strictObject({ backend: z.string() });

/** A stack as it is said where it is asked: one of the system's backends by its name, or described there. */
export type Stack = z.output<typeof Named> | ComposeConnection;

/** What is asked of a stack. */
export function ofStack<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.union([Named.extend(shape), ComposeConnection.extend(shape)]);
}

/** Only the stack of what is asked. A name for which no backend stands is an exception: no file that says so is taken. */
export function stackOf(asked: Stack): ComposeConnection {
  if ("backend" in asked) throw new Error(`no backend is called ${asked.backend}`);
  const { project, files, envFile, cwd, program, host, config } = asked;
  return { project, files, envFile, cwd, program, host, config };
}

/** The name by which failures tell of a stack. */
export function stackName(asked: Stack): string {
  return `compose ${"backend" in asked ? asked.backend : asked.project}`;
}

/** A service by its name. What begins with a hyphen would be read as an option. */
export const serviceName = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/;
export const Service = z.string().regex(serviceName, "a service is named with letters, digits, _, . and -");
