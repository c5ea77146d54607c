import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** A compose project of a test's own, on some engine. */
export interface ComposeStack {
  /** How a system's file reaches it. */
  readonly connection: {
    readonly project: string;
    readonly files: readonly string[];
    readonly envFile: string;
    readonly cwd: string;
    readonly program: readonly string[];
    readonly host?: string;
    readonly config?: string;
  };
  /** Runs a verb by hand, as a person on the machine would. */
  byHand(...words: readonly string[]): SpawnSyncReturns<string>;
  remove(): void;
}

/** What a stack runs on. */
export interface ComposeEngine {
  readonly program: readonly string[];
  readonly host?: string;
  readonly config?: string;
}

/** Runs until it is ended, and says at its start what its environment tells it to. */
const service = {
  image: "${IMAGE:-local/wardroom-test:1}",
  init: true,
  network_mode: "none",
  stop_grace_period: "1s",
  command: ["sh", "-c", 'echo "$$SAYS"; exec sleep 100000'],
};

const files = {
  "docker-compose.yml": {
    services: {
      gateway: { ...service, environment: { SAYS: "ready token=Tr0ub4dor-3x" }, volumes: ["data:/data"] },
      "overlay-chrono": { ...service, environment: { SAYS: "level=error clock lost" } },
      gui: { ...service, ports: ["127.0.0.1:18095:80"], environment: { SAYS: "" } },
    },
    volumes: { data: {} },
  },
  "docker-compose.prod.yml": { services: { "overlay-chrono": { deploy: { replicas: 2 } } } },
};

let made = 0;

/** A project in a folder of its own, with all of it started. */
export function startStack({ program, host, config }: ComposeEngine): ComposeStack {
  const cwd = mkdtempSync(join(tmpdir(), "wardroom-compose-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), JSON.stringify(content));
  writeFileSync(join(cwd, "stack.env"), "MODE=paper\n");
  made += 1;
  const project = `wardroom-${process.pid}-${made}`;
  const connection = { project, files: Object.keys(files), envFile: "stack.env", cwd, program };
  const [file = "", ...start] = program;
  const byHand = (...words: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(
      file,
      [
        ...start,
        "-p",
        project,
        ...connection.files.flatMap((each) => ["-f", each]),
        "--env-file",
        "stack.env",
        ...words,
      ],
      { cwd, encoding: "utf8", env: engineEnvironment({ program, ...(host && { host }), ...(config && { config }) }) },
    );
  const up = byHand("up", "-d");
  if (up.status !== 0) throw new Error(`the stack did not start: ${up.stderr}`);
  return {
    connection: { ...connection, ...(host && { host }), ...(config && { config }) },
    byHand,
    remove() {
      byHand("down", "--volumes");
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}

function engineEnvironment({ host, config }: ComposeEngine): NodeJS.ProcessEnv {
  return {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    ...(host && { DOCKER_HOST: host }),
    ...(config && { DOCKER_CONFIG: config }),
  };
}

/** The stand-in that the demo uses, with a folder of its own. */
export function standIn(): { readonly engine: ComposeEngine; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-engine-"));
  const script = resolve("demo/compose/docker-compose.js");
  // Without the hyphens Node takes --env-file for its own.
  return { folder, engine: { program: [process.execPath, "--", script, "--state", folder, "compose"] } };
}

/**
 * The engine of this machine, where it has one with compose, and a program to make an image of. Undefined where it has not:
 * what is told of the real engine is not run then. DOCKER_HOST and DOCKER_CONFIG may name another.
 */
export function realEngine(): ComposeEngine | undefined {
  const { DOCKER_HOST: host, DOCKER_CONFIG: config, BUSYBOX: busybox = "/bin/busybox" } = process.env;
  const engine = { program: ["docker", "compose"], ...(host && { host }), ...(config && { config }) };
  const env = engineEnvironment(engine);
  const docker = (words: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync("docker", words, { encoding: "utf8", env });
  if (docker(["compose", "version"]).status !== 0 || docker(["version"]).status !== 0) return undefined;
  if (docker(["image", "inspect", image]).status === 0) return engine;
  return importImage(busybox, env) ? engine : undefined;
}

const image = "local/wardroom-test:1";

/** An image of nothing but a shell: no registry is asked. */
function importImage(busybox: string, env: NodeJS.ProcessEnv): boolean {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-image-"));
  mkdirSync(join(folder, "bin"));
  const packed = spawnSync(
    "sh",
    [
      "-c",
      'cp "$1" bin/busybox && for a in sh sleep echo; do ln -s busybox bin/$a; done && tar -c . > ../$2.tar',
      "-",
      busybox,
      folder.split("/").at(-1) ?? "",
    ],
    { cwd: folder },
  );
  const done = packed.status === 0 && spawnSync("docker", ["import", `${folder}.tar`, image], { env }).status === 0;
  rmSync(folder, { recursive: true, force: true });
  rmSync(`${folder}.tar`, { force: true });
  return done;
}
