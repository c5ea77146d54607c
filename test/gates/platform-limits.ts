import type { Field } from "../../src/bot/language/field.ts";

/** What the platforms refuse when commands are registered or forms are opened, in characters and items. */
export const limits = {
  /** Discord: a command, subcommand or option. */
  name: /^[a-z0-9_-]{1,32}$/,
  discordDescription: 100,
  discordOptions: 25,
  discordChoices: 25,
  discordChoice: 100,
  discordSubcommands: 25,
  discordCommands: 100,
  /** Discord counts name, description and choices of a command with all below it. */
  discordWhole: 8_000,
  discordFormFields: 5,
  discordFormLabel: 45,
  slackFormTitle: 24,
  slackOption: 75,
  /** The title of an entry in a message's menu; Discord takes 32 characters and five entries. */
  slackShortcut: 24,
  discordShortcuts: 5,
} as const;

export interface Registered {
  readonly name: string;
  readonly summary: string;
  /** What help shows; a command without one cannot be learnt from it. */
  readonly examples: readonly string[];
  readonly fields: readonly Field[];
  readonly shortcut?: { readonly title: string; readonly field: string } | undefined;
}

/** Everything a platform would refuse about these commands, as sentences. */
export function platformProblems(commands: readonly Registered[]): string[] {
  return [...commands.flatMap(problemsOf), ...problemsTogether(commands)];
}

function problemsOf({ name, summary, examples, fields, shortcut }: Registered): string[] {
  const words = name.split(" ");
  return [
    ...said(words.length > 2, `${name}: a name is one or two words`),
    ...said(
      words.some((word) => !limits.name.test(word)),
      `${name}: not a name on Discord`,
    ),
    ...said(name.length > limits.slackFormTitle, `${name}: too long for the title of a form on Slack`),
    ...said(
      summary === "" || summary.length > limits.discordDescription,
      `${name}: the summary has 1 to 100 characters`,
    ),
    ...said(examples.length === 0, `${name}: no example`),
    ...said(fields.length > limits.discordOptions, `${name}: more than 25 fields`),
    ...said(
      fields.filter((field) => field.required).length > limits.discordFormFields,
      `${name}: more required fields than a form on Discord shows`,
    ),
    ...said(
      shortcut !== undefined && (shortcut.title === "" || shortcut.title.length > limits.slackShortcut),
      `${name}: the title in a message's menu has 1 to 24 characters`,
    ),
    ...said(
      shortcut !== undefined && !fields.some((field) => field.name === shortcut.field),
      `${name}: its menu entry fills a field that is not there`,
    ),
    ...fields.flatMap((field) => fieldProblems(`${name} ${field.name}`, field)),
  ];
}

function fieldProblems(what: string, field: Field): string[] {
  const choices = field.choices ?? [];
  const description = field.help || field.label;
  return [
    ...said(!limits.name.test(field.name), `${what}: not a name on Discord`),
    ...said(
      field.label === "" || field.label.length > limits.discordFormLabel,
      `${what}: the label has 1 to 45 characters`,
    ),
    ...said(description.length > limits.discordDescription, `${what}: the help is longer than 100 characters`),
    ...said(choices.length > limits.discordChoices, `${what}: more than 25 choices`),
    ...said(
      choices.some((choice) => choice === "" || choice.length > limits.slackOption),
      `${what}: a choice has 1 to 75 characters`,
    ),
  ];
}

function problemsTogether(commands: readonly Registered[]): string[] {
  const groups = Map.groupBy(commands, ({ name }) => name.split(" ")[0] ?? name);
  return [
    ...said(groups.size > limits.discordCommands, "more than 100 commands"),
    ...said(
      commands.filter((command) => command.shortcut).length > limits.discordShortcuts,
      "more than 5 entries in a message's menu",
    ),
    ...[...groups].flatMap(([first, members]) => {
      const whole = members.reduce((sum, member) => sum + sizeOf(member), 0);
      const names = members.map((member) => member.name);
      return [
        ...said(new Set(names).size < names.length, `${first}: two commands have the same name`),
        ...said(members.length > limits.discordSubcommands, `${first}: more than 25 subcommands`),
        // A command of one word is the subcommand `show` beside those that begin with that word.
        ...said(
          names.includes(first) && names.includes(`${first} show`),
          `${first}: would be one subcommand with ${first} show`,
        ),
        ...said(whole > limits.discordWhole, `${first}: ${whole} characters together, 8,000 are allowed`),
      ];
    }),
  ];
}

function sizeOf({ name, summary, fields }: Registered): number {
  const texts = fields.flatMap((field) => [field.name, field.help || field.label, ...(field.choices ?? [])]);
  return [name, summary, ...texts].reduce((sum, text) => sum + text.length, 0);
}

function said(wrong: boolean, sentence: string): string[] {
  return wrong ? [sentence] : [];
}
