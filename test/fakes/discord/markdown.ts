/** Where a text stands decides what of it Discord renders. */
export type TextPlace = "content" | "title" | "description" | "field-name" | "field-value";

/** What Discord makes of a text: nothing of it is left as it was typed. */
export interface Rendered {
  readonly links: string[];
  /** Everything that would not be shown as the signs that were typed. */
  readonly formatted: string[];
  /** Whom it names outside of code: ids of people and of roles, `everyone`, `here`. */
  readonly named: { readonly users: string[]; readonly roles: string[]; readonly all: ("everyone" | "here")[] };
}

interface Rules {
  readonly blocks: boolean;
  readonly mentions: boolean;
  readonly bareLinks: boolean;
  readonly maskedLinks: boolean;
}

const whole: Rules = { blocks: true, mentions: true, bareLinks: true, maskedLinks: true };
const rulesOf: Readonly<Record<TextPlace, Rules>> = {
  content: whole,
  description: whole,
  "field-value": whole,
  title: { blocks: false, mentions: false, bareLinks: false, maskedLinks: true },
  "field-name": { blocks: false, mentions: false, bareLinks: false, maskedLinks: false },
};

const escaped = /\\[^A-Za-z0-9\s]/y;
const codeBlock = /```(?=[\s\S]*?[^`\s][\s\S]*?```)[\s\S]+?```/y;
const inlineCode = /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/y;
const everyone = /@(everyone|here)/y;
const bareLink = /https?:\/\/[^\s<]+/y;
const bracketedLink = /<https?:\/\/[^\s<>]+>/y;
const maskedLink = /\[(?:\\.|[^\]\\\n])+\]\(\s*<?(?:https?|discord):\/\/[^)\s]*[^)]*\)/y;
const mention = /<(?:@!?(?<user>\d+)|@&(?<role>\d+)|#\d+|\/[^\n:<>]+:\d+|a?:\w+:\d+|t:-?\d+(?::[A-Za-z])?|id:\w+)>/y;
const lineStart = /(?:#{1,3}\s+|-#\s+|>>>\s|>\s|\s*[-*]\s+|\s*\d+\.\s+)(?=\S)/y;
/** Signs that mark what stands between two of them. */
const marks = [
  { sign: "**", pattern: /\*\*(?:\\.|[^\\])+?\*\*/sy },
  { sign: "__", pattern: /__(?:\\.|[^\\])+?__/sy },
  { sign: "~~", pattern: /~~(?:\\.|[^\\])+?~~/sy },
  { sign: "||", pattern: /\|\|(?:\\.|[^\\])+?\|\|/sy },
  { sign: "*", pattern: /\*(?=[^\s*])(?:\\.|[^\\*])*?[^\s\\*]?\*(?!\*)/sy },
  { sign: "_", pattern: /(?<![A-Za-z0-9_])_(?=[^_])(?:\\.|[^\\_])+?_(?![A-Za-z0-9_])/sy },
] as const;

/** Reads a text as Discord's clients do in that place. What is escaped, and what is in code, means nothing. */
export function rendered(text: string, place: TextPlace): Rendered {
  const found: Rendered = { links: [], formatted: [], named: { users: [], roles: [], all: [] } };
  const rules = rulesOf[place];
  for (let at = 0; at < text.length; ) {
    if (rules.blocks && (at === 0 || text[at - 1] === "\n")) {
      const start = matchAt(lineStart, text, at);
      if (start) found.formatted.push(start[0].trim());
    }
    at += readSign(text, at, { rules, found });
  }
  return found;
}

/** How many characters are dealt with. */
function readSign(text: string, at: number, { rules, found }: { rules: Rules; found: Rendered }): number {
  const literal = matchAt(escaped, text, at);
  if (literal) return literal[0].length;
  const code = (rules.blocks && matchAt(codeBlock, text, at)) || matchAt(inlineCode, text, at);
  if (code) {
    found.formatted.push(code[0]);
    return code[0].length;
  }
  const link =
    (rules.maskedLinks && matchAt(maskedLink, text, at)) ||
    (rules.bareLinks && (matchAt(bracketedLink, text, at) ?? matchAt(bareLink, text, at)));
  if (link) {
    found.links.push(link[0]);
    return link[0].length;
  }
  const naming = rules.mentions && readMention(text, at, found);
  if (naming) return naming;
  const mark = marks.find(({ pattern }) => matchAt(pattern, text, at));
  if (!mark) return 1;
  found.formatted.push(matchAt(mark.pattern, text, at)?.[0] ?? mark.sign);
  return mark.sign.length;
}

function readMention(text: string, at: number, { formatted, named }: Rendered): number {
  const all = matchAt(everyone, text, at)?.[1];
  const found = matchAt(mention, text, at);
  if (all === "everyone" || all === "here") {
    named.all.push(all);
    formatted.push(`@${all}`);
    return all.length + 1;
  }
  if (!found) return 0;
  formatted.push(found[0]);
  const { user, role } = found.groups ?? {};
  if (user !== undefined) named.users.push(user);
  if (role !== undefined) named.roles.push(role);
  return found[0].length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** What Discord renders of a message: its content and every part of its embeds, each as its place does. */
export function renderedIn(message: { readonly content: string; readonly embeds: readonly unknown[] }): Rendered[] {
  const texts = message.embeds.flatMap((embed) => {
    const { title, description, fields } = fieldsIn(embed);
    const list = Array.isArray(fields) ? fields.map(fieldsIn) : [];
    return [
      { text: title, place: "title" as const },
      { text: description, place: "description" as const },
      ...list.flatMap(({ name, value }) => [
        { text: name, place: "field-name" as const },
        { text: value, place: "field-value" as const },
      ]),
    ];
  });
  // An author's name and a footer are shown as they are.
  return [{ text: message.content, place: "content" as const }, ...texts].flatMap(({ text, place }) =>
    typeof text === "string" ? [rendered(text, place)] : [],
  );
}

function fieldsIn(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
