import { parseArgs } from "node:util";
import { askProject } from "./ask.ts";
import { tellOfEngine } from "./ask-engine.ts";
import { changeProject, fetchImage } from "./change.ts";
import { askedEngine, withEngine } from "./engine.ts";
import { createVolume, runInside, runOnce } from "./one-off.ts";
import { Ended, readProject } from "./project.ts";

/** Carries out one command line of `docker`. Ends as the real one: by what it throws. */
export function runDocker(argv: readonly string[]): void {
  const [flag, folder = "", command, ...rest] = argv;
  if (flag !== "--state") throw new Ended("say where the state is kept: --state FOLDER", 125);
  if (command === "volume") {
    volumes(folder, rest);
    return;
  }
  if (command === "run") {
    process.stdout.write(runOnce(folder, rest));
    return;
  }
  if (command === "pull") {
    process.stdout.write(fetchImage(folder, rest));
    return;
  }
  if (command === "info" || command === "container" || command === "image") {
    process.stdout.write(tellOfEngine(askedEngine(folder), command, rest));
    return;
  }
  if (command !== "compose")
    throw new Ended(`docker: unknown command: docker ${command ?? ""}\n\nRun 'docker --help' for more information`);
  const at = verbAt(rest);
  const { values } = parseArgs({
    args: rest.slice(0, at),
    options: {
      ansi: { type: "string" },
      progress: { type: "string" },
      project: { type: "string", short: "p" },
      "project-name": { type: "string" },
      file: { type: "string", short: "f", multiple: true },
      "env-file": { type: "string", multiple: true },
      "project-directory": { type: "string" },
    },
  });
  const [verb = "", ...words] = rest.slice(at);
  const project = readProject({
    project: values.project ?? values["project-name"] ?? "stack",
    files: values.file ?? ["docker-compose.yml"],
    envFiles: values["env-file"] ?? [],
    engine: folder,
  });
  if (verb === "exec") {
    process.stdout.write(runInside(folder, project, words));
    return;
  }
  const asked = askProject(folder, project, { verb, words });
  if (asked !== undefined) {
    process.stdout.write(asked);
    return;
  }
  changeProject(folder, project, { verb, words });
}

/** The first word that is neither an option nor the value of one. */
function verbAt(words: readonly string[]): number {
  let at = 0;
  while (words[at]?.startsWith("-")) at += words[at]?.includes("=") ? 1 : 2;
  return at;
}

function volumes(folder: string, [verb = "", ...words]: readonly string[]): void {
  if (verb === "ls") {
    const project = words.find((word) => word.startsWith("label="))?.split("=")[2];
    const found = askedEngine(folder).volumes.filter((each) => project === undefined || each.project === project);
    process.stdout.write(found.map(({ name }) => `${name}\n`).join(""));
    return;
  }
  withEngine(folder, (state) => {
    if (verb === "create") {
      process.stdout.write(createVolume(state, words));
      return;
    }
    if (verb !== "rm") throw new Ended(`unknown command: docker volume ${verb}`);
    for (const name of words) {
      const at = state.volumes.findIndex((each) => each.name === name);
      if (at === -1) throw new Ended(`Error: No such volume: ${name}`);
      const user = state.containers.find((each) => each.volumes.includes(name));
      if (user) throw new Ended(`Error response from daemon: remove ${name}: volume is in use - [${user.id}]`);
      state.volumes.splice(at, 1);
      process.stdout.write(`${name}\n`);
    }
  });
}
