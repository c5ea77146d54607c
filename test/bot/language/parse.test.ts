import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Parsed, parse } from "../../../src/bot/language/parse.ts";
import { incidentDeclare } from "../../../src/commands/incident.ts";
import { silence } from "../../../src/commands/silence.ts";
import { type Command, defineCommand } from "../../../src/domain/commands/command.ts";
import { commandLine } from "./command-line.ts";

function command(name: string, input: z.ZodObject): Command {
  return defineCommand({
    name,
    summary: name,
    permission: "read",
    examples: [],
    input,
    run: () => Promise.reject(new Error("parsing never runs a command")),
  });
}

const word = (label: string, more: object = {}) => z.string().meta({ label, ...more });

const status = command("status", z.object({ system: word("System", { positional: true }).optional() }));
const logs = command(
  "logs",
  z.object({
    system: word("System", { positional: true }),
    source: word("Source", { positional: true }).optional(),
    since: z.string().default("1h").meta({ label: "Since" }),
    level: z.enum(["debug", "info", "error"]).optional().meta({ label: "Level" }),
    match: word("Match").optional(),
    where: word("Where", { repeated: true }).optional(),
    "count-by": word("Count by").optional(),
    limit: z.int().min(1).max(500).default(100).meta({ label: "Limit" }),
    follow: z.boolean().default(false).meta({ label: "Follow" }),
  }),
);
const flatten = command(
  "flatten",
  z.object({
    system: word("System", { positional: true }),
    share: z.number().gt(0).max(1).optional().meta({ label: "Share" }),
    reason: z.string().min(5, "say why in at least 5 characters").max(300).meta({ label: "Reason", multiline: true }),
  }),
);
const note = command(
  "note",
  z.object({ system: word("System", { positional: true }), text: word("Text", { positional: true, rest: true }) }),
);
const approve = command("confirm approve", z.object({ request: word("Request", { positional: true }) }));
const confirm = command("confirm", z.object({ what: word("What", { positional: true }).optional() }));
const commands = [status, logs, flatten, note, confirm, approve];

function read(text: string): Parsed {
  return parse(text, commands);
}

/** The values of a line that reads well. */
function values(text: string): Readonly<Record<string, unknown>> {
  const parsed = read(text);
  if (parsed.kind !== "ready") throw new Error(`${text} was not read: ${JSON.stringify(parsed)}`);
  return parsed.values;
}

function problem(text: string): string {
  const parsed = read(text);
  return parsed.kind === "unreadable" ? parsed.problem.code : parsed.kind;
}

describe("the name of a command", () => {
  it.each([
    ["status", "status"],
    ["  STATUS  alphapulse ", "status"],
    ["confirm approve 4F7A2C", "confirm approve"],
    ["Confirm\nApprove 4F7A2C", "confirm approve"],
    ["confirm 4F7A2C", "confirm"],
    ["confirm", "confirm"],
  ])("%j is %s", (text, name) => {
    const parsed = read(text);
    expect(parsed.kind === "ready" && parsed.command.name).toBe(name);
  });

  it("is unknown when nothing has it", () => {
    expect(read("staus alphapulse")).toEqual({
      kind: "unreadable",
      problem: { code: "unknown-command", typed: "staus alphapulse", known: commands.map((each) => each.name) },
    });
  });

  it.each(["", "   ", "\n\t", "\u200b"])("%j asks nothing", (text) => expect(problem(text)).toBe("empty"));
});

describe("values arrive as typed", () => {
  it.each([
    ["logs api:1.2.3", { system: "api:1.2.3" }],
    ["logs 10:30 https://r/x?a=b", { system: "10:30", source: "https://r/x?a=b" }],
    ["logs a match:10:30", { system: "a", match: "10:30" }],
    ["logs a match=https://r/x", { system: "a", match: "https://r/x" }],
    ["logs a match:a=b", { system: "a", match: "a=b" }],
    ["logs a where:reason_codes=PG.FLASH", { system: "a", where: "reason_codes=PG.FLASH" }],
    ["logs a where:level=error where:symbol=BTC", { system: "a", where: "level=error\nsymbol=BTC" }],
    ['logs a where:message="risk limit"', { system: "a", where: "message=risk limit" }],
    ['logs a "limit:5"', { system: "a", source: "limit:5" }],
    ['logs a match:"two  words"', { system: "a", match: "two  words" }],
    ["logs a match:“two words”", { system: "a", match: "two words" }],
    ["logs a match:„zwei Worte“", { system: "a", match: "zwei Worte" }],
    ["logs a match:‘it’s two’", { system: "a", match: "it’s two" }],
    ["logs a match:'it isn't'", { system: "a", match: "it isn't" }],
    ["logs a match:don't", { system: "a", match: "don't" }],
    [String.raw`logs a match:"say \"hi\""`, { system: "a", match: 'say "hi"' }],
    [String.raw`logs a match:C:\logs\new`, { system: "a", match: String.raw`C:\logs\new` }],
    [String.raw`logs a match:"C:\logs\new"`, { system: "a", match: String.raw`C:\logs\new` }],
    [String.raw`logs a match:/\d+ms/`, { system: "a", match: String.raw`/\d+ms/` }],
    ['logs a match:{"k":"v"}', { system: "a", match: '{"k":"v"}' }],
    ["logs a 🚀", { system: "a", source: "🚀" }],
    ["logs a $(reboot);`id`", { system: "a", source: "$(reboot);`id`" }],
    ["logs -5", { system: "-5" }],
    ["logs a __proto__:x", { system: "a", source: "__proto__:x" }],
  ])("%s", (text, expected) => expect(values(text)).toEqual(expected));
});

describe("keys", () => {
  it.each([
    ["logs a since:2h", { system: "a", since: "2h" }],
    ["logs a since=2h", { system: "a", since: "2h" }],
    ["logs a since: 2h", { system: "a", since: "2h" }],
    ["logs a --since 2h", { system: "a", since: "2h" }],
    ["logs a --since=2h", { system: "a", since: "2h" }],
    ['logs a --since="2 h"', { system: "a", since: "2 h" }],
    ["logs a —since 2h", { system: "a", since: "2h" }],
    ["logs --since 2h a", { system: "a", since: "2h" }],
    ["logs b system:a", { system: "a", source: "b" }],
    ["logs a Since:2h LEVEL:Error", { system: "a", since: "2h", level: "error" }],
    ["logs a count_by:symbol", { system: "a", "count-by": "symbol" }],
    ["logs a --follow b", { system: "a", source: "b", follow: true }],
    ["logs a --follow no", { system: "a", follow: false }],
    ["logs a --no-follow", { system: "a", follow: false }],
    ["logs a follow:yes limit:+7", { system: "a", follow: true, limit: 7 }],
    ["flatten a share:.5 reason:halting", { system: "a", share: 0.5, reason: "halting" }],
    ['logs a match:""', { system: "a" }],
    // A quote whose pair stands inside the same word opens nothing.
    ['logs a match:"x"} limit:7', { system: "a", match: '"x"}', limit: 7 }],
  ])("%s", (text, expected) => expect(values(text)).toEqual(expected));

  it.each([
    ["logs a --sinec 2h", "unknown-flag"],
    ["logs a --since", "no-value"],
    ["logs a since:", "no-value"],
    ["logs a --since --level error", "no-value"],
    ["logs a --since level:error", "no-value"],
    ["logs a limit:5 limit:6", "given-twice"],
    ["logs a b c", "extra-word"],
    ["logs a b sinec:2h", "extra-word"],
    ['logs a match:"never closed', "unclosed-quote"],
    ["logs a “never closed", "unclosed-quote"],
  ])("%s is refused: %s", (text, code) => expect(problem(text)).toBe(code));
});

describe("free text", () => {
  it.each([
    ["flatten a reason:the exchange is halting", { system: "a", reason: "the exchange is halting" }],
    ["flatten a reason: the exchange  is at 10:30", { system: "a", reason: "the exchange  is at 10:30" }],
    ["flatten a --reason the exchange --loudly share:1", { system: "a", reason: "the exchange --loudly", share: 1 }],
    ["flatten reason:the exchange system:a", { system: "a", reason: "the exchange" }],
    ['flatten reason:"the exchange" a', { system: "a", reason: "the exchange" }],
    ["note a as typed: limit:5  “x” --y", { system: "a", text: "as typed: limit:5  “x” --y" }],
    ['note a "one piece"', { system: "a", text: "one piece" }],
    ['note a "one" piece', { system: "a", text: '"one" piece' }],
  ])("%s", (text, expected) => expect(values(text)).toEqual(expected));
});

describe("what is missing and what is wrong", () => {
  it("names missing fields apart from wrong ones and keeps what was given", () => {
    expect(read("flatten share:2")).toMatchObject({
      kind: "incomplete",
      values: { share: 2 },
      missing: ["system", "reason"],
      errors: { share: "It must be at most 1." },
    });
  });

  it.each([
    ["logs a limit:abc", { limit: 'It must be a whole number, not "abc".' }],
    ["logs a limit:1.5", { limit: 'It must be a whole number, not "1.5".' }],
    [
      "logs a limit:9007199254740993",
      { limit: 'It has more digits than are kept of a number, so it was not taken: "9007199254740993".' },
    ],
    ["logs a limit:501", { limit: "It must be at most 500." }],
    ["logs a follow:maybe", { follow: 'It must be yes or no, not "maybe".' }],
    ["logs a level:eror", { level: 'It must be one of debug, info, error, not "eror". Did you mean error?' }],
    ["flatten a reason:no", { reason: "say why in at least 5 characters" }],
  ])("%s", (text, errors) => expect(read(text)).toMatchObject({ kind: "incomplete", missing: [], errors }));

  it("takes 4,000 characters and no more", () => {
    const line = "logs a match:";
    expect(problem(line + "x".repeat(4_000 - line.length))).toBe("ready");
    expect(problem(line + "x".repeat(4_001 - line.length))).toBe("too-long");
  });
});

describe("any text at all", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      "logs",
      "flatten",
      "confirm",
      "approve",
      "--",
      "—",
      "--since",
      "--no-",
      "reason:",
      "where:",
      "=",
      ":",
      '"',
      "“",
      "”",
      "'",
      "\\",
      " ",
      "\n",
      "\u200b",
      "__proto__:",
      "constructor",
    ),
  );

  it("is read or refused, and never throws", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(["ready", "incomplete", "unreadable"]).toContain(read(pieces.join("")).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it("comes back from what formatting wrote, whatever the values", () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        fc.constantFrom('"', "“", "’", "'", "\\", " ", ":", "=", "-", "\n", "a"),
      ),
      minLength: 1,
      maxLength: 40,
    });
    const line = text.map((value) => value.replaceAll("\n", " "));
    const given = fc.record(
      {
        system: text,
        source: text,
        since: text,
        level: fc.constantFrom("debug", "info", "error"),
        match: text,
        where: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n")),
        "count-by": text,
        limit: fc.integer({ min: 1, max: 500 }),
        follow: fc.boolean(),
      },
      { requiredKeys: ["system"] },
    );
    fc.assert(
      fc.property(given, (wanted) => {
        expect(values(commandLine(logs, wanted))).toEqual(wanted);
      }),
      { numRuns: 2_000 },
    );
  });

  it("comes back for free text and for the rest of a line too", () => {
    const text = fc.string({ unit: "binary", minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(text, text, (system, free) => {
        expect(values(commandLine(flatten, { system, reason: free }))).toEqual({ system, reason: free });
        expect(values(commandLine(note, { system, text: free }))).toEqual({ system, text: free });
      }),
      { numRuns: 1_000 },
    );
  });
});

it.each([
  ['{system="td", alertname="A"}', "for:25h"],
  ['{system="td"}', "for:25h"],
  ['{alertname="it is: \\"full\\" {now}", system=~"a|b"}', "for:25h"],
  ['{ system = "td" }', "for:25h"],
])("conditions in braces end where they end, whatever comes behind them: %s", (match, more) => {
  const line = `silence ${match} ${more} comment:"the disk is exchanged"`;
  expect(parse(line, [silence])).toMatchObject({
    kind: "ready",
    values: { alerts: match, for: "25h", comment: "the disk is exchanged" },
  });
  expect(parse(`silence comment:"no disk" ${match} ${more}`, [silence])).toMatchObject({ values: { alerts: match } });
});

it.each([
  "incident declare severity:P1 system:td the exchange is silent",
  "incident declare P1 the exchange is silent system:td",
  'incident declare P1 "the exchange is silent" system:td',
  "incident declare system:td P1 the exchange is silent",
])("a key counts wherever it stands, also behind the text of a line: %s", (text) => {
  expect(parse(text, [incidentDeclare])).toMatchObject({
    kind: "ready",
    values: { title: "the exchange is silent", severity: "P1", system: "td" },
  });
});
