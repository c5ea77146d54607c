import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { type Connected, countsOf, doStep, readOf, systemOn } from "./asking.ts";
import { container, program } from "./programs.ts";

const config = { services: { api: { environment: { DB_PASSWORD: "Tr0ub4dor-3x" } }, worker: {} }, volumes: {} };

/** One that answers `config` and `ps` as it should, and everything else as `source` does. */
function engine(source: string, containers: readonly object[] = [container]): Connected {
  return program(`
    if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify(config))});
    else if (words.includes("ps")) console.log(${JSON.stringify(containers.map((each) => JSON.stringify(each)).join("\n"))});
    else { ${source} }
  `);
}

describe("what is not known of a stack is told as such, never as nothing", () => {
  it.each([
    ["is not there", undefined, /docker compose was not started: .* is not there: install it/],
    [
      "has no compose",
      `console.error("docker: unknown command: docker compose"); process.exit(1)`,
      /this docker has no compose: install its plugin/,
    ],
    [
      "has no compose, as docker 28 says it",
      `console.error("unknown flag: --ansi\\n\\nUsage:  docker [OPTIONS] COMMAND\\n\\nRun 'docker --help' for more information"); process.exit(125)`,
      /this docker has no compose: install its plugin/,
    ],
    [
      "does not reach its engine",
      `console.error("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?"); process.exit(1)`,
      /the engine of docker does not answer/,
    ],
    [
      "may not use its engine",
      `console.error("permission denied while trying to connect to the Docker daemon socket"); process.exit(1)`,
      /the bot's user may not use the engine/,
    ],
    [
      "misses a file",
      `console.error("open /opt/logos/docker-compose.yml: no such file or directory"); process.exit(14)`,
      /docker compose refused: open .*docker-compose.yml: no such file/,
    ],
    ["prints half an answer", `console.log('{"Name":"a')`, /half of an answer, or no JSON/],
    ["prints another form", `console.log('{"name":"a"}')`, /in a form that is not known/],
    [
      "tells of another project",
      `console.log('${JSON.stringify({ ...container, Project: "other" })}')`,
      /another project/,
    ],
    ["fails and tells a secret", `console.error("no: token=Tr0ub4dor-3x"); process.exit(9)`, /no: token=\[redacted\]/],
    [
      "fails and tells a secret on a line of its own",
      `console.error("failed with password:\\n  Tr0ub4dor-3xq9Z"); process.exit(9)`,
      /\[redacted\]/,
    ],
    ["prints more than anybody reads", `process.stdout.write("x".repeat(17 << 20))`, /more than 16 MiB/],
  ])("a program that %s", async (_what, source, said) => {
    const stack = source === undefined ? gone() : program(source);
    const asked = systemOn(stack);
    const told = [await asked.metric({ count: "running" }), await asked.health({ service: "api" })];
    expect(told).toEqual(told.map(() => expect.stringMatching(said)));
    expect(JSON.stringify(told)).not.toContain("Tr0ub4dor");
  });

  it("one that hangs is given up, and nothing of it goes on", async () => {
    const stack = program("setInterval(() => undefined, 1000)");
    expect(await systemOn(stack).health({ service: "api" }, "300ms")).toMatch(/did not end within 300 ms/);
  });

  it("colour codes are taken away, and a list in place of lines is read as well", async () => {
    const text = JSON.stringify([container, { ...container, Name: "logos-api-2", State: "restarting" }]);
    const stack = program(`console.log(words.includes("config") ? ${JSON.stringify(JSON.stringify(config))} :
      "\\u001b[2K\\u001b[32m" + ${JSON.stringify(text)} + "\\u001b[0m")`);
    expect(await countsOf(stack)).toEqual({ api: 1, worker: 0 });
    expect(await systemOn(stack).health({ service: "api" })).toMatch(/1 of 2 containers running; api-2 is restarting/);
  });

  it("logs in another form are no log, and what was cut or not ended in time is told as a part", async () => {
    await expect(systemOn(program(`console.log("one\\ntwo")`)).logs({})).rejects.toThrow(
      "logs in a form that is not known",
    );
    const line = "api-1  | 2026-11-28T20:54:35.732658959Z ready";
    const slow = program(`console.log("${line}"); setInterval(() => undefined, 1000)`);
    expect(await systemOn(slow).logs({}, { from: 0, deadlineMs: 2_000 })).toMatchObject({
      matched: 1,
      gaps: [{ why: "time" }],
    });
    const long = program(`process.stdout.write(Array(20_000).fill("${line}\\n").join(""))`);
    expect(await systemOn(long).logs({}, { from: 0, limit: 1 })).toMatchObject({
      matched: 20_000,
      gaps: [{ why: "cut", origin: "api-1", lines: 20_000, bytes: 100_000 }],
    });
  });

  it("what was run once by hand is none of its containers, and one that starts is not known to be unwell", async () => {
    const stack = engine("", [
      { ...container, Health: "starting" },
      {
        ...container,
        Name: "logos-api-run-1",
        Labels: "com.docker.compose.oneoff=True,x=1",
        State: "exited",
        ExitCode: 1,
      },
    ]);
    expect(await systemOn(stack).health({ service: "api" })).toBe(
      "compose logos: 0 of 1 container healthy; api-1 is running and starting",
    );
    expect(await systemOn(stack).fact({ service: "api", of: "id" })).toMatch(/nothing tells the id of api/);
    expect(await systemOn(stack).fact({ service: "worker", of: "state" })).toMatch(/worker has no container/);
    expect(await readOf(stack, { counts: {} })).toEqual({ api: 1, worker: 0 });
  });
});

describe("what an image says in a label of its own", () => {
  const engineOf = (...labels: readonly string[]): Connected =>
    engine(
      "",
      labels.map((Labels, at) => ({ ...container, Name: `logos-api-${at + 1}`, Labels })),
    );
  const files = "com.docker.compose.project.config_files";

  it("proves no other stack, and hides no container", async () => {
    const own = "/elsewhere/docker-compose.yml";
    const { cwd } = engine("").connection;
    const forged = `org.opencontainers.image.description=fine,${files}=${cwd}/docker-compose.yml`;
    for (const label of [`${files}=${own},${forged}`, `${forged},${files}=${own}`])
      expect(
        await systemOn({ connection: { ...engineOf(label).connection, cwd } }).identity({
          label: files,
          value: `${cwd}/docker-compose.yml`,
        }),
      ).toMatchObject({ is: "contradicted", why: expect.stringContaining(own) });
    const oneoff = "com.docker.compose.oneoff";
    const hidden = engineOf("", `${oneoff}=False,org.opencontainers.image.description=a,${oneoff}=True`);
    expect(await countsOf(hidden)).toEqual({ api: 2, worker: 0 });
  });

  it("is read with the commas that stand in it", async () => {
    const { connection } = engineOf(`a=b,c,${files}=/srv/a.yml,/srv/b.yml,d=`);
    expect(await systemOn({ connection }).identity({ label: files, value: "/srv/a.yml,/srv/b.yml" })).toEqual({
      is: "proven",
    });
  });
});

function gone(): Connected {
  const { connection } = program("");
  return { connection: { ...connection, program: [join(connection.cwd, "nothing"), "compose"] } };
}

describe("a change whose end is not known is told as such", () => {
  it.each([
    [
      "is ended by its time",
      "setInterval(() => undefined, 1000)",
      "unknown",
      /did not end within 1(\.0)? s; what it had begun may go on/,
    ],
    [
      "fails amid its work",
      `console.error(" Container logos-api-1  Starting\\nError response from daemon: port is already allocated"); process.exit(1)`,
      "unknown",
      /port is already allocated/,
    ],
    [
      "loses its engine amid its work",
      `console.error(" Container logos-api-1  Starting\\nCannot connect to the Docker daemon"); process.exit(1)`,
      "unknown",
      /the engine of docker does not answer/,
    ],
    [
      "does not reach its engine at all",
      `console.error("Cannot connect to the Docker daemon at unix:///x."); process.exit(1)`,
      "refused",
      /the engine of docker does not answer/,
    ],
    ["fails without a word", "process.exit(3)", "unknown", /docker compose failed: ended with 3/],
    [
      "is killed from outside",
      `console.error("no such service: api"); process.kill(process.pid, "SIGKILL"); setInterval(() => undefined, 1000)`,
      "unknown",
      /^docker compose was ended by SIGKILL$/,
    ],
    [
      "was heard by its engine, and lost it before it answered",
      `console.error("error during connect: Post http://docker/v1.41/containers/a/restart: EOF"); process.exit(1)`,
      "unknown",
      /the engine of docker does not answer/,
    ],
    [
      "tells of its begin as a later release does",
      `console.error(" ✔ Container logos-api-1 Restarting\\nopen /x: no such file or directory"); process.exit(1)`,
      "unknown",
      /no such file or directory/,
    ],
  ])("one that %s", async (_what, source, outcome, said) => {
    const ended = await doStep(engine(source), { restart: "api", timeoutMs: 1_000 });
    expect(ended).toEqual({ outcome, detail: expect.stringMatching(said) });
  });

  const named = `registry.example/api@sha256:${"a".repeat(64)}`;
  const pulling = (fault: string): string =>
    `console.error(${JSON.stringify(` api Pulling \n api Error \nError response from daemon: ${fault}`)}); process.exit(18)`;

  it.each([
    [`manifest for ${named} not found: manifest unknown: manifest unknown`],
    ["unauthorized: authentication required"],
    ["pull access denied for registry.example/api, repository does not exist or may require 'docker login'"],
    ["Get https://registry.example/v2/: dial tcp: lookup registry.example: no such host"],
    ["Get https://registry.example/v2/: net/http: request canceled (Client.Timeout exceeded)"],
    ["failed to register layer: write /layer.tar: no space left on device"],
  ])("a pull that ended with %s is refused: no container is another for it", async (fault) => {
    const { outcome, detail } = await doStep(engine(pulling(fault)), { pull: "api" });
    expect(outcome).toBe("refused");
    expect(detail).toContain(fault.slice(0, 60));
    expect(detail).toMatch(/; no container was changed$/);
  });

  it.each([
    ["loses its engine", `console.error(" api Pulling\\nerror during connect: Post: EOF"); process.exit(1)`],
    ["is ended by its time", "setInterval(() => undefined, 1000)"],
    ["is killed", `process.kill(process.pid, "SIGKILL"); setInterval(() => undefined, 1000)`],
  ])("a pull that %s may go on, so that nobody knows its end", async (_what, source) => {
    expect(await doStep(engine(source), { pull: "api", timeoutMs: 1_000 })).toMatchObject({ outcome: "unknown" });
  });

  it("a step that is pinned goes on only where the files name each image by its digest", async () => {
    const files = { services: { api: { image: named }, worker: { image: "registry.example/worker:2" } } };
    const stack = program(`
      if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify(files))});
      else if (words.includes("inspect")) process.exit(1);
    `);
    expect(await doStep(stack, { pull: "api", pinned: true })).toMatchObject({ outcome: "done" });
    expect(await doStep(stack, { pull: ["api", "worker"], pinned: true })).toEqual({
      outcome: "refused",
      detail: "nothing was sent: the files name no image by its digest for worker: registry.example/worker:2",
    });
  });

  it("nothing is fetched that is here by the digest which its files name", async () => {
    const files = { services: { api: { image: named } } };
    const stack = program(`
      if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify(files))});
      else if (words.includes("inspect")) console.log("sha256:" + "b".repeat(64));
      else { ${pulling("no such host")} }
    `);
    expect(await readOf(stack, { named: {} })).toEqual({ api: named });
    expect(await doStep(stack, { pull: "api" })).toEqual({ outcome: "done", detail: "nothing to fetch: it is here" });
  });

  it("one that cannot be looked at before is not sent", async () => {
    const ended = await doStep(program("process.exit(1)"), { restart: "api" });
    expect(ended).toMatchObject({ outcome: "refused", detail: expect.stringMatching(/^nothing was sent: /) });
  });

  it("is sent with its project, all its files and its env file, word for word", async () => {
    const stack = engine("console.error(JSON.stringify({ words, env: Object.keys(process.env) })); process.exit(1)");
    const { detail } = await doStep(stack, { restart: ["api", "worker"] });
    expect(detail).toContain(
      '"words":["compose","--ansi","never","-p","logos","-f","docker-compose.yml","--env-file",".env","restart","api","worker"],"env":["PATH"]',
    );
  });
});

describe("a change that makes no sense is not planned", () => {
  it.each([
    ["a service that is an option", { restart: "{service}" }, { service: "--timeout" }, /"--timeout" is no name/],
    ["several words for one name", { restart: "{service}" }, { service: "api worker" }, /"api worker" is no name/],
    ["a count that is none", { scale: { api: "{n}" } }, { n: "many" }, /has 0 to 1000 containers/],
    ["fewer than none", { scale: { api: "{n}" } }, { n: -1 }, /has 0 to 1000 containers/],
    [
      "a service that was not read",
      { scale: { all: "{now}", "{service}": 2 } },
      { service: "apo", now: { api: 1, worker: 1 } },
      /there is no service apo: did you mean api\?/,
    ],
    ["counts that are none", { scale: { all: "{now}", api: 2 } }, { now: [1] }, /is no count for each service/],
    ["a digest that is none", { pull: "api", digest: "{tag}" }, { tag: "latest" }, /"latest" is no digest/],
  ])("as %s", async (_what, asked, values, said) => {
    await expect(doStep(engine(""), asked, values)).rejects.toThrow(said);
  });

  it.each([
    ["no verb", {}],
    ["two verbs", { stop: "api", up: "api" }],
    ["two services in one scaling", { scale: { api: 1, worker: 1 } }],
    ["an option for a name", { stop: "--timeout" }],
    ["a digest of what is stopped", { stop: "api", digest: `sha256:${"0".repeat(64)}` }],
  ])("nor may a file say %s", (_what, asked) => {
    const steps = [{ id: "it", title: "It", compose: { backend: "stack", ...asked } }];
    expect(OperationFile.safeParse({ summary: "Try", risk: "change", steps }).success).toBe(false);
  });
});

describe("a change whose answer was lost", () => {
  const running = { ...container, Service: "worker", Name: "logos-worker-1" };

  it.each([
    [{ scale: { api: 1 } }, "done"],
    [{ scale: { api: 2 } }, "unknown"],
    [{ stop: "api" }, "unknown"],
    [{ up: ["api", "worker"] }, "done"],
    [{ remove: "api" }, "unknown"],
    [{ restart: "api" }, "unknown"],
  ])("%j is looked up where it leaves a trace", async (asked, outcome) => {
    expect(await doStep(engine("", [container, running]), asked, {}, "probe")).toMatchObject({ outcome });
  });

  it.each(["restarting", "paused", "removing"])("what is %s has not stopped, and none of it is gone", async (state) => {
    const stack = engine("", [{ ...container, State: state }]);
    const told = [{ stop: "api" }, { scale: { api: 0 } }, { remove: "api" }].map(async (asked) =>
      doStep(stack, asked, {}, { begunMsAgo: 0 }),
    );
    expect(await Promise.all(told)).toEqual(told.map(() => expect.objectContaining({ outcome: "unknown" })));
  });

  const ids = ["a", "b"].map((digit) => digit.repeat(64));
  const two = ids.map((ID, at) => ({ ...container, ID, Name: `logos-api-${at + 1}` }));
  /** Its engine's clock says ten past, and the second of its containers is as told. */
  const tenPast = (life: string, containers: readonly object[] = two): Connected =>
    engine(
      `if (words.includes("info")) console.log("2026-11-28T20:10:00.000000001Z");
       else console.log("${ids[0]} 2026-11-28T20:09:00Z 2026-11-28T20:09:30.7Z 0\\n${ids[1]} ${life}");`,
      containers,
    );
  const twoMinutes = { begunMsAgo: 120_000 };

  it.each([
    ["restart", "2026-11-01T00:00:00Z 2026-11-28T20:08:01Z 0", "done", /stands as this step leaves it/],
    ["restart", "2026-11-01T00:00:00Z 2026-11-28T20:07:59Z 0", "unknown", /api-2 was started before it was begun/],
    ["restart", "2026-11-01T00:00:00Z 2026-11-28T20:09:59Z 4", "unknown", /started again by the engine itself/],
    ["recreate", "2026-11-28T20:08:01Z 2026-11-28T20:08:02Z 0", "done", /stands as this step leaves it/],
    ["recreate", "2026-11-28T20:07:59Z 2026-11-28T20:09:00Z 0", "unknown", /api-2 was made before it was begun/],
    ["restart", "yesterday", "unknown", /in a form that is not known/],
  ])("a %s is known by the engine's own clock: %s", async (verb, life, outcome, said) => {
    const found = await doStep(tenPast(life), { [verb]: "api" }, {}, twoMinutes);
    expect(found).toEqual({ outcome, detail: expect.stringMatching(said) });
  });

  const digest = `sha256:${"d".repeat(64)}`;
  const pinned = `ghcr.io/logos/api@${digest}`;
  const [one, other] = ["1", "2"].map((each) => `sha256:${each.repeat(64)}`);
  const tagged = "ghcr.io/logos/api:1.2";

  it.each<[string, { images: readonly string[]; here: string | undefined; outcome: string; said: RegExp }]>([
    ["its image is here", { images: [pinned], here: one, outcome: "done", said: /stands as this step leaves it/ }],
    ["both are here", { images: [pinned, pinned], here: `${one}\n${other}`, outcome: "done", said: /stands as this/ }],
    ["one of two is not", { images: [pinned, pinned], here: one, outcome: "unknown", said: /not all of its images/ }],
    [
      "its image is not",
      { images: [pinned], here: "No such image", outcome: "unknown", said: /not all of its images/ },
    ],
    ["the files name a tag", { images: [tagged], here: one, outcome: "unknown", said: /its files name no digest/ }],
    ["the files name another", { images: [`x@${one}`], here: one, outcome: "unknown", said: /files name x@sha256:1/ }],
  ])("a pull by digest is known by the images that are here: %s", async (_what, { images, here, outcome, said }) => {
    const services = Object.fromEntries(images.map((image, at) => [`api${at}`, { image }]));
    const stack = program(`
      if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify({ services }))});
      else if (words.slice(0, 2).join(" ") === "image inspect") console.log(${JSON.stringify(here)});
    `);
    const found = await doStep(stack, { pull: Object.keys(services), digest }, {}, "probe");
    expect(found).toEqual({ outcome, detail: expect.stringMatching(said) });
  });

  it("one of several that does not run, or of which nothing tells when it was started, leaves it unknown", async () => {
    const life = "2026-11-28T20:08:01Z 2026-11-28T20:08:02Z 0";
    const [first = {}, second = {}] = two;
    const still = tenPast(life, [first, { ...second, State: "created" }]);
    expect(await doStep(still, { recreate: "api" }, {}, twoMinutes)).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("api-2 is created"),
    });
    const nameless = tenPast(life, [first, { ...second, ID: undefined }]);
    expect(await doStep(nameless, { recreate: "api" }, {}, twoMinutes)).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("nothing tells when logos-api-2 was started"),
    });
    expect(await doStep(tenPast(life), { recreate: ["api", "worker"] }, {}, twoMinutes)).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("worker has no container"),
    });
    expect(await doStep(tenPast(life), { recreate: "api" }, {}, "probe")).toMatchObject({
      outcome: "unknown",
      detail: expect.stringContaining("not on record when it was begun"),
    });
  });
});

it("the card of a step shows what is run", () => {
  const steps = [
    { id: "it", title: "It", compose: { ...gone().connection, scale: { all: "{now}", "{service}": "{n}" } } },
  ];
  const operation = OperationFile.parse({ summary: "Try", risk: "change", steps });
  const [step] = planner.plan(operation, { service: "api", n: 3, now: { api: 1, worker: 1 } }).steps;
  expect(step?.description).toBe("compose logos: up -d --no-deps --no-build --no-recreate --scale api=3 api");
});
