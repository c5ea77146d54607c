import { describe, expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const whole = [
  "    arguments: { service: { type: text, title: Service }, n: { type: integer, title: N } }",
  '    read: { now: { json: { url: "${RADAR_URL}/replicas" } } }',
  '    risk: { default: change, destructive: "n == 0 || n * 2 < now[service]" }',
  "    direction: neutral",
  '    precondition: { unchanged: [now], holds: [{ when: "service in now", else: "no service {service}" }] }',
  '    effect: "{service}: {now[service]} to {n}"',
  '    verify: [{ id: w, title: W, watch: { json: { url: "${RADAR_URL}/x" }, is: "value[service] == n" } }]',
  "",
].join("\n");

/** The system of the config folder, with this in place of the risk of its operation. */
const having = (written: string): Record<string, string> => ({
  "systems/radar.yaml": edited(system, "    risk: destructive\n", written),
});

const changed = (from: string, to: string): Promise<string[]> => linesOf(having(edited(whole, from, to)));

describe("an operation that reads deployments", () => {
  const reading = whole.replace(
    'json: { url: "${RADAR_URL}/replicas" }',
    "kubernetes: { namespace: shop, releases: [api] }",
  );

  it.each([
    ['now["api"].image != "x"', undefined],
    ["now[service].previous.revision > 1", undefined],
    ['now["api"].imag != "x"', "what is read has no field `imag`: did you mean `image`?"],
    ["now[service].replicas > 1", "what is read has no field `replicas`: it has uid, image"],
    ["now.api.previous.tempalte == service", "what is read has no field `tempalte`: did you mean `template`?"],
  ])("%s", async (condition, told) => {
    const lines = await linesOf(having(edited(reading, "service in now", condition.replaceAll('"', '\\"'))));
    expect(lines.join("\n")).toContain(told ?? "");
    expect(lines).toHaveLength(told === undefined ? 0 : 1);
  });

  it("is told of a field that stands in words, in a watch and in an inverse as well", async () => {
    const written = edited(reading, "{now[service]} to", "{now[service].imag} to");
    expect((await linesOf(having(written))).join("\n")).toContain(
      "{now[service].imag}: what is read has no field `imag`",
    );
    const watched = edited(
      reading,
      'json: { url: "${RADAR_URL}/x" }, is: "value[service] == n"',
      'kubernetes: { namespace: shop, rollout: [api] }, is: "value.compleet"',
    );
    expect((await linesOf(having(watched))).join("\n")).toContain("did you mean `complete`?");
  });
});

describe("an operation that reads the state of its system", () => {
  it("is taken when all that it names is there", async () => {
    expect(await linesOf(having(whole))).toEqual([]);
  });

  it("may say its direction by them, and a mistake there is told like one in its risk", async () => {
    const by = (condition: string) =>
      changed("direction: neutral", `direction: { default: neutral, increases: "${condition}" }`);
    expect(await by("n > 2")).toEqual([]);
    expect((await by("m > 2")).join("\n")).toContain(
      "operations.wipe.direction.increases: Unknown variable: m. It may name service, n, now.",
    );
  });

  it.each([
    ["n == 0 || n * 2 < now[service]", "m == 0", "Unknown variable: m. It may name service, n, now."],
    ["n == 0 || n * 2 < now[service]", "n = 0", "`=` is not known here: write `==`. It may name service, n, now."],
    ["n == 0 || n * 2 < now[service]", "n <> 0", "`<>` is not known here: write `!=`. It may name service, n, now."],
    [
      "n == 0 || n * 2 < now[service]",
      "n == 0 and service != 'a = b'",
      "`and` is not known here: write `&&`. It may name service, n, now.",
    ],
    [
      "n == 0 || n * 2 < now[service]",
      "srvice == 'api'",
      "Unknown variable: srvice. Did you mean `service`? It may name service, n, now.",
    ],
    [
      "/replicas",
      "/{servce}",
      "{servce} is referred to, which is no argument of this operation. Did you mean `service`?",
    ],
    ["n == 0 || n * 2 < now[service]", "n ==", "Unexpected token: EOF. It may name service, n, now."],
    ["n == 0 || n * 2 < now[service]", "n + 1", "it comes to int, not to true or false. It may name service, n, now."],
    ['"service in now"', '"open_positions > 0"', "Unknown variable: open_positions. It may name service, n, now."],
    [
      "{ now: {",
      "{ open_positions: {",
      "`open_positions` has a meaning of its own in conditions. Give what is read another name.",
    ],
    ["[now]", "[then]", "nothing is read as `then`. Add it under `read`, or remove it here."],
    ["service in now", 'n == \\"3\\"', "no such overload: int == string. It may name service, n, now."],
    [
      "{now[service]} to",
      "{past[service]} to",
      "{past[service]}: Unknown variable: past. It may name service, n, now.",
    ],
    ["value[service] == n", "value[service] == m", "Unknown variable: m. It may name service, n, now, value."],
    ["{ now: {", "{ value: {", "`value` has a meaning of its own in conditions. Give what is read another name."],
    ["{ now: {", "{ n: {", "`n` is an argument too. Give what is read another name."],
    [
      "/replicas",
      "/{zone}",
      "{zone} is referred to, which is no argument of this operation. Add `zone` under `arguments`: what is read knows nothing of what else is read.",
    ],
  ])("%s instead of %s is told", async (from, to, told) => {
    const lines = await changed(from, to);
    expect(lines.some((line) => line.endsWith(`: ${told}`))).toBe(true);
    expect(lines.every((line) => /^systems\/radar\.yaml:\d+:\d+: operations\.wipe/.test(line))).toBe(true);
  });

  it.each([
    [
      '"value[service] == n" } }]',
      '"value[service] == n" }, as: first }, { id: v, title: V, watch: { json: { url: "${RADAR_URL}/{first.id}" }, is: "value == first.id" } }]',
      "",
    ],
    [
      '"value[service] == n" } }]',
      '"value[service] == later.n" } }, { id: v, title: V, as: later, watch: { json: { url: "${RADAR_URL}/x" }, is: "true" } }]',
      "Unknown variable: later.",
    ],
    ["${RADAR_URL}/x", "${RADAR_URL}/{later.id}", "{later.id}: Unknown variable: later."],
    ["{ id: w,", "{ id: w, as: now,", "`now` names something else of this operation. Give it another name."],
    ["{ id: w,", "{ id: w, as: in,", "`in` has a meaning of its own in conditions. Give it another name."],
  ])("with %s as %s is told what of its results nobody gives", async (from, to, told) => {
    const lines = await changed(from, to);
    expect(lines.filter((line) => told === "" || !line.includes(told))).toEqual([]);
    expect(lines.length > 0).toBe(told !== "");
  });

  it("waits for nothing to be read when it is urgent", async () => {
    const urgent =
      '    risk: change\n    direction: reduces\n    urgent: true\n    read: { now: { json: { url: "${RADAR_URL}/x" } } }\n';
    expect((await linesOf(having(urgent))).join("\n")).toContain("what is urgent waits for nothing to be read");
  });
});
