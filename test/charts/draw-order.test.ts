import { expect, it } from "vitest";
import { packed } from "../../src/charts/draw-order.ts";
import { rememberSecret } from "../../src/domain/text/known-secrets.ts";
import { specOf } from "./chart-spec.ts";

it("what the drawing process is sent holds no secret, as it could not know one", () => {
  const secret = "plainlilacvalue";
  rememberSecret(secret);
  const order = packed(
    specOf({
      title: `Latency of ${secret}`,
      unit: secret,
      series: [{ name: `http://${secret}/`, samples: [] }],
      thresholds: [{ label: secret, value: 1, tone: "bad" }],
    }),
  );
  expect(JSON.stringify(order)).not.toContain(secret);
});
