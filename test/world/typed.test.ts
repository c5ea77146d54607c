import { expect, it } from "vitest";
import { parse } from "../../src/bot/language/parse.ts";
import { readSlackText } from "../../src/bot/slack/read-slack-text.ts";
import { commands } from "../../src/commands/index.ts";

/** What is understood of a text as Slack hands it over. */
function read(text: string): unknown {
  const parsed = parse(readSlackText(text, "U1"), commands);
  return parsed.kind === "unreadable" ? parsed.problem.code : { [parsed.command.name]: parsed.values };
}

it.each([
  ["<@U1>: status", { status: {} }],
  ["<@U1>, status alphapulse", { status: { system: "alphapulse" } }],
  ["<@U1>:status", { status: {} }],
  ["<@U1> : status", { status: {} }],
  ["`status alphapulse`", { status: { system: "alphapulse" } }],
  ["```status alphapulse```", { status: { system: "alphapulse" } }],
  ["<@U1> ```\nstatus alphapulse\n```", { status: { system: "alphapulse" } }],
  ["<@U1>: `status`", { status: {} }],
  ["logs ap match:<tel:+15551234|555-1234>", { logs: { system: "ap", match: "555-1234" } }],
  ["logs ap match:<mailto:kim@x.example|kim@x.example>", { logs: { system: "ap", match: "kim@x.example" } }],
  ["logs ap match:<mailto:kim@x.example>", { logs: { system: "ap", match: "kim@x.example" } }],
  ["logs ap match:<https://x.example/a|x.example/a>", { logs: { system: "ap", match: "x.example/a" } }],
  ["logs ap match:`a`", { logs: { system: "ap", match: "`a`" } }],
])("%s is read as it was typed", (text, understood) => {
  expect(read(text)).toMatchObject({ ...understood });
});
