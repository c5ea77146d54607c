import { expect, it } from "vitest";
import { edited, load, system, wardroom } from "./config-folder.ts";

const slack = wardroom.replace(
  "policy:",
  '  - { id: chat, surface: slack, channel: C0AAAAAA1, systems: "*", allow: [read] }\npolicy:',
);
const discord = wardroom.replace(
  "policy:",
  '  - { id: chat, surface: discord, channel: "123456789012345678", systems: "*", allow: [read] }\npolicy:',
);

function withArguments(given: string): string {
  return `${system}  resize:\n    summary: Resize it\n    risk: change\n    arguments:\n${given}    steps: [{ id: say, title: Say, note: Say it }]\n`;
}

async function said(file: string, text: string): Promise<string[]> {
  const result = await load({ "wardroom.yaml": file, "systems/radar.yaml": text });
  if ("config" in result) return [];
  return result.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
}

const line = (name: string, more = "type: text, title: It, required: false"): string => `      ${name}: { ${more} }\n`;
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);
const choices = (count: number): string =>
  line("size", `type: choice, title: Size, choices: [${many(count).join(", ")}]`);
const names = (count: number): string =>
  many(count)
    .map((name) => line(name))
    .join("");

it.each([
  [
    "26 choices",
    choices(26),
    "23:51 operations.resize.arguments.size.choices: there are 26 choices, and Discord takes 25",
  ],
  [
    "a long choice",
    line("size", `type: choice, title: Size, choices: [${"a".repeat(101)}]`),
    "a choice has 101 characters, and Discord takes 100",
  ],
  [
    "a long title",
    line("size", `type: text, title: ${"a".repeat(46)}`),
    "the title has 46 characters, and Discord takes 45",
  ],
  [
    "a long help",
    line("size", `type: text, title: It, help: ${"a".repeat(101)}`),
    "the help has 101 characters, and Discord takes 100",
  ],
  [
    "a name in another script",
    line("größe"),
    '23:7 operations.resize.arguments["größe"]: `größe` is no name for an argument on Discord',
  ],
  ["22 arguments", names(22), "44:7 operations.resize.arguments.n21: the arguments of all operations have 22 names"],
  [
    "4 required arguments",
    many(4)
      .map((name) => line(name, "type: text, title: It"))
      .join(""),
    "19:3 operations.resize: system, reason and required arguments are 6 fields of a form, and Discord takes 5",
  ],
  [
    "8,000 characters",
    many(20)
      .map((name) =>
        line(
          name,
          `type: choice, title: It, required: false, choices: [${many(22)
            .map((each) => `${each}-${"a".repeat(20)}`)
            .join(", ")}]`,
        ),
      )
      .join(""),
    "too long together, and Discord takes 8000",
  ],
])("%s: a problem where it stands, once a channel is on Discord", async (_what, given, says) => {
  const text = withArguments(given);
  expect((await said(discord, text)).join("\n")).toContain(says);
  expect(await said(wardroom, text)).toEqual([]);
});

it("as much as Discord takes is no problem", async () => {
  expect(await said(discord, withArguments(choices(25)))).toEqual([]);
  expect(await said(discord, withArguments(names(21)))).toEqual([]);
  expect(
    await said(
      discord,
      withArguments(
        many(3)
          .map((name) => line(name, "type: text, title: It"))
          .join(""),
      ),
    ),
  ).toEqual([]);
});

it("each platform has limits of its own", async () => {
  expect(await said(slack, withArguments(choices(26)))).toEqual([]);
  const short = edited(system, "  wipe:", "  wipe-everything-there-is-now:");
  expect((await said(slack, short)).join("\n")).toContain(
    "the name of a command has 28 characters, and Slack takes 24",
  );
  expect(await said(discord, short)).toEqual([]);
});

it("more commands than a platform takes are told at the first that is too many", async () => {
  const operations = many(120).map(
    (id) => `  ${id}: { summary: Do it, risk: change, short: true, steps: [{ id: a, title: A, note: A }] }\n`,
  );
  const found = await said(discord, `${system}${operations.join("")}`);
  expect(found).toEqual([
    expect.stringMatching(/^\d+:\d+ operations\.n\d+\.short: there are 123 commands, and Discord takes 100$/),
  ]);
});
