import fc from "fast-check";
import { expect, test } from "vitest";
import { createLog } from "../../src/ops/log.ts";

function capture(level: "debug" | "info" = "debug") {
  const lines: string[] = [];
  const log = createLog({ level, stream: { write: (line: string) => void lines.push(line) } });
  const parsed = (): unknown[] => lines.map((line): unknown => JSON.parse(line));
  return { log, lines, parsed };
}

const secret = "hunter2-8f3a1c77d0";

test("a line holds level, time, message, bindings and data", () => {
  const { log, parsed } = capture();
  log.child({ invocation: "i-1" }).child({ command: "status" }).info("command answered", { ms: 12 });
  expect(parsed()).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      invocation: "i-1",
      command: "status",
      ms: 12,
      msg: "command answered",
    },
  ]);
});

test("a level below the chosen one writes nothing and reads nothing of its data", () => {
  const { log, lines } = capture("info");
  let read = false;
  log.debug("probe", {
    get value() {
      read = true;
      return 1;
    },
  });
  expect(lines).toEqual([]);
  expect(read).toBe(false);
});

test.each([
  ["at the top", { password: secret }],
  ["nested", { a: { b: [{ c: { apiKey: secret } }] } }],
  ["in a header", { headers: { Authorization: `Basic ${secret}`, "set-cookie": [secret] } }],
  ["as a whole object", { credentials: { user: "ana", value: secret } }],
  ["in a map", { map: new Map([["client_secret", secret]]) }],
  ["under a prefixed name", { slackBotToken: secret, private_key: secret, DB_PASSWORD: secret, "x-api-key": secret }],
  ["as a number", { pin: 4711, nested: { passcode: secret } }],
])("a secret %s never reaches the log", (_where, data) => {
  const { log, lines } = capture();
  log.error("it broke", data);
  log.child(data).warn("again");
  expect(lines).toHaveLength(2);
  expect(lines.join("")).not.toContain(secret);
  expect(lines.join("")).not.toContain("4711");
  expect(lines.join("")).toContain("[redacted]");
});

test.each([
  ["message", () => new Error(`GET http://ana:${secret}@127.0.0.1:9/x failed`)],
  ["cause", () => new Error("outer", { cause: new Error(`Authorization: Bearer ${secret}`) })],
  ["field", () => Object.assign(new Error("call failed"), { config: { token: secret } })],
  ["aggregate", () => new AggregateError([new Error(`password=${secret}`)], "all failed")],
])("a secret in an error's %s never reaches the log, the error does", (_where, make) => {
  const { log, lines, parsed } = capture();
  const error = make();
  log.error("call failed", { err: error });
  log.error("call failed", error);
  expect(lines.join("")).not.toContain(secret);
  expect(parsed()).toEqual([
    expect.objectContaining({ err: expect.objectContaining({ type: error.name, stack: expect.any(String) }) }),
    expect.objectContaining({ err: expect.objectContaining({ type: error.name }) }),
  ]);
});

test("where in the code an error was made is said of what was not foreseen, and of no warning", () => {
  const { log, parsed } = capture();
  log.warn("a call failed", { error: new Error("503", { cause: new Error("closed") }) });
  log.error("a step broke", { error: new Error("undefined is not a function") });
  const [warned, broke] = parsed();
  expect(warned).toMatchObject({ error: { type: "Error", message: "503", cause: { message: "closed" } } });
  expect(JSON.stringify(warned)).not.toContain("stack");
  expect(broke).toMatchObject({ error: { stack: expect.stringContaining("log.test.ts") } });
});

test("a secret in the message, in a name or in a text is masked too", () => {
  const { log, lines } = capture();
  log.info(`url is http://bot:${secret}@127.0.0.1/`, {
    text: `Authorization: Bearer ${secret}`,
    [`password=${secret}`]: 1,
  });
  expect(lines.join("")).not.toContain(secret);
});

test("ordinary names are kept", () => {
  const { log, parsed } = capture();
  const data = { author: "ana", key: "request/1", count: 3, tokens_per_second: 5, passed: true, session: "s" };
  log.info("kept", data);
  expect(parsed()).toEqual([expect.objectContaining(data)]);
});

test("cycles, depth, size, odd values and throwing getters end in a line", () => {
  const { log, parsed, lines } = capture();
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  let deep: unknown = "end";
  for (let level = 0; level < 50; level += 1) deep = { deep };
  log.info("odd", {
    cycle,
    deep,
    big: 10n,
    nan: Number.NaN,
    bytes: new Uint8Array(3),
    long: "x".repeat(100_000),
    many: Array.from({ length: 1_000 }, (_item, index) => index),
    when: new Date(0),
    get broken(): never {
      throw new Error("no");
    },
  });
  expect(parsed()).toEqual([
    expect.objectContaining({
      cycle: { self: "<cycle>" },
      big: "10",
      nan: "NaN",
      bytes: "<3 bytes>",
      long: "<100000 characters>",
      when: "1970-01-01T00:00:00.000Z",
      broken: "<unreadable>",
    }),
  ]);
  expect(lines.join("").length).toBeLessThan(10_000);
});

test("data cannot forge the line's own fields", () => {
  const { log, lines, parsed } = capture();
  log.warn("real", { msg: "forged", level: "error", time: "never" });
  expect(parsed()).toEqual([expect.objectContaining({ msg: "real", level: "warn", msg_: "forged" })]);
  expect(lines.join("").match(/"msg"/g)).toHaveLength(1);
});

test("whatever the data, one call writes one line of JSON and does not throw", () => {
  fc.assert(
    fc.property(fc.object({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (data) => {
      const { log, lines, parsed } = capture();
      log.error("any", data);
      expect(parsed()).toHaveLength(1);
      expect(lines[0]?.trimEnd().includes("\n")).toBe(false);
    }),
    { numRuns: 200 },
  );
});
