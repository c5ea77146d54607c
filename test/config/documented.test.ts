import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { edited, linesOf, wardroom } from "./config-folder.ts";

it("the system's file that the page on operations shows is taken as it stands", async () => {
  const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: radar");
  const variables = { RADAR_URL: "http://127.0.0.1:9000", RADAR_TOKEN: "a-token-of-the-documentation" };
  const lines = await linesOf({ "systems/radar.yaml": yaml }, { variables });
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
