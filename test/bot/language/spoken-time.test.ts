import { describe, expect, it } from "vitest";
import { parse } from "../../../src/bot/language/parse.ts";
import { commands } from "../../../src/commands/index.ts";

/** What a line gives its command. */
function read(text: string): unknown {
  const parsed = parse(text, commands);
  return parsed.kind === "ready" ? parsed.values : parsed;
}

describe("a time", () => {
  it.each([
    ["logs prsm since:30min", { system: "prsm", since: "30min" }],
    ["logs prsm since:30 minutes level:error", { system: "prsm", since: "30 minutes", level: "error" }],
    ["logs prsm since:2 hours ago", { system: "prsm", since: "2 hours ago" }],
    ["logs prsm since: yesterday at 3pm", { system: "prsm", since: "yesterday at 3pm" }],
    ['logs prsm "2 hours ago"', { system: "prsm", since: "2 hours ago" }],
    ["logs prsm yesterday", { system: "prsm", since: "yesterday" }],
    ["logs prsm api last 30 minutes", { system: "prsm", source: "api", since: "last 30 minutes" }],
    [
      "logs prsm api in the last hour level:warn",
      { system: "prsm", source: "api", since: "in the last hour", level: "warn" },
    ],
    ["logs prsm from 3am", { system: "prsm", since: "from 3am" }],
    ["logs prsm from 3am to 4am", { system: "prsm", since: "from 3am", until: "4am" }],
    ["logs last 30 minutes prsm", { since: "last 30 minutes", system: "prsm" }],
    ["logs prsm 30m", { system: "prsm", since: "30m" }],
    ["logs prsm follow:2 minutes", { system: "prsm", follow: "2 minutes" }],
    ["metrics prsm cpu since:6h", { system: "prsm", metric: "cpu", range: "6h" }],
    ["metrics prsm cpu last 6 hours", { system: "prsm", metric: "cpu", range: "last 6 hours" }],
    ["metrics prsm cpu 6h", { system: "prsm", metric: "cpu", range: "6h" }],
    ["audit since yesterday", { since: "since yesterday" }],
    ["ack 1f0c9a2e for 2 hours", { alerts: "1f0c9a2e", for: "2 hours" }],
    ["ack 1f0c9a2e 77ab03d1 for:2h", { alerts: "1f0c9a2e 77ab03d1", for: "2h" }],
    ["snooze 1f0c9a2e for 30 minutes", { alerts: "1f0c9a2e", for: "30 minutes" }],
    [
      'silence system=prsm for 2 hours comment:"load test"',
      { alerts: "system=prsm", for: "2 hours", comment: "load test" },
    ],
    ["status prsm watch:30 minutes", { system: "prsm", watch: "30 minutes" }],
  ])("%s", (text, values) => expect(read(text)).toMatchObject(values));

  it.each([
    ["logs prsm now", { system: "prsm", source: "now" }],
    ["logs prsm match:since level:error", { match: "since", level: "error" }],
    ['logs prsm match:"since yesterday"', { match: "since yesterday" }],
    ["incident note the queue is full since 3am", { text: "the queue is full since 3am" }],
    ["incident declare P2 lag of the stream for 2 hours", { title: "lag of the stream for 2 hours" }],
    ["silence system=prsm for 2 hours of rest comment:xyz", { alerts: "system=prsm for 2 hours of rest" }],
  ])("is no time in %s", (text, values) => expect(read(text)).toMatchObject({ ...values }));
});

it.each([
  ["logs prsm grep:timeout", { match: "timeout" }],
  ["logs prsm --grep timeout", { match: "timeout" }],
  ["incident note restarted the gateway", { text: "restarted the gateway" }],
  ["incident note 12 restarted 3 pods", { incident: 12, text: "restarted 3 pods" }],
  ["incident note 12 text:restarted", { incident: 12, text: "restarted" }],
  ["incident note text:restarted it", { text: "restarted it" }],
])("one word for one thing: %s", (text, values) => expect(read(text)).toMatchObject(values));
