import { expect, it } from "vitest";
import { askedAhead } from "../../../src/bot/pipeline/ask-ahead.ts";
import type { Routed } from "../../../src/bot/pipeline/route.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import type { Identity, IdentityAsked } from "../../../src/domain/systems/health.ts";
import { alphapulse } from "../../acts/approvals/request-bench.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { OperationFile } from "../../fakes/backends.ts";

const steps = [{ id: "post", title: "Post", http: { method: "POST", url: "http://127.0.0.1:1/post" } }];
const reduces = { summary: "Stop", risk: "change", direction: "reduces", steps };
const system = {
  ...alphapulse,
  aliases: ["ap"],
  operations: {
    stop: { ...OperationFile.parse({ ...reduces, urgent: true }), through: ["trader"] },
    halve: OperationFile.parse(reduces),
  },
};
const other = { ...system, id: "other", aliases: [] };
const owned = { surface: "console", id: "chen" };

function asking(operation: string, account: { surface: string; id: string }, named = "alphapulse") {
  const asked: string[] = [];
  const systems = {
    find: (id: string) => (["alphapulse", "ap"].includes(id) ? system : undefined),
    health: {
      check: () => Promise.reject(new Error("not asked")),
      async identify({ id }: { readonly id: string }, _about?: IdentityAsked): Promise<Identity> {
        asked.push(id);
        return { is: "proven" };
      },
    },
  };
  const [command] = operationCommands([system]);
  if (!command) throw new Error("there is no command to run an operation");
  const routed: Routed = { kind: "ready", command, values: { system: named, operation }, input: {} };
  return { asked, ports: askedAhead(systems, account, { routed, policy: policy() }) };
}

it.each(["alphapulse", "ap"])("who %s is is asked before anything else is known, and once", async (named) => {
  const { asked, ports } = asking("stop", owned, named);
  expect(asked).toEqual(["alphapulse"]);
  expect(await ports.health.identify(system, { through: ["trader"] })).toEqual({ is: "proven" });
  expect(asked).toEqual(["alphapulse"]);
  await ports.health.identify(other);
  await ports.health.identify(system, { through: ["monitor"] });
  expect(asked).toEqual(["alphapulse", "other", "alphapulse"]);
});

it.each([
  ["what is not urgent", asking("halve", owned)],
  ["an account that nobody owns", asking("stop", { surface: "console", id: "nobody" })],
  ["a system that is not there", asking("stop", owned, "nothing")],
])("nothing is asked ahead for %s", (_what, { asked }) => {
  expect(asked).toEqual([]);
});
