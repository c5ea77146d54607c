import { expect, it } from "vitest";
import { route } from "../../../src/bot/pipeline/route.ts";
import { commands } from "../../../src/commands/index.ts";

const message = { surface: "slack", channel: "C1", id: "1.1" } as const;
const codes = Array.from({ length: 400 }, (_, index) => index.toString(16).padStart(8, "0"));

it("of more alerts than its field takes a form asks about the first, each with its whole code", async () => {
  const asked = { kind: "message", command: "ack", message, text: "" } as const;
  const routed = await route(asked, {
    commands,
    button: async () => undefined,
    requestAt: async () => undefined,
    alertsAt: async () => codes,
  });
  if (routed.kind !== "incomplete") throw new Error(`it is ${routed.kind}`);
  const given = String(routed.form.values["alerts"]);
  expect(given.length).toBeLessThanOrEqual(2_000);
  expect(given.split(" ")).toEqual(codes.slice(0, given.split(" ").length));
  expect(given.split(" ").length).toBeGreaterThan(200);
});
