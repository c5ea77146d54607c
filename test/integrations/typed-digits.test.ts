import fc from "fast-check";
import { expect, it } from "vitest";
import { parse } from "../../src/bot/language/parse.ts";
import { argumentValues } from "../../src/commands/operation-input.ts";
import { operationCommands } from "../../src/commands/run.ts";
import { createBackends } from "../../src/compose/world.ts";
import { Plan } from "../../src/domain/approvals/plan.ts";
import { createStepRunner } from "../../src/integrations/steps.ts";
import { canonical } from "../../src/records/ids.ts";
import { planner, SystemFile } from "../fakes/backends.ts";
import { json, openBackend, openHttp } from "./backend.ts";

function traderAt(url: string) {
  return SystemFile.parse({
    id: "trader",
    title: "Trader",
    health: [{ id: "api", http: `${url}/health` }],
    operations: {
      cancel: {
        summary: "Cancel an order",
        risk: "change",
        short: true,
        arguments: { order: { type: "integer", title: "Order" }, account: { type: "text", title: "Account" } },
        steps: [
          {
            id: "cancel",
            title: "Cancel",
            http: {
              method: "POST",
              url: `${url}/orders/{order}/cancel`,
              json: { order: "{order}", account: "{account}", text: "order {order}" },
            },
          },
        ],
      },
    },
  });
}

it("every digit that is typed is in the bytes that are sent: of a number, of a text, in an address and within words", async () => {
  const sent: { path: string; body: string }[] = [];
  const backend = await openBackend((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      sent.push({ path: request.url ?? "", body });
      json({ status: "ok" })(request, response);
    });
  });
  const trader = traderAt(backend.url);
  const { cancel } = trader.operations;
  if (!cancel) throw new Error("there is no operation");
  const steps = createStepRunner(createBackends({ http: openHttp() }));
  const number = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
  const near = fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n });
  const digits = fc.stringMatching(/^\d{1,60}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(near, number),
      digits,
      fc.constantFrom("cancel trader", "run trader cancel"),
      async (order, account, begin) => {
        const parsed = parse(
          `${begin} order:${order} account:${account} reason:"it hangs there"`,
          operationCommands([trader]),
        );
        if (parsed.kind !== "ready") throw new Error(`it was not read: ${JSON.stringify(parsed)}`);
        const plan = planner.plan(cancel, argumentValues(cancel, parsed.input));
        const [step] = Plan.parse(JSON.parse(canonical(plan))).steps;
        if (!step) throw new Error("there is no step");
        expect(await steps.run(step, { key: "k", elapsedMs: 0, progress: undefined })).toMatchObject({
          outcome: "done",
        });
        expect(sent.pop()).toEqual({
          path: `/orders/${order}/cancel`,
          body: `{"account":"${account}","order":${order},"text":"order ${order}"}`,
        });
      },
    ),
    { numRuns: 60 },
  );
});

it.each([
  ["order:18446744073709551615", undefined],
  ["order:-9007199254740993", "It must be at least 0."],
  ["order:18446744073709551617", "It must be at most 18446744073709551616."],
])("a bound holds for %s too", (typed, error) => {
  const argument = { type: "integer", title: "Order", min: 0, max: 2 ** 64 };
  const system = SystemFile.parse({
    id: "trader",
    title: "Trader",
    health: [{ id: "api", http: "http://127.0.0.1:1/" }],
    operations: {
      cancel: {
        summary: "Cancel",
        risk: "change",
        short: true,
        arguments: { order: argument },
        steps: [{ id: "n", title: "Note", note: "order {order}" }],
      },
    },
  });
  const parsed = parse(`cancel trader ${typed} reason:"it hangs there"`, operationCommands([system]));
  expect(parsed.kind === "incomplete" ? parsed.errors["order"] : undefined).toBe(error);
  expect(parsed.kind).toBe(error === undefined ? "ready" : "incomplete");
});
