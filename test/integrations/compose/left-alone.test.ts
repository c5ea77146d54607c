import { expect, it } from "vitest";
import { OperationFile, planner } from "../../fakes/backends.ts";
import { doStep, readOf, systemOn } from "./asking.ts";
import { container, program } from "./programs.ts";

it("what runs the image that its files name, and what has no container, is left alone where that is asked", async () => {
  const at = `registry.example/at@sha256:${"b".repeat(64)}`;
  const withImage = (image: string): object => ({ image });
  const written = {
    services: {
      api: withImage(at),
      worker: withImage(at),
      web: withImage("web:2"),
      cron: withImage(at),
      gone: withImage(at),
    },
  };
  const of = (Service: string, more: object): object => ({
    ...container,
    Name: `logos-${Service}-1`,
    Service,
    ...more,
  });
  const containers = [
    of("api", { Image: at }),
    of("worker", { Image: "registry.example/at:1" }),
    // A tag says nothing of what it named when this was made.
    of("web", { Image: "web:2" }),
    of("cron", { Image: at, State: "exited", ExitCode: 137 }),
  ];
  const stack = program(`
    if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify(written))});
    else if (words.includes("ps")) console.log(${JSON.stringify(containers.map((each) => JSON.stringify(each)).join("\n"))});
    else { console.error(words.slice(words.indexOf("up")).join(" ")); process.exit(1); }
  `);
  const all = ["api", "worker", "web", "cron", "gone"];
  expect(await doStep(stack, { recreate: all, unlessCurrent: true })).toMatchObject({
    detail: expect.stringMatching(
      /--force-recreate --scale worker=1 --scale web=1 --scale cron=1 worker web cron; left as they are: api, gone$/,
    ),
  });
  expect(await doStep(stack, { recreate: ["api", "gone"], unlessCurrent: true })).toEqual({
    outcome: "done",
    detail: "nothing was made anew; left as they are: api, gone",
  });
  expect(await doStep(stack, { recreate: ["api", "gone"], unlessCurrent: true }, {}, "probe")).toMatchObject({
    outcome: "done",
  });
  expect(await doStep(stack, { recreate: ["api", "worker"], unlessCurrent: true }, {}, "probe")).toMatchObject({
    outcome: "unknown",
    detail: expect.stringContaining("worker does not run the image that its files name"),
  });
  expect(await systemOn(stack).fact({ runs: {} })).toBe(`registry.example/at:1 in worker instead of ${at}`);
});

it("images are fetched by digest before anything names them, and what cannot be fetched has changed nothing", async () => {
  const [here, other] = ["a", "b"].map((digit) => `registry.example/at@sha256:${digit.repeat(64)}`);
  const id = `sha256:${"c".repeat(64)}`;
  const engine = (pulled: string) =>
    program(`
    if (words[0] === "image" && words.at(-1) === "${here}") console.log("${id}");
    else if (words[0] === "pull" && words.at(-1) !== "${here}") { ${pulled} }
    else { console.error("Error response from daemon: No such image"); process.exit(1); }
  `);
  const step = { fetch: ["{images.api}", "{images.gui}"] };
  const values = { images: { api: here, gui: other } };
  expect(await doStep(engine("console.log(words.at(-1))"), step, values)).toEqual({
    outcome: "done",
    detail: "fetched 1 of 2",
  });
  const lacks = engine('console.error("Error response from daemon: manifest unknown"); process.exit(1)');
  expect(await doStep(lacks, step, values)).toMatchObject({
    outcome: "refused",
    detail: expect.stringMatching(/manifest unknown; no container and no file was changed$/),
  });
  expect(
    await doStep(engine("setInterval(() => undefined, 1000)"), { ...step, timeoutMs: 1_000 }, values),
  ).toMatchObject({
    outcome: "refused",
    detail: expect.stringMatching(/did not end within .*no container and no file was changed$/),
  });
  expect(await doStep(lacks, step, values, "probe")).toMatchObject({ outcome: "refused" });
  expect(await doStep(lacks, { fetch: [here] }, {}, "probe")).toMatchObject({ outcome: "done" });
  expect(await doStep(lacks, { fetch: [here] })).toMatchObject({ detail: "nothing to fetch: all of it is here" });
  await expect(doStep(lacks, step, { images: { api: here, gui: "registry.example/at:2" } })).rejects.toThrow(
    "names no image by its digest",
  );
});

it.each([
  ["one for all", { api: ["shop/api:2.4.1@sha256:a"], gui: ["shop/gui:2.4.1"], cron: [] }],
  ["2.4.0 in api, 2.4.1 in gui", { api: ["shop/api:2.4.0@sha256:a"], gui: ["shop/gui:2.4.1"], cron: [] }],
  ["2.4.0 in api and gui, 2.4.1 in gui and cron", { api: ["a:2.4.0"], gui: ["g:2.4.0", "g:2.4.1"], cron: ["c:2.4.1"] }],
  [
    "2.4.0 in 3 services, no tag in cron",
    { api: ["a:2.4.0"], web: ["w:2.4.0"], gui: ["g:2.4.0"], cron: ["c@sha256:b"] },
  ],
])("services that are released together run %s", async (said, images) => {
  const containers = Object.entries(images).flatMap(([Service, all]) =>
    all.map((Image, index) => ({ ...container, Name: `logos-${Service}-${index}`, Service, Image })),
  );
  const written = { services: Object.fromEntries(Object.keys(images).map((name) => [name, {}])) };
  const stack = program(`
    if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify(written))});
    else console.log(${JSON.stringify(containers.map((each) => JSON.stringify(each)).join("\n"))});
  `);
  expect(await systemOn(stack).fact({ oneRelease: Object.keys(images) })).toBe(said);
});

it.each([
  [{ scale: { "{service}": 0 } }, { "compose service api": 0 }],
  [{ scale: { "{service}": 3 } }, { "compose service api": 3 }],
  [{ remove: ["{service}"] }, { "compose service api": 0 }],
  [{ stop: "{service}" }, { "compose service api": "stopped" }],
  [{ restart: "{service}" }, { "compose service api": "started" }],
  [{ up: "{service}" }, { "compose service api": 1 }],
  [{ recreate: "{service}" }, { "compose service api": 1 }],
  [{ recreate: "{service}", unlessCurrent: true }, { "compose service api": "started" }],
  [{ pull: "{service}" }, {}],
])("%j is known by what it leaves", (asked, left) => {
  const { connection } = program("");
  const step = { id: "it", title: "It", compose: { ...connection, ...asked } };
  const operation = OperationFile.parse({ summary: "Try", risk: "change", steps: [step] });
  const [planned] = planner.plan(operation, { service: "api" }).steps;
  expect(planned && planner.leaves(planned)).toEqual(left);
});

it("a release is well while all are and run what was released, and is another once one of them does not", async () => {
  const [a, b] = ["a", "b"].map((digit) => `registry.example/at@sha256:${digit.repeat(64)}`);
  const of = (Service: string, Image: string, more: object = {}) => ({
    ...container,
    Name: `logos-${Service}-1`,
    Service,
    Image,
    ...more,
  });
  const stackOf = (containers: readonly object[]) =>
    program(`
    if (words.includes("config")) console.log('{"services":{"api":{},"gui":{}}}');
    else console.log(${JSON.stringify(containers.map((each) => JSON.stringify(each)).join("\n"))});
  `);
  const release = `api=${a}`;
  expect(await readOf(stackOf([of("api", a ?? ""), of("gui", "gui:2")]), { release })).toMatchObject({
    well: true,
    other: false,
    why: "",
  });
  expect(await readOf(stackOf([of("api", a ?? "")]), { release })).toMatchObject({
    well: false,
    other: false,
    why: "gui has no container",
  });
  expect(
    await readOf(stackOf([of("api", a ?? "", { State: "exited", ExitCode: 1 }), of("gui", "gui:2")]), { release }),
  ).toMatchObject({
    well: false,
    why: expect.stringContaining("api-1 exited with 1"),
  });
  expect(await readOf(stackOf([of("api", b ?? ""), of("gui", "gui:2")]), { release })).toMatchObject({
    other: true,
    why: expect.stringMatching(/^api runs \S+, not \S+: another image was rolled out since$/),
  });
});
