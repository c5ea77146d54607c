import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { linesOf } from "./config-folder.ts";

it("the system's file that the page on operations shows is taken as it stands", async () => {
  const text = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  expect(yaml).toContain("id: radar");
  const variables = { RADAR_URL: "http://127.0.0.1:9000", RADAR_TOKEN: "a-token-of-the-documentation" };
  const lines = await linesOf({ "systems/radar.yaml": yaml }, { variables });
  expect(lines.filter((line) => line.startsWith("systems/"))).toEqual([]);
});
