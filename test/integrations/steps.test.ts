import { expect, it } from "vitest";
import { createBackends } from "../../src/compose/world.ts";
import type { PlannedStep } from "../../src/domain/approvals/plan.ts";
import type { StepEnd, StepRunner, StepValue } from "../../src/domain/systems/steps.ts";
import { createStepRunner } from "../../src/integrations/steps.ts";
import { OperationFile, planner } from "../fakes/backends.ts";
import { closedUrl, drop, type Handler, hang, json, openBackend, openHttp, page, text } from "./backend.ts";

function runner(): StepRunner {
  return createStepRunner(createBackends({ http: openHttp() }));
}

/** Has a step carried out as the run worker does it: looked at again for as long as it waits, which takes no time here. */
async function runToEnd(steps: StepRunner, step: PlannedStep, key: string): Promise<StepEnd> {
  let progress: StepValue | undefined;
  for (let elapsedMs = 0; ; ) {
    const outcome = await steps.run(step, { key, elapsedMs, progress });
    if (outcome.outcome !== "waiting") return outcome;
    progress = outcome.progress;
    elapsedMs += outcome.againInMs;
  }
}

/** A step as a file writes it, planned. */
function stepOf(written: object): PlannedStep {
  const operation = OperationFile.parse({ summary: "Try", risk: "change", steps: [written] });
  const [step] = planner.plan(operation, {}).steps;
  if (!step) throw new Error("there is no step");
  return step;
}

function flatten(url: string, more: object = {}): PlannedStep {
  return stepOf({ id: "flatten", title: "Flatten", http: { method: "POST", url, timeoutMs: 400, ...more } });
}

function wait(url: string, more: object = {}): PlannedStep {
  const watch = { json: { url, path: "/positions" }, is: "value == []", every: "250ms", within: "2s", ...more };
  return stepOf({ id: "closed", title: "Closed", watch });
}

it("a change is sent with its key and its body", async () => {
  let body = "";
  const backend = await openBackend((request, response) => {
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => json({ status: "flattening" })(request, response));
  });
  const outcome = await runToEnd(runner(), flatten(`${backend.url}/flatten`, { json: { reset: true } }), "key-1");
  expect(outcome).toMatchObject({ outcome: "done" });
  expect(outcome.detail).toMatch(/^answered 200 in .*: flattening$/);
  expect(backend.calls).toEqual([{ method: "POST", path: "/flatten", key: "key-1" }]);
  expect(JSON.parse(body)).toEqual({ reset: true });
});

const toLogin: Handler = (request, response) => response.writeHead(302, { location: "/login" }).end(request.url);

interface Ending {
  readonly what: string;
  readonly handler: Handler;
  readonly outcome: "done" | "refused" | "unknown";
}

const endings: readonly Ending[] = [
  { what: "204", handler: (_request, response) => response.writeHead(204).end(), outcome: "done" },
  { what: "plain text", handler: text("OK", "text/plain"), outcome: "done" },
  { what: "a login page with 200", handler: page(), outcome: "unknown" },
  {
    what: "200 that says it was cancelled, as a cancelling does",
    handler: json({ status: "cancelled" }),
    outcome: "done",
  },
  { what: "202 that took it", handler: json({ status: "accepted", done: false }, 202), outcome: "done" },
  { what: "200 with no error", handler: json({ error: null, errors: [], failed: 0, ok: true }), outcome: "done" },
  { what: "200 with success: false", handler: json({ success: false }), outcome: "unknown" },
  { what: "200 with ok: false in an envelope", handler: json({ data: { result: { ok: false } } }), outcome: "unknown" },
  { what: "200 with the state failed", handler: json({ state: "FAILED: margin" }), outcome: "unknown" },
  { what: "200 with a status of its own", handler: json({ status: 503 }), outcome: "unknown" },
  { what: "200 with an error", handler: json({ error: "the exchange is closed" }), outcome: "unknown" },
  { what: "200 with errors of GraphQL", handler: json({ data: null, errors: [{ message: "x" }] }), outcome: "unknown" },
  { what: "200 with false", handler: json(false), outcome: "unknown" },
  { what: "200 with an error in plain text", handler: text("Error: no margin", "text/plain"), outcome: "unknown" },
  { what: "409", handler: json({ error: "stopped" }, 409), outcome: "refused" },
  { what: "403 with a page", handler: page(403), outcome: "refused" },
  { what: "500", handler: json({}, 500), outcome: "unknown" },
  { what: "502 with a page", handler: page(502), outcome: "unknown" },
  { what: "404 of a route that is not there", handler: json({ error: "no such route" }, 404), outcome: "refused" },
  { what: "404 with a page of a gateway, which passed nothing on", handler: page(404), outcome: "refused" },
  { what: "408", handler: json({}, 408), outcome: "unknown" },
  { what: "499, of a gateway that gave up on the target", handler: json({}, 499), outcome: "unknown" },
  { what: "504", handler: json({}, 504), outcome: "unknown" },
  { what: "a redirect, as after what was done", handler: toLogin, outcome: "unknown" },
  { what: "429", handler: json({}, 429), outcome: "unknown" },
  { what: "503", handler: json({}, 503), outcome: "unknown" },
  { what: "a broken connection", handler: drop, outcome: "unknown" },
  { what: "no answer", handler: hang, outcome: "unknown" },
];

it.each(endings)("a change that meets $what is $outcome", async ({ handler, outcome }) => {
  const backend = await openBackend(handler);
  const ended = await runToEnd(runner(), flatten(backend.url), "key-1");
  expect(ended).toMatchObject({ outcome });
  expect(ended.detail).not.toContain("page-secret");
  expect(backend.calls).toHaveLength(1);
});

it("a change to an address where nobody listens is refused: nothing was sent", async () => {
  expect(await runToEnd(runner(), flatten(await closedUrl()), "key-1")).toMatchObject({
    outcome: "refused",
  });
});

it.each([
  { what: "500", handler: json({ error: "password=hunter2" }, 500) },
  { what: "no answer", handler: hang },
  { what: "409", handler: json({ error: "token: hunter2hunter2" }, 409) },
])("a step that meets $what tells no secret of its address or its answer", async ({ handler }) => {
  const backend = await openBackend(handler);
  const url = `${backend.url.replace("//", "//ops:hunter2@")}/flatten?token=hunter2`;
  const steps = runner();
  const told = [
    await runToEnd(steps, flatten(url), "k"),
    await steps.probe(flatten(url, { probe: url }), "k"),
    await runToEnd(steps, wait(url), "k"),
  ];
  expect(told.filter(({ detail }) => !detail.includes(backend.host) || detail.includes("hunter2"))).toEqual([]);
});

const lookUps: readonly Ending[] = [
  { what: "200 that names the key", handler: json({ operation: "flatten", key: "key-1" }), outcome: "done" },
  { what: "200 that files it under the key", handler: json({ operations: [{ "key-1": "ok" }] }), outcome: "done" },
  { what: "200 that says pending", handler: json({ key: "key-1", status: "pending" }), outcome: "unknown" },
  { what: "200 that found nothing", handler: json({ key: "key-1", found: false }), outcome: "unknown" },
  { what: "an echo of the headers", handler: json({ headers: { "Idempotency-Key": "key-1" } }), outcome: "unknown" },
  { what: "502 of a gateway", handler: json({ message: "bad gateway" }, 502), outcome: "unknown" },
  { what: "503 that names the key", handler: json({ key: "key-1" }, 503), outcome: "unknown" },
  { what: "a redirect to a login", handler: toLogin, outcome: "unknown" },
  { what: "200 of another key", handler: json({ operation: "flatten", key: "key-10" }), outcome: "unknown" },
  { what: "200 of something else", handler: json({ status: "ok", system: "market-ml" }), outcome: "unknown" },
  { what: "200 with the key in plain text", handler: text("key-1", "text/plain"), outcome: "unknown" },
  { what: "404 that names the key", handler: json({ error: "unknown", key: "key-1" }, 404), outcome: "refused" },
  { what: "404 of a route that is not there", handler: json({ error: "no such route" }, 404), outcome: "unknown" },
  { what: "404 of another framework", handler: json({ detail: "Not Found" }, 404), outcome: "unknown" },
  { what: "404 with nothing", handler: text("", "application/json", 404), outcome: "unknown" },
  { what: "404 in plain text", handler: text("key-1 not found", "text/plain", 404), outcome: "unknown" },
  { what: "a page with 404", handler: page(404), outcome: "unknown" },
  { what: "a page with 200", handler: page(), outcome: "unknown" },
  { what: "nothing with 200", handler: text("", "application/json"), outcome: "unknown" },
  { what: "410", handler: json({}, 410), outcome: "unknown" },
  { what: "500", handler: json({}, 500), outcome: "unknown" },
  { what: "a broken connection", handler: drop, outcome: "unknown" },
  { what: "no answer", handler: hang, outcome: "unknown" },
];

const k = "key-1";
/** What a target that keeps account of changes answers with 200, in the forms that such answers have. */
const openAnswers: readonly (readonly [string, unknown])[] = [
  ["pending in an envelope", { data: { idempotency_key: k, status: "pending" } }],
  ["failed in an envelope", { data: { idempotency_key: k, status: "failed" } }],
  ["failed, filed under the key", { [k]: { status: "failed", error: "margin" } }],
  ["failed, as all that is filed under the key", { operations: { [k]: "failed" } }],
  ["nothing, filed under the key", { operations: { [k]: null } }],
  ["false, filed under the key", { [k]: false }],
  [
    "rejected in a list",
    {
      operations: [
        { key: "key-0", state: "done" },
        { key: k, state: "rejected" },
      ],
    },
  ],
  ["pending by the list it stands in", { done: ["key-0"], pending: [k] }],
  ["failed by the map it stands in", { failed: { [k]: { at: "09:00" } } }],
  ["failed around the key", { status: "failed", request: { id: { key: k } } }],
  ["failed around the list", { success: false, operations: [{ key: k, state: "done" }] }],
  ["failed in what it came to", { key: k, operation: { result: { success: false } } }],
  ["failed beside what names the key", { meta: { key: k }, data: { status: "failed" } }],
  ["failed for one of many", { key: k, results: [{ ok: true }, { ok: false }] }],
  ["an error", { key: k, error: "margin" }],
  ["a status of its own", { key: k, status: 404 }],
  ["failed with a reason", { key: k, status: "Failed: margin" }],
  ["not done", { key: k, completed: false }],
  ["pending: true", { operation: { key: k, pending: true } }],
  [
    "done once and pending once",
    [
      { key: k, status: "done" },
      { key: k, status: "pending" },
    ],
  ],
];

it.each(openAnswers)("a look-up that says that it is not done is not done: %s", async (_what, answer) => {
  const backend = await openBackend(json(answer));
  const step = flatten(`${backend.url}/flatten`, { probe: `${backend.url}/operations` });
  expect(await runner().probe(step, k)).toMatchObject({
    outcome: "unknown",
    detail: expect.stringMatching(/answered 200 and says .* of this step's key$/),
  });
});

const doneAnswers: readonly (readonly [string, unknown])[] = [
  ["in an envelope", { data: { idempotency_key: k, status: "done", error: null }, errors: [] }],
  ["filed under the key, beside others", { operations: { "key-0": { status: "failed" }, [k]: { status: "done" } } }],
  [
    "in a list with others",
    {
      operations: [
        { key: "key-0", status: "failed" },
        { key: k, status: "done" },
      ],
    },
  ],
  ["beside another operation", { data: { key: "key-0", status: "failed" }, operation: { key: k, status: "done" } }],
  ["with what else the target has", { key: k, status: "flattened", closed: 3, failed: 0, at: "2026-11-29" }],
  ["by the list it stands in", { done: [k], pending: [] }],
];

it.each(doneAnswers)("a look-up that says that it is done is done: %s", async (_what, answer) => {
  const backend = await openBackend(json(answer));
  const step = flatten(`${backend.url}/flatten`, { probe: `${backend.url}/operations` });
  expect(await runner().probe(step, k)).toMatchObject({ outcome: "done" });
});

it.each([{ status: "running" }, { data: { state: "queued" } }, { done: true }])(
  "a 404 of a key that it says to have is not believed: %j",
  async (more) => {
    const backend = await openBackend(json({ key: k, ...more }, 404));
    const step = flatten(`${backend.url}/flatten`, { probe: `${backend.url}/operations` });
    expect(await runner().probe(step, k)).toMatchObject({ outcome: "unknown" });
  },
);

it.each(lookUps)("asked whether it happened, $what is $outcome", async ({ handler, outcome }) => {
  const backend = await openBackend(handler);
  const step = flatten(`${backend.url}/flatten`, { probe: `${backend.url}/operations` });
  expect(await runner().probe(step, "key-1")).toMatchObject({ outcome });
  expect(backend.calls[0]).toEqual({ method: "GET", path: "/operations", key: "key-1" });
});

it("a target that cannot be asked leaves it unknown", async () => {
  const backend = await openBackend();
  expect(await runner().probe(flatten(backend.url), "key-1")).toMatchObject({ outcome: "unknown" });
  expect(backend.calls).toEqual([]);
});

it.each([
  [
    "a list that is to be empty",
    { times: 2, every: "500ms", within: "60s" },
    "GET http://127.0.0.1:1/m at /positions: until value == [], 2 times in a row, within 60 s",
  ],
  ["a value, once", { is: "value == true" }, "GET http://127.0.0.1:1/m at /positions: until value == true, within 2 s"],
  [
    "the whole answer",
    { json: { url: "http://127.0.0.1:1/m" }, is: 'value == "ok"' },
    'GET http://127.0.0.1:1/m: until value == "ok", within 2 s',
  ],
  [
    "with a secret in its address",
    { json: { url: "http://127.0.0.1:1/m?token=hunter2hunter2" }, is: "value == 0" },
    "GET http://127.0.0.1:1/m?token=[redacted]: until value == 0, within 2 s",
  ],
])("whoever approves sees what is waited for, where and for how long: %s", (_what, more, said) => {
  expect(wait("http://127.0.0.1:1/m", more).description).toBe(said);
});

it("waits until the list is empty so many times in a row", async () => {
  const answers = [
    { positions: [1] },
    { positions: [] },
    { positions: [1] },
    { positions: [] },
    { positions: [] },
    { positions: [1] },
  ];
  const backend = await openBackend((request, response) => json(answers[backend.calls.length - 1])(request, response));
  const outcome = await runToEnd(runner(), wait(backend.url, { times: 2, within: "10s" }), "key-1");
  expect(outcome).toEqual({ outcome: "done", detail: "none, read 2 times in a row", value: [] });
  expect(backend.calls).toHaveLength(5);
});

const neverEmpty: readonly [string, Handler][] = [
  ["positions", json({ positions: [1] })],
  ["no such field", json({})],
  ["null", json({ positions: null })],
  ["an empty text", json({ positions: "" })],
  ["an empty object", json({ positions: {} })],
  ["an object that claims a length", json({ positions: { length: 0 } })],
  ["a bare empty array", json([])],
  ["an error with an empty list", json({ positions: [] }, 500)],
  ["a page", page()],
  ["nothing", text("", "application/json")],
  ["a broken connection", drop],
];

it.each(neverEmpty)("%s is never the empty list", async (_what, handler) => {
  const backend = await openBackend(handler);
  const outcome = await runToEnd(runner(), wait(backend.url), "key-1");
  expect(outcome.outcome).toBe("unknown");
  expect(backend.calls.length).toBeGreaterThan(1);
});

it("a value is waited for as exactly that value", async () => {
  const steps = runner();
  const backend = await openBackend(json({ positions: 1 }));
  expect((await runToEnd(steps, wait(backend.url, { is: 'value == "1"' }), "k")).outcome).toBe("unknown");
  expect((await runToEnd(steps, wait(backend.url, { is: "value == true" }), "k")).outcome).toBe("unknown");
  expect((await runToEnd(steps, wait(backend.url, { is: "value == 1" }), "k")).outcome).toBe("done");
});

it("one answer in between that cannot be read begins the row anew", async () => {
  const backend = await openBackend((request, response) => {
    const handler = backend.calls.length === 2 ? page(502) : json({ positions: [] });
    handler(request, response);
  });
  const outcome = await runToEnd(runner(), wait(backend.url, { times: 2, within: "10s" }), "key-1");
  expect(outcome.outcome).toBe("done");
  expect(backend.calls).toHaveLength(4);
});

it("a target that hangs is waited for no longer than the step allows", async () => {
  const backend = await openBackend(hang);
  const outcome = await runToEnd(runner(), wait(backend.url, { every: "100ms", within: "300ms" }), "key-1");
  expect(outcome.outcome).toBe("unknown");
  expect(backend.calls.length).toBeLessThanOrEqual(2);
});

it("looked at afterwards, a wait is read anew and never acts", async () => {
  const backend = await openBackend(json({ positions: [] }));
  const outcome = await runner().probe(wait(backend.url, { times: 2, every: "50ms" }), "key-1");
  expect(outcome.outcome).toBe("done");
  expect(backend.calls.map(({ method }) => method)).toEqual(["GET", "GET"]);
});

it("a wait of a plan that was kept runs on and is looked at afterwards, and no file writes one any more", async () => {
  const backend = await openBackend(json({ positions: [] }));
  const spec = { url: backend.url, path: "/positions", is: "empty-array", times: 2, everyMs: 50, withinMs: 2_000 };
  const kept = { id: "w", title: "W", kind: "wait", backend: "http", spec, description: "", budgetMs: 2_000 };
  const done = { outcome: "done", detail: "/positions is an empty array, read 2 times in a row" };
  expect(await runToEnd(runner(), kept, "k")).toEqual(done);
  expect(await runner().probe(kept, "k")).toEqual(done);
  const never = await openBackend(json({ positions: null }));
  const open = { ...kept, spec: { ...spec, url: never.url } };
  expect((await runToEnd(runner(), open, "k")).outcome).toBe("unknown");
  expect(() => stepOf({ id: "w", title: "W", waitUntil: spec })).toThrow("waitUntil");
});

it("a note is done as it stands", async () => {
  const step = stepOf({ id: "tell", title: "Tell", note: "Call the desk." });
  expect(await runToEnd(runner(), step, "k")).toEqual({ outcome: "done", detail: "Call the desk." });
});

it("what no backend knows, or is not written as its kind, is never sent, and never known to have happened", async () => {
  const strays = [
    { ...flatten("http://127.0.0.1:1/x"), kind: "fly" },
    { ...flatten("http://127.0.0.1:1/x"), spec: { url: 7 } },
  ];
  for (const stray of strays) {
    expect(await runToEnd(runner(), stray, "k")).toMatchObject({ outcome: "refused" });
    expect(await runner().probe(stray, "k")).toMatchObject({ outcome: "unknown" });
  }
});

it("only a step that changes something is looked up when its answer was lost", () => {
  const tell = stepOf({ id: "tell", title: "Tell", note: "Call the desk." });
  const does = [flatten("http://127.0.0.1:1/x"), wait("http://127.0.0.1:1/x"), tell].map((step) => runner().does(step));
  expect(does).toEqual(["changes", "reads", "tells"]);
});
