import { expect, it } from "vitest";
import type { FiringAlert } from "../../src/domain/alerts/firing.ts";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import { withCauses } from "../../src/reads/hidden-alerts.ts";
import { SystemFile } from "../fakes/backends.ts";

const trader = SystemFile.parse({
  id: "trader",
  title: "Trader",
  health: [{ id: "api", http: "http://127.0.0.1:1/health" }],
  metrics: [{ id: "drawdown", title: "Drawdown", source: { json: { url: "http://127.0.0.1:1/m", path: "/d" } } }],
  rules: [
    { id: "near", metric: "drawdown", above: 9, severity: "warning", summary: "Near", tells: ["dd"] },
    { id: "limit", metric: "drawdown", above: 12, severity: "critical", summary: "Limit", tells: ["dd"] },
  ],
});
const routing = routingOf(AlertsInFile.parse({}), [trader]);

function alert(id: string, severity: FiringAlert["severity"]): FiringAlert {
  return { system: "trader", source: "s", id, severity, ownSeverity: severity, summary: id, code: `code-of-${id}` };
}

it("of one figure the worst alert is first, and those that it tells stand behind it", () => {
  const found = [
    alert("dd", "critical"),
    alert("other", "critical"),
    alert("limit", "critical"),
    alert("near", "warning"),
  ];
  expect(withCauses(routing, found).map(({ id, behind }) => [id, behind])).toEqual([
    ["other", undefined],
    ["limit", undefined],
    ["dd", "code-of-limit"],
    ["near", "code-of-limit"],
  ]);
  expect(withCauses(routing, found.slice(0, 2)).map(({ behind }) => behind)).toEqual([undefined, undefined]);
});
