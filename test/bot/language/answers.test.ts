import { expect, it } from "vitest";
import { parse } from "../../../src/bot/language/parse.ts";
import { commands } from "../../../src/commands/index.ts";

function read(text: string): unknown {
  const parsed = parse(text, commands);
  return parsed.kind === "unreadable" ? parsed.problem.code : { name: parsed.command.name, values: parsed.values };
}

it.each(["yes", "Yes!", "ok", "LGTM", "go ahead", "no", "No.", "approve", "deny"])(
  "%j names no request, so it asks what waits and decides nothing",
  (text) => expect(read(text)).toEqual({ name: "confirm next", values: {} }),
);

it("a yes with more words is none of these", () => {
  expect(read("yes 4F7A2C")).toBe("unknown-command");
  expect(read("ok then do it at once")).toBe("unknown-command");
});

it.each(["deny", "withdraw", "cancel", "abort"])(
  "what is typed behind confirm %s and the code is the reason",
  (verb) => {
    const named = { name: `confirm ${verb}`, values: { request: "4F7A2C", reason: "now, it is wrong" } };
    expect(read(`confirm ${verb} 4F7A2C now, it is wrong`)).toEqual(named);
    expect(read(`confirm ${verb} 4F7A2C reason:"now, it is wrong"`)).toEqual(named);
    expect(read(`confirm ${verb} 4F7A2C`)).toEqual({ name: `confirm ${verb}`, values: { request: "4F7A2C" } });
  },
);

it("no name of a command is taken from it", () => {
  const answers = commands.flatMap((command) => command.answers ?? []);
  expect(answers.filter((each) => commands.some(({ name }) => name.split(" ")[0] === each))).toEqual([]);
});
