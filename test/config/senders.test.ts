import { expect, it } from "vitest";
import { goodConfig, linesOf, variables, wardroom } from "./config-folder.ts";

const set = { ...variables, ALERTS_TOKEN: "old-token", ALERTS_TOKEN_NEXT: "new-token" };

function posting(...senders: readonly string[]): { readonly "wardroom.yaml": string } {
  return { "wardroom.yaml": `${wardroom}alerts:\n  senders:\n${senders.map((each) => `    - ${each}\n`).join("")}` };
}

it("a sender's tokens stay references, and what they refer to is found beside the file", async () => {
  const sender = "{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN, env:ALERTS_TOKEN_NEXT] } }";
  const { alerts, secrets } = await goodConfig(posting(sender), { variables: set });
  expect(alerts.senders).toEqual([
    {
      id: "am",
      kind: "alertmanager",
      system: "radar",
      auth: { tokens: ["env:ALERTS_TOKEN", "env:ALERTS_TOKEN_NEXT"] },
    },
  ]);
  expect([...secrets]).toEqual([
    ["ALERTS_TOKEN", "old-token"],
    ["ALERTS_TOKEN_NEXT", "new-token"],
  ]);
});

it("where a sender is asked has its credential by reference, and waits ten minutes after a start", async () => {
  const api = "api: { peers: [http://am:9093, { base: http://am2:9093, auth: { bearer: env:AM } }], receiver: bot }";
  const sender = `{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, ${api} }`;
  const { alerts, secrets } = await goodConfig(posting(sender), { variables: { ...set, AM: "tulip-Value-9" } });
  expect(alerts.senders[0]?.api).toEqual({
    peers: ["http://am:9093", { base: "http://am2:9093", auth: { bearer: "env:AM" } }],
    receiver: "bot",
    settle: 600_000,
  });
  expect(alerts.reconcile).toBe(60_000);
  expect(secrets.get("AM")).toBe("tulip-Value-9");
});

it.each<[string, string, string]>([
  [
    "a job of no system",
    "heartbeats: [{ id: nightly, system: radr, every: 1d, auth: { tokens: [env:ALERTS_TOKEN] } }]",
    "Did you mean `radar`?",
  ],
  ["a job without a proof", "heartbeats: [{ id: nightly, system: radar, every: 1d }]", "alerts.heartbeats[0].auth"],
  [
    "an alert expected of nobody",
    "expected: [{ id: watchdog, sender: am, match: 'alertname=\"W\"' }]",
    "there is no sender called `am`",
  ],
  [
    "what is told nowhere",
    "watch: off\n  heartbeats: [{ id: nightly, system: radar, every: 1d, auth: { tokens: [env:ALERTS_TOKEN] } }]",
    "because `watch` is off",
  ],
])("%s is refused", async (_, written, said) => {
  const files = { "wardroom.yaml": `${wardroom}alerts:\n  ${written}\n` };
  expect((await linesOf(files, { variables: set })).join("\n")).toContain(said);
});

it.each<[string, readonly string[], string]>([
  [
    "an API of what is no Alertmanager",
    [
      "{ id: am, kind: grafana, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, api: { peers: [http://grafana:3000] } }",
    ],
    "only Alertmanager has an API that is asked what fires",
  ],
  [
    "a form of its own that nothing says how to read",
    ["{ id: am, kind: generic, system: radar, auth: { tokens: [env:ALERTS_TOKEN] } }"],
    "nothing says how what it posts is read",
  ],
  [
    "a map for a form that is known",
    [
      "{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, map: { fields: { id: a, severity: b, summary: c, state: d } } }",
    ],
    "what is posted by alertmanager has a form that is known",
  ],
  [
    "a map that never ends an alert",
    [
      "{ id: am, kind: generic, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, map: { fields: { id: a, severity: b, summary: c } } }",
    ],
    "nothing says when an alert is over",
  ],
  [
    "a condition that is none",
    [
      "{ id: am, kind: generic, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, map: { fields: { id: a, severity: b, summary: c }, when: 'rwo.state == 1' } }",
    ],
    "unknown variable: rwo",
  ],
  [
    "an API without an address",
    ["{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN] }, api: { peers: [] } }"],
    "alerts.senders[0].api.peers",
  ],
  [
    "a system that is not there",
    ["{ id: am, system: radr, auth: { tokens: [env:ALERTS_TOKEN] } }"],
    "Did you mean `radar`?",
  ],
  [
    "a token in the open",
    ["{ id: am, system: radar, auth: { tokens: [s3cr3t-t0k3n-x9] } }"],
    "a secret stands here in the open",
  ],
  [
    "a variable that is not set",
    ["{ id: am, system: radar, auth: { tokens: [env:NOWHERE] } }"],
    "the variable NOWHERE is not set",
  ],
  ["no token", ["{ id: am, system: radar, auth: { tokens: [] } }"], "alerts.senders[0].auth.tokens"],
  [
    "three tokens",
    ["{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN, env:ALERTS_TOKEN_NEXT, env:RADAR_URL] } }"],
    "alerts.senders[0].auth.tokens",
  ],
  ["no proof", ["{ id: am, system: radar }"], "alerts.senders[0].auth"],
  [
    "a token that two share",
    [
      "{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN] } }",
      "{ id: other, system: radar, auth: { tokens: [env:ALERTS_TOKEN] } }",
    ],
    "a token called `env:ALERTS_TOKEN` already stands at",
  ],
  [
    "an id that two share",
    [
      "{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN] } }",
      "{ id: am, system: radar, auth: { tokens: [env:ALERTS_TOKEN_NEXT] } }",
    ],
    "a sender called `am` already stands at",
  ],
])("%s is refused", async (_, senders, said) => {
  expect((await linesOf(posting(...senders), { variables: set })).join("\n")).toContain(said);
});
