import { parseArgs } from "node:util";
import { type Asked, ofProject } from "./ask.ts";
import {
  type EngineState,
  engineFault,
  type KeptContainer,
  makeContainer,
  registryFault,
  startContainer,
  stopContainer,
  tell,
  withEngine,
} from "./engine.ts";
import { Ended, type Project, type ProjectService } from "./project.ts";

/** Carries out a verb that changes something, and tells of it line by line. */
export function changeProject(folder: string, project: Project, { verb, words }: Asked): void {
  const fault = engineFault(folder);
  if (fault !== undefined) throw new Ended(fault);
  withEngine(folder, (state) => {
    const of = { folder, project, state };
    if (verb === "up") up(of, words);
    else if (verb === "pull") pull(of, words);
    else if (verb === "rm") remove(of, words);
    else if (verb === "down") down(of, words);
    else if (verb === "stop" || verb === "kill" || verb === "restart") signal(of, verb, words);
    else throw new Ended(`unknown docker command: "compose ${verb}"`, 16);
  });
}

interface At {
  readonly folder: string;
  readonly project: Project;
  readonly state: EngineState;
}

function signal({ folder, project, state }: At, verb: "stop" | "kill" | "restart", words: readonly string[]): void {
  const { positionals } = parseArgs({
    args: [...words],
    options: { timeout: { type: "string", short: "t" } },
    allowPositionals: true,
  });
  for (const each of ofProject(project, state, positionals)) {
    const [doing, did] = { stop: ["Stopping", "Stopped"], kill: ["Killing", "Killed"], restart: ["Restarting", ""] }[
      verb
    ];
    if (verb !== "restart" && each.state !== "running") continue;
    tell("Container", each.name, doing ?? "");
    stopContainer(each, verb === "kill" ? 137 : 0);
    if (verb === "restart") startContainer(folder, state, each, isChecked(project, each));
    else tell("Container", each.name, did ?? "");
  }
}

function isChecked(project: Project, { service }: KeptContainer): boolean {
  return project.services.get(service)?.isChecked === true;
}

function pull({ folder, project, state }: At, words: readonly string[]): void {
  const { positionals } = parseArgs({
    args: [...words],
    options: { quiet: { type: "boolean", short: "q" } },
    allowPositionals: true,
  });
  ofProject(project, state, positionals);
  for (const name of positionals.length > 0 ? positionals : project.services.keys()) {
    process.stderr.write(` ${name} Pulling \n`);
    const image = project.services.get(name)?.image ?? "";
    const fault = registryFault(folder);
    if (fault !== undefined) {
      process.stderr.write(` ${name} Error ${fault}\n`);
      throw new Ended(`Error response from daemon: ${fault}`, 18);
    }
    if (!state.images.includes(image)) state.images.push(image);
    process.stderr.write(` ${name} Pulled \n`);
  }
}

/** `docker pull IMAGE`. */
export function fetchImage(folder: string, words: readonly string[]): string {
  const image = words.at(-1) ?? "";
  const fault = registryFault(folder);
  if (fault !== undefined) throw new Ended(`Error response from daemon: ${fault}`);
  withEngine(folder, ({ images }) => {
    if (!images.includes(image)) images.push(image);
  });
  return `${image}\n`;
}

function remove({ project, state }: At, words: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { stop: { type: "boolean", short: "s" }, force: { type: "boolean", short: "f" } },
    allowPositionals: true,
  });
  for (const each of ofProject(project, state, positionals)) {
    if (each.state === "running" && !values.stop) continue;
    removeContainer(state, each);
  }
}

/** With --volumes every volume of the project goes, whatever is in it. */
function down({ project, state }: At, words: readonly string[]): void {
  const { values } = parseArgs({ args: [...words], options: { volumes: { type: "boolean", short: "v" } } });
  for (const each of ofProject(project, state, [])) removeContainer(state, each);
  if (values.volumes) state.volumes = state.volumes.filter((each) => each.project !== project.name);
}

function removeContainer(state: EngineState, container: KeptContainer): void {
  tell("Container", container.name, "Stopping");
  tell("Container", container.name, "Stopped");
  tell("Container", container.name, "Removing");
  state.containers.splice(state.containers.indexOf(container), 1);
  tell("Container", container.name, "Removed");
}

function up(at: At, words: readonly string[]): void {
  const { project, state } = at;
  const { values, positionals } = parseArgs({
    args: [...words],
    options: {
      detach: { type: "boolean", short: "d" },
      "no-deps": { type: "boolean" },
      "no-recreate": { type: "boolean" },
      "force-recreate": { type: "boolean" },
      "no-build": { type: "boolean" },
      scale: { type: "string", multiple: true },
    },
    allowPositionals: true,
  });
  const selected = selectedServices(project, positionals, values["no-deps"] === true);
  const scales = scalesIn(project, selected, values.scale ?? []);
  for (const service of selected) {
    const n = scales.get(service.name) ?? service.replicas;
    if (n > 1 && service.containerName !== undefined)
      throw new Ended(
        `WARNING: The "${service.name}" service is using the custom container name "${service.containerName}". Docker requires each container to have a unique name. Remove the custom name to scale the service.`,
      );
    for (const name of service.volumes) makeVolume(state, project, name);
    const recreate = values["force-recreate"] ? "all" : values["no-recreate"] ? "none" : "changed";
    converge(at, service, { n, recreate });
  }
}

/** Those named, and without --no-deps what they depend on; all when none is named. */
function selectedServices(project: Project, names: readonly string[], noDeps: boolean): ProjectService[] {
  const wanted = new Set(names.length === 0 ? project.services.keys() : []);
  const add = (name: string): void => {
    const service = project.services.get(name);
    if (!service) throw new Ended(`no such service: ${name}`);
    if (wanted.has(name)) return;
    wanted.add(name);
    if (!noDeps) service.dependsOn.forEach(add);
  };
  names.forEach(add);
  return [...project.services.values()].filter(({ name }) => wanted.has(name));
}

/** What is not scaled here has as many as its files say: also what was scaled by hand before. */
function scalesIn(
  project: Project,
  selected: readonly ProjectService[],
  written: readonly string[],
): ReadonlyMap<string, number> {
  return new Map(
    written.map((each): [string, number] => {
      const [name = "", count = ""] = each.split("=");
      if (!/^\d+$/.test(count)) throw new Ended(`strconv.Atoi: parsing "${count}": invalid syntax`);
      if (!project.services.has(name)) throw new Ended(`no such service: ${name}: not found`);
      if (!selected.some((service) => service.name === name)) throw new Ended(`no such service: ${name}: disabled`);
      return [name, Number(count)];
    }),
  );
}

function makeVolume(state: EngineState, project: Project, name: string): void {
  if (state.volumes.some((each) => each.name === name)) return;
  tell("Volume", `"${name}"`, "Creating");
  state.volumes.push({ name, project: project.name, holds: "" });
  tell("Volume", `"${name}"`, "Created");
}

function converge(
  { folder, project, state }: At,
  service: ProjectService,
  { n, recreate }: { readonly n: number; readonly recreate: "all" | "none" | "changed" },
): void {
  const own = (): KeptContainer[] => ofProject(project, state, [service.name]).filter(({ oneOff }) => !oneOff);
  for (const extra of own().slice(n)) removeContainer(state, extra);
  for (const each of own()) {
    if (recreate === "none" || (recreate === "changed" && each.hash === service.hash)) continue;
    tell("Container", each.name, "Recreate");
    state.containers.splice(state.containers.indexOf(each), 1, makeContainer(project, service, each.number));
    tell("Container", each.name, "Recreated");
  }
  while (own().length < n) {
    const numbers = own().map(({ number }) => number);
    const made = makeContainer(project, service, Math.max(0, ...numbers) + 1);
    tell("Container", made.name, "Creating");
    state.containers.push(made);
    tell("Container", made.name, "Created");
  }
  for (const each of own()) {
    if (each.state === "running") tell("Container", each.name, "Running");
    else startContainer(folder, state, each, service.isChecked);
  }
}
