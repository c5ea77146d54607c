import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { judge } from "../../src/domain/conditions/condition.ts";
import { fillText } from "../../src/domain/systems/placeholders.ts";

const file = z
  .object({
    operations: z.record(
      z.string(),
      z.looseObject({
        risk: z.unknown(),
        effect: z.string().optional(),
      }),
    ),
  })
  .parse(parse(readFileSync(new URL("../../systems/prsm.yaml", import.meta.url), "utf8")));
const ByState = z.object({ destructive: z.string() });

it.each([
  { operation: "restart", pinned: true, two: false },
  { operation: "restart", pinned: false, two: true },
  { operation: "scale", n: 4, pinned: true, two: false },
  { operation: "scale", n: 4, pinned: false, two: true },
  { operation: "scale", n: 2, pinned: false, two: false },
  { operation: "delete-pod", pinned: true, two: false },
  { operation: "delete-pod", pinned: false, two: true },
])(
  "PRSM: $operation where images are named by digest, $pinned, takes two: $two (case %#)",
  ({ operation, pinned, two, n = 0 }) => {
    const state = { replicas: 3, hpa: null, controller: "ReplicaSet/prsm-api", image: "prsm:1", pinned };
    const values = { service: "api", pod: "prsm-api-x1", n, now: { "prsm-api": state, "prsm-api-x1": state } };
    const { risk, effect = "" } = file.operations[operation] ?? {};
    expect(judge(ByState.parse(risk).destructive, values)).toMatchObject({ ok: true, holds: two });
    expect(JSON.stringify(fillText(effect, values)).includes("ANOTHER image")).toBe(two);
  },
);
