import { expect, it } from "vitest";
import { isQuestion } from "../../../src/bot/pipeline/is-question.ts";
import { commands } from "../../../src/commands/index.ts";

it("only what changes nothing is a question; each command is named here", () => {
  const questions = commands
    .filter((command) => isQuestion({ kind: "ready", command, values: {}, input: {} }))
    .map(({ name }) => name);
  expect(questions.toSorted()).toEqual([
    "alerts",
    "alerts dead",
    "alerts matching",
    "alerts route",
    "alerts shadow",
    "alerts silences",
    "alerts why",
    "audit",
    "confirm list",
    "confirm next",
    "confirm show",
    "confirm who",
    "digest list",
    "digest preview",
    "digest show",
    "escalation",
    "help",
    "home",
    "incident catchup",
    "incident list",
    "incident postmortem",
    "incident show",
    "incident stats",
    "incident tasks",
    "logs",
    "metrics",
    "oncall",
    "portfolio",
    "status",
    "why",
  ]);
  expect(isQuestion({ kind: "unreadable", card: { tone: "warning", title: "?", blocks: [] } })).toBe(true);
});
