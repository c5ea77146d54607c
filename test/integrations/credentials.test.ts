import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createBackends } from "../../src/compose/world.ts";
import { stepKindsOf } from "../../src/domain/systems/backend.ts";
import { planOperation } from "../../src/domain/systems/plan-operation.ts";
import type { System } from "../../src/domain/systems/system.ts";
import { createHealthChecks } from "../../src/integrations/health-checks.ts";
import { createStepRunner } from "../../src/integrations/steps.ts";
import { createSecrets } from "../../src/integrations/wire/secrets.ts";
import { edited, goodConfig, linesOf, system, variables } from "../config/config-folder.ts";
import { json, openBackend, openHttp, type Backend as Target } from "./backend.ts";

const secret = "tulip-Value-0123456789";
const call = { key: "request/wipe", elapsedMs: 0 };

/** A target, and what it was sent last: headers, address and body. */
async function openListener(): Promise<Target & { readonly seen: () => string }> {
  let last = "";
  const target = await openBackend((request, response) => {
    const parts: string[] = [];
    request.on("data", (part: Buffer) => parts.push(part.toString()));
    request.on("end", () => {
      last = `${request.url} ${JSON.stringify(request.headers)} ${parts.join("")}`;
      json({ ok: true })(request, response);
    });
  });
  return { ...target, seen: () => last };
}

const reaching = (backend: string, step: string): string =>
  edited(
    edited(
      system,
      "health:\n",
      `backends:\n  trader: { http: ${backend}, identity: { none: it is a test } }\nhealth:\n`,
    ),
    "{ id: note, title: Note, note: Done by hand }",
    step,
  );

async function configured(yaml: string, more: Readonly<Record<string, string>>) {
  const config = await goodConfig({ "systems/radar.yaml": yaml }, { variables: { ...variables, ...more } });
  const backends = createBackends({ http: openHttp({ secrets: createSecrets((name) => config.secrets.get(name)) }) });
  const [radar] = config.systems;
  if (!radar) throw new Error("the config has no system");
  return { config, backends, radar };
}

function planOf(radar: System, backends: ReturnType<typeof createBackends>, values = {}) {
  const operation = radar.operations["restart"];
  if (!operation) throw new Error("radar has no restart");
  return planOperation(stepKindsOf(backends), operation, values);
}

it.each([
  ["{ bearer: env:RADAR_TOKEN }", `"authorization":"Bearer ${secret}"`],
  [
    "{ basic: { user: bot, password: env:RADAR_TOKEN } }",
    `"authorization":"Basic ${Buffer.from(`bot:${secret}`).toString("base64")}"`,
  ],
  ["{ header: { name: X-Api-Key, value: env:RADAR_TOKEN } }", `"x-api-key":"${secret}"`],
  ["{ query: { name: key, value: env:RADAR_TOKEN } }", `/wipe?key=${secret}`],
])("a step of a backend with %s is sealed with the reference and sent with the credential", async (auth, sent) => {
  const target = await openListener();
  const { radar, backends } = await configured(
    reaching(
      `{ base: "\${RADAR_URL}", auth: ${auth} }`,
      "{ id: wipe, title: Wipe, http: { method: POST, url: { backend: trader, path: /wipe } } }",
    ),
    { RADAR_URL: target.url, RADAR_TOKEN: secret },
  );
  const plan = planOf(radar, backends);
  expect(JSON.stringify(plan)).toContain("env:RADAR_TOKEN");
  expect(JSON.stringify(plan)).not.toContain(secret);
  expect(plan.steps[0]?.description).toBe(`POST ${target.url}/wipe`);
  const [step] = plan.steps;
  if (!step) throw new Error("the plan has no step");
  expect(await createStepRunner(backends).run(step, call)).toMatchObject({ outcome: "done" });
  expect(target.seen()).toContain(sent);
});

it("a secret in an address or a body stays a reference until it is sent", async () => {
  const target = await openListener();
  const at = target.host;
  const { radar, backends } = await configured(
    edited(
      system,
      "{ id: note, title: Note, note: Done by hand }",
      `{ id: wipe, title: Wipe, http: { method: POST, url: "http://bot:\${RADAR_PASSWORD}@${at}/wipe?token=\${RADAR_TOKEN}", json: { api_key: "\${RADAR_KEY}" } } }`,
    ),
    { RADAR_PASSWORD: secret, RADAR_TOKEN: `${secret}-t`, RADAR_KEY: `${secret}-k` },
  );
  const plan = planOf(radar, backends);
  expect(JSON.stringify(plan)).not.toContain(secret);
  expect(plan.steps[0]?.description).toContain(`@${at}/wipe?token=[redacted]`);
  const [step] = plan.steps;
  if (!step) throw new Error("the plan has no step");
  expect(await createStepRunner(backends).run(step, call)).toMatchObject({ outcome: "done" });
  expect(target.seen()).toContain(`/wipe?token=${secret}-t`);
  expect(target.seen()).toContain(`{"api_key":"${secret}-k"}`);
});

it("what somebody types is sent as it is, also where it reads like a reference", async () => {
  const target = await openListener();
  const { radar, backends } = await configured(
    reaching(
      `{ base: "${target.url}", auth: { bearer: env:RADAR_TOKEN } }`,
      '{ id: wipe, title: Wipe, http: { method: POST, url: { backend: trader, path: /wipe }, json: { text: "{said}" } } }',
    ).replace("summary: Restart it", "summary: Restart it\n    arguments: { said: { type: text, title: Said } }"),
    { RADAR_TOKEN: secret },
  );
  const [step] = planOf(radar, backends, { said: "${env:RADAR_TOKEN}" }).steps;
  if (!step) throw new Error("the plan has no step");
  await createStepRunner(backends).run(step, call);
  expect(target.seen()).toContain('{"text":"${env:RADAR_TOKEN}"}');
});

it.each([
  ["what was read of a system", "{now.said}", { now: { said: "${env:RADAR_TOKEN}" } }],
  ["what two arguments come to together", "{one}{two}", { one: "$", two: "{env:RADAR_TOKEN}" }],
  ["what an argument makes of what the file says beside it", "${one}", { one: "{env:RADAR_TOKEN}" }],
  ["what an argument names of a reference", "${env:{one}}", { one: "RADAR_TOKEN" }],
])("%s is sent as it is, also where it reads like a reference", async (_, text, values) => {
  const target = await openListener();
  const { radar, backends } = await configured(
    reaching(
      `{ base: "${target.url}", auth: { bearer: env:RADAR_TOKEN } }`,
      "{ id: wipe, title: Wipe, http: { method: POST, url: { backend: trader, path: /wipe }, json: { text: TEXT } } }",
    ),
    { RADAR_TOKEN: secret },
  );
  const operation = radar.operations["restart"];
  if (!operation) throw new Error("radar has no restart");
  const steps = JSON.parse(JSON.stringify(operation.steps).replace("TEXT", text));
  const [step] = planOperation(stepKindsOf(backends), { ...operation, steps }, values).steps;
  if (!step) throw new Error("the plan has no step");
  await createStepRunner(backends).run(step, call);
  expect(target.seen()).toContain('{"text":"${env:RADAR_TOKEN}"}');
});

it("what a file escapes is sent as it reads, also where a secret of that name is at hand", async () => {
  const target = await openListener();
  const { radar, backends } = await configured(
    reaching(
      `{ base: "${target.url}", auth: { bearer: env:RADAR_TOKEN } }`,
      '{ id: wipe, title: Wipe, http: { method: POST, url: { backend: trader, path: /wipe }, json: { one: "$${env:RADAR_TOKEN}", two: "$${RADAR_TOKEN}", three: "$$${env:RADAR_TOKEN}" } } }',
    ),
    { RADAR_TOKEN: secret },
  );
  const [step] = planOf(radar, backends).steps;
  if (!step) throw new Error("the plan has no step");
  await createStepRunner(backends).run(step, call);
  expect(target.seen()).toContain('{"one":"${env:RADAR_TOKEN}","two":"${RADAR_TOKEN}","three":"$${env:RADAR_TOKEN}"}');
});

it.each([
  ["a reference", "${RADAR_NAME}", { RADAR_NAME: "${env:RADAR_TOKEN}" }],
  ["the first half of one", "${RADAR_NAME}{env:RADAR_TOKEN}", { RADAR_NAME: "$" }],
])("a variable whose value holds %s is sent as it is, never as the secret", async (_, written, more) => {
  const target = await openListener();
  const { radar, backends } = await configured(
    reaching(
      `{ base: "${target.url}", auth: { bearer: env:RADAR_TOKEN } }`,
      `{ id: wipe, title: Wipe, http: { method: POST, url: { base: "${target.url}", path: "/x/${written}" } } }`,
    ),
    { RADAR_TOKEN: secret, ...more },
  );
  const [step] = planOf(radar, backends).steps;
  if (!step) throw new Error("the plan has no step");
  await createStepRunner(backends).run(step, call);
  expect(decodeURI(target.seen())).toContain("/x/${env:RADAR_TOKEN} ");
  expect(target.seen()).not.toContain(secret);
});

it("a client certificate is given by the paths of its files, and a key itself is refused untold", async () => {
  const withKey = (key: string): string =>
    reaching(
      `{ base: "\${RADAR_URL}", auth: { mtls: { cert: /gone/radar.pem, key: ${key} } } }`,
      "{ id: note, title: Note, note: Done by hand }",
    );
  expect(await linesOf({ "systems/radar.yaml": withKey("/gone/radar.key") })).toEqual([
    expect.stringMatching(/^systems\/radar\.yaml:4:\d+: warning: .*the file \/gone\/radar\.pem cannot be read/),
  ]);
  const refused = (await linesOf({ "systems/radar.yaml": withKey(secret) })).join("\n");
  expect(refused).toMatch(/radar\.yaml:\d+:\d+: .*the path of a file starts with/);
  expect(refused).not.toContain(secret);
});

it("a mounted file is read anew at each use, and one that is gone is told without being sent", async () => {
  const folder = await mkdtemp(join(tmpdir(), "credential-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "token");
  const target = await openListener();
  const { radar, backends } = await configured(
    edited(
      system,
      '{ id: api, http: "${RADAR_URL}/health" }',
      `{ id: api, http: { base: "${target.url}", path: /health, auth: { bearer: "file:${file}" } } }`,
    ),
    {},
  );
  const checks = createHealthChecks({ backends });
  for (const value of ["first-0123456789", "second-0123456789"]) {
    await writeFile(file, `${value}\n`);
    await checks.check(radar);
    expect(target.seen()).toContain(`Bearer ${value}"`);
  }
  await rm(file);
  const asked = target.calls.length;
  const { components } = await checks.check(radar);
  expect(JSON.stringify(components)).toContain("cannot be read");
  expect(target.calls).toHaveLength(asked);
});

it("a variable that is not set, a backend that is not declared and a value in the open are told where they stand", async () => {
  const step = "{ id: wipe, title: Wipe, http: { method: POST, url: { backend: trader, path: /wipe } } }";
  const unset = await linesOf({
    "systems/radar.yaml": reaching('{ base: "${RADAR_URL}", auth: { bearer: env:RADAR_TOKEN } }', step),
  });
  expect(unset.join("\n")).toMatch(/radar\.yaml:\d+:\d+: .*the variable RADAR_TOKEN is not set/);
  const unknown = await linesOf({
    "systems/radar.yaml": edited(system, "{ id: note, title: Note, note: Done by hand }", step),
  });
  expect(unknown.join("\n")).toMatch(/radar\.yaml:\d+:\d+: .*there is no backend `trader`/);
  const open = await linesOf({
    "systems/radar.yaml": reaching(`{ base: "\${RADAR_URL}", auth: { bearer: ${secret} } }`, step),
  });
  expect(open.join("\n")).toMatch(/radar\.yaml:\d+:\d+: .*in the open/);
  expect(open.join("\n")).not.toContain(secret);
});

it.each([
  ["{}", "say how: bearer, basic, header, query or mtls"],
  [
    "{ bearer: env:RADAR_TOKEN, basic: { user: bot, password: env:RADAR_TOKEN } }",
    "bearer and basic are the same header, so that only one of them could be sent: keep one",
  ],
  [
    "{ bearer: env:RADAR_TOKEN, header: { name: Authorization, value: env:RADAR_TOKEN } }",
    "bearer and basic are the same header, so that only one of them could be sent: keep one",
  ],
])("a credential that could not be sent as it is written is refused: %s", async (auth, words) => {
  const yaml = reaching(`{ base: "\${RADAR_URL}", auth: ${auth} }`, "{ id: note, title: Note, note: Done by hand }");
  const lines = linesOf({ "systems/radar.yaml": yaml }, { variables: { ...variables, RADAR_TOKEN: secret } });
  expect((await lines).join("\n").toLowerCase()).toContain(words);
});

it("what the document on credentials shows is taken as it stands", async () => {
  const [, shown = ""] = /```yaml\n([\s\S]*?)```/.exec(readFileSync("docs/credentials.md", "utf8")) ?? [];
  const more = { RADAR_TOKEN: secret };
  const { config } = await configured(shown, more);
  expect(config.systems.map(({ id }) => id)).toEqual(["radar"]);
  expect(JSON.stringify(config.systems)).not.toContain(secret);
});

it("a backend that is named without a path is told what is missing", async () => {
  const yaml = edited(system, 'http: "${RADAR_URL}/health"', "http: { backend: api }").replace(
    "health:\n",
    'backends:\n  api: { http: { base: "${RADAR_URL}" } }\nhealth:\n',
  );
  expect(await linesOf({ "systems/radar.yaml": yaml })).toEqual([
    "systems/radar.yaml:6:22: health[0].http.path: this key is missing. Add `path:` with a text. A path starts with /.",
  ]);
});

it.each([
  ["{ bearer: VALUE }", "env:RADAR_TOKEN"],
  ["{ basic: { user: bot, password: VALUE } }", "env:RADAR_PASSWORD"],
])("a credential in the open is told with a variable named after its system: %s", async (auth, reference) => {
  const yaml = reaching(
    `{ base: "\${RADAR_URL}", auth: ${auth.replace("VALUE", secret)} }`,
    "{ id: note, title: Note, note: Done by hand }",
  );
  const [first = ""] = await linesOf({ "systems/radar.yaml": yaml });
  expect(first).toContain(`a secret stands here in the open. Put it in the environment and refer to it: ${reference}.`);
});
