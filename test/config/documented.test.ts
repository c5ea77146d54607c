import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { permissions } from "../../src/domain/people/person.ts";
import { edited, linesOf, wardroom } from "./config-folder.ts";

it("the system's file that the page on operations shows is taken as it stands", async () => {
  const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: radar");
  const variables = { RADAR_URL: "http://127.0.0.1:9000", RADAR_TOKEN: "a-token-of-the-documentation" };
  const lines = await linesOf({ "systems/radar.yaml": yaml }, { variables });
  expect(lines.filter((line) => line.startsWith("systems/"))).toEqual([]);
});

it("the limits and rules that the page on backends shows are taken as they stand", async () => {
  const text = readFileSync(new URL("../../docs/backends.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n(metrics:\n[\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: queue-long");
  const head = 'id: radar\ntitle: Radar\nhealth: [{ id: api, http: "${RADAR_URL}/health" }]\n';
  const lines = await linesOf({ "systems/radar.yaml": head + yaml });
  expect(lines.filter((line) => line.startsWith("systems/"))).toEqual([]);
});

it("the routes that the page on alerts shows are taken as they stand, and their tests hold", async () => {
  const text = readFileSync(new URL("../../docs/alert-routes.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: money");
  const channels = `    operator: true\n  - { id: trading, surface: console, channel: trading, systems: [radar], allow: [read] }\npolicy:\n`;
  expect(await linesOf({ "wardroom.yaml": edited(wardroom, "policy:\n", channels) + yaml })).toEqual([]);
});

it("the senders that the page on webhooks shows are taken as they stand", async () => {
  const text = readFileSync(new URL("../../docs/alert-webhooks.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: cluster");
  const variables = { RADAR_URL: "http://127.0.0.1:9000", ALERTS_TOKEN: "old-token", ALERTS_TOKEN_NEXT: "new-token" };
  expect(await linesOf({ "wardroom.yaml": wardroom + yaml }, { variables })).toEqual([]);
});

it("the three files of the page that leads to a system of one's own are a whole config, with nothing to warn of", async () => {
  const text = readFileSync(new URL("../../docs/first-config.md", import.meta.url), "utf8");
  const [rules = "", people = "", radar = ""] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, yaml = ""]) => yaml,
  );
  expect(radar).toContain("idempotency");
  const variables = {
    RADAR_URL: "http://127.0.0.1:9000",
    RADAR_TOKEN: "a-token-of-the-documentation",
    RADAR_LOGS: "/var/log/radar",
  };
  const files = { "wardroom.yaml": rules, "people.yaml": people, "systems/radar.yaml": radar };
  expect(await linesOf(files, { variables })).toEqual([]);
});

describe("the people and rules that the page on people shows", () => {
  const text = readFileSync(new URL("../../docs/people.md", import.meta.url), "utf8");
  const [peopleText = "", rulesText = ""] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => yaml);
  const shown = { "people.yaml": peopleText, "wardroom.yaml": rulesText };

  it("are taken as they stand, beside a system with something destructive", async () => {
    expect(rulesText).toContain("id: two-more");
    expect(await linesOf(shown)).toEqual([]);
    const own = rulesText.replace("  rules:\n", "  rules:\n    - { system: wardroom, tier: two-more }\n");
    expect(await linesOf({ ...shown, "wardroom.yaml": own })).toEqual([]);
  });

  it("say of each permission what it is for", () => {
    for (const permission of permissions) expect(rulesText).toMatch(new RegExp(`may: \\[[^\\]]*${permission}`));
  });

  it("refuse, as the page says, what is destructive and would ask nobody, and a team of one with systems of its own", async () => {
    const nobody = edited(rulesText, "{ risk: destructive, tier: second }", "{ risk: destructive, tier: notice }");
    expect((await linesOf({ ...shown, "wardroom.yaml": nobody })).join("\n")).toContain("asks nobody");
    const alone = peopleText.slice(0, peopleText.indexOf("  - id: boris")).replace("role: operator", "role: lead");
    expect((await linesOf({ ...shown, "people.yaml": alone })).join("\n")).toMatch(/radar\.yaml.*nobody else can fill/);
  });
});
