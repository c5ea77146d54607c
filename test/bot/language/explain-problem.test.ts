import { describe, expect, it } from "vitest";
import { meantCard, needsMoreCard, problemCard } from "../../../src/bot/language/explain-problem.ts";
import { formOf } from "../../../src/bot/language/form.ts";
import { parse } from "../../../src/bot/language/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { operationCommands } from "../../../src/commands/run.ts";
import { textOf, trader } from "../../commands/fixtures.ts";
import { SystemFile } from "../../fakes/backends.ts";

describe("a text that is no command", () => {
  const all = [...commands, ...operationCommands([trader])];
  const said = (text: string): string => {
    const parsed = parse(text, all);
    if (parsed.kind === "ready") throw new Error(`${text} was read`);
    const card =
      parsed.kind === "unreadable" ? problemCard(parsed.problem) : needsMoreCard(formOf(parsed.command, parsed));
    return `${card.summary} ${textOf(card)}`;
  };

  it.each([
    ["staus trader", "Did you mean status?"],
    ["/staus trader", "Did you mean status?"],
    ["trader status", "Type it like this: status trader"],
    ["undo", "stands on its card, as a button and as it is typed: confirm show <code>."],
    ["undo 2f54d2", "confirm show 2F54D2."],
    ["approve 2F54D2", "Type it like this: confirm approve 2F54D2"],
    ["please deny 2F54D2", "Type it like this: confirm deny 2F54D2"],
    [
      "deny the 2F54D2 that is too much for the night",
      "Type it like this: confirm deny 2F54D2 that is too much for the night",
    ],
    ["show me the logs", "Type it like this: logs"],
    ["show me the logs of trader", "Type it like this: logs trader"],
    ["logs main trader", "Type it like this: logs trader main"],
    ["confirm aprove X", "Did you mean confirm approve?"],
    ["confirm", "confirm needs a second word."],
    ["zzzzzz", "Type help to see what there is."],
    ["logs trader --sinec 1h", "Did you mean --since?"],
    ["logs trader main sinec:1h", "Did you mean since:?"],
    ["flatten trader exchange is halting", "Did you mean reason:"],
    ["logs of trader main", "Type it like this: logs trader main"],
    ["metrics for the trader please", "Type it like this: metrics trader"],
    ["logs main on trader since:1h", "Type it like this: logs trader main since:1h"],
    [
      'flatten the trader reason:"on the way to the end"',
      'Type it like this: flatten trader reason:"on the way to the end"',
    ],
    ["confirm approve 2F54D2 prsm-api", 'Did you mean name:prsm-api, or reason:"…"?'],
    ["confirm approve 2F54D2 prsm-api reason:fine", "Did you mean name:prsm-api?"],
    ["confirm approve 2F54D2 name:api because", 'Did you mean reason:"…"?'],
    ["alerts trader critical", "Did you mean severity:critical?"],
    ["alerts trader Acknowledged severity:info", "Did you mean state:acknowledged?"],
    ["alerts trader critical severity:info", "Put a value with spaces in quotes."],
    ["what is wrong", "status and home show how things stand. Type help"],
    ["whats down", "status and home show how things stand. Type help"],
    ["runbook", "status and home show how things stand. Type help"],
    ["alerts of nothing there", "Put a value with spaces in quotes."],
    ['logs trader match:"never', "never closes"],
    ["logs trader since:", "since needs a value after it."],
    ["logs trader limit:1 limit:2", "can be only one of"],
    ['confirm approve 2F54D2 evidence:"the page is flat"', "Did you mean seen:?"],
    ['confirm approve 2F54D2 --evidence "the page is flat"', "Did you mean --seen?"],
    ['confirm settle 2F54D2 failed seen:"the page is flat"', "Did you mean evidence:?"],
    ["", "There was no command."],
    ["x".repeat(4_001), "A command has at most 4000 characters"],
    ["flatten trader", "reason is missing"],
    ["logs trader limit:many", "It must be a whole number"],
  ])("%j: %s", (text, words) => expect(said(text)).toContain(words));
});

describe("an operation that is typed as if it were a command", () => {
  const restart = {
    summary: "Restart a service",
    risk: "change",
    arguments: { service: { title: "Service", type: "text" } },
    steps: [{ id: "n", title: "Note", note: "n" }],
  };
  const systems = ["trader", "guard"].map((id) =>
    SystemFile.parse({
      id,
      title: id,
      health: [{ id: "api", http: "http://127.0.0.1:1/" }],
      operations: { "restart-service": restart },
    }),
  );
  const meant = (text: string) => {
    const parsed = parse(text, [...commands, ...operationCommands(systems)]);
    return parsed.kind === "unreadable" && parsed.problem.code === "unknown-command" ? parsed.problem.meant : undefined;
  };
  const trading = 'run trader restart-service service:… reason:"…"';
  const guarding = 'run guard restart-service service:… reason:"…"';

  it.each([
    ["restart-service", [trading, guarding]],
    ["/Restart-Service trader", [trading]],
    ["restart service trader api", [trading]],
    ["restart_service guard", [guarding]],
    ["guard restart-service service:api", [guarding]],
    ["restart", undefined],
  ])("%j", (text, usages) => expect(meant(text)?.map(({ usage }) => usage)).toEqual(usages));

  it("opens a form at the press of its button, but for what is urgent, which the press asks for", () => {
    const halt = { ...restart, arguments: {}, direction: "reduces", urgent: true };
    const halting = SystemFile.parse({
      id: "trader",
      title: "trader",
      health: [{ id: "api", http: "http://127.0.0.1:1/" }],
      operations: { halt },
    });
    const parsed = parse("halt", [...commands, ...operationCommands([halting])]);
    const asked = parsed.kind === "unreadable" && parsed.problem.code === "unknown-command" ? parsed.problem.meant : [];
    expect(meantCard(asked ?? []).actions?.map(({ label }) => label)).toEqual(["halt trader"]);
    expect(meantCard(meant("restart-service trader") ?? []).actions?.map(({ label }) => label)).toEqual([
      "restart-service trader…",
    ]);
  });

  it("is shown as it is to be typed, with a button for each", () => {
    const card = meantCard(meant("restart-service") ?? []);
    expect(card).toMatchObject({
      title: "restart-service is asked for with run",
      blocks: [{ kind: "code", text: `${trading}\n${guarding}` }],
      actions: [
        { command: "run", args: { system: "trader", operation: "restart-service" } },
        { command: "run", args: { system: "guard", operation: "restart-service" } },
      ],
    });
  });
});

it("what is missing is told apart from what is wrong, and a field without help is told by its label", () => {
  const field = (name: string, label: string, help: string) =>
    ({ name, label, help, kind: "text", required: true }) as const;
  const form = {
    command: "run",
    title: "Run",
    submit: "Run",
    danger: false,
    usage: "run <system>",
    fields: [
      field("service", "Service to restart", ""),
      field("reason", "Reason", "Why now?"),
      field("limit", "Limit", ""),
    ],
    values: { limit: 0 },
    carried: [],
    about: [],
    errors: { limit: "It must be at least 1" },
  };
  const card = needsMoreCard(form);
  expect(card.title).toBe(`${form.command} needs more`);
  const given = { service: "api", reason: "more load" };
  const whole = needsMoreCard({ ...form, values: { ...form.values, ...given } });
  expect(whole.title).toBe(`${form.command} does not take that limit`);
  expect(whole.summary).toBe("Nothing was done. Correct limit and ask again.");
  expect(card.summary).toBe("Nothing was done. Give service, reason and correct limit and ask again.");
  expect(card.blocks[0]).toMatchObject({
    items: [
      { text: "service is missing. Service to restart" },
      { text: "reason is missing. Why now?" },
      { text: "limit: It must be at least 1" },
    ],
  });
});

it("what is missing names what there is to choose from, as many as are read", () => {
  const field = (name: string, more: object) =>
    ({ name, label: name, help: "", kind: "text", required: true, ...more }) as const;
  const backups = Array.from({ length: 30 }, (_, index) => `backup_2026_11_${index + 1}`);
  const form = {
    command: "restore",
    title: "Restore",
    submit: "Ask",
    danger: true,
    usage: "restore <system> <backup>",
    fields: [
      field("backup", {}),
      field("mode", { choices: ["paper", "live"], help: "Where orders go." }),
      field("operation", { help: "flatten, resume" }),
      field("tag", {}),
      field("reason", {}),
    ],
    values: {},
    carried: [],
    about: [],
    errors: {},
    offered: { backup: backups, operation: ["flatten", "resume"], tag: [] },
  };
  expect(needsMoreCard(form).blocks[0]).toMatchObject({
    items: [
      { text: expect.stringMatching(/^backup is missing\. backup\. There are backup_2026_11_1, .* and \d+ more\.$/) },
      { text: "mode is missing. Where orders go. There are paper, live." },
      { text: "operation is missing. flatten, resume" },
      { text: "tag is missing. tag. There is none just now." },
      { text: "reason is missing. reason" },
    ],
  });
});
