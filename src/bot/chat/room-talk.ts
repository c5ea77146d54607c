import { cutText } from "../../domain/text/cut-text.ts";
import { oneLine } from "../../domain/text/quantities.ts";

/** 📌 under something that was said in an incident's room puts it on the timeline. */
export const keepingNames = { slack: "pushpin", discord: "📌" } as const;

/** `todo roll back`, `To-do: roll back`: what it begins with says what is meant. */
const toDo = /^\s*to-?do\b\s*[:,-]?\s*(?<what>[^]*)$/i;
/** How Slack and Discord write somebody's name in a text. */
const mention = /<@!?[A-Za-z0-9]+(?:\|[^>]*)?>/;
/** What a task's text holds. */
const longest = 600;

/** What a message of a room wants done, and by whom where it names somebody; undefined for every other message. */
export function readToDo(
  text: string,
  {
    read = (each) => each,
    names = mention,
  }: { readonly read?: (text: string) => string; readonly names?: RegExp } = {},
): { readonly text: string; readonly owner?: string } | undefined {
  const what = toDo.exec(text)?.groups?.["what"];
  if (what === undefined) return undefined;
  const [owner] = names.exec(what) ?? [];
  const said = cutText(oneLine(read(owner === undefined ? what : what.replace(owner, " "))), longest);
  if (said.length < 2) return undefined;
  return { text: said, ...(owner !== undefined && { owner: owner.trim() }) };
}

/** The same as an asking: in a room it is about its incident. */
export function asTask(todo: { readonly text: string; readonly owner?: string }) {
  return { kind: "form", command: "incident task", values: { ...todo } } as const;
}
