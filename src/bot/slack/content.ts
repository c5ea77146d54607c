import type { KnownBlock } from "@slack/types";
import type { Attachment } from "../../domain/messages/card.ts";
import type { Outgoing } from "../../domain/messages/message.ts";
import { picturesOf, type TakenIn } from "./pictures.ts";
import { escape, renderSlackMessage } from "./render/message.ts";

/** What is sent: blocks as a rule, text alone when Slack refuses them. */
export interface Content {
  readonly text: string;
  readonly blocks?: KnownBlock[];
  /** Shown under the message. */
  readonly files: readonly Attachment[];
}

/** What a message looks like. Pictures that Slack has not taken in are told in words. */
export function contentOf(message: Outgoing, taken: TakenIn = new Map()): Content {
  const { text, blocks, overflow } = renderSlackMessage(message.card, { images: taken, now: Date.now() });
  const pictures = new Set(picturesOf(message));
  const others = message.files.filter((each) => !pictures.has(each));
  const called = callOf(message);
  return { text, blocks: [...called, ...blocks], files: overflow ? [...others, overflow] : others };
}

const mostCalled = 20;

/** A line that names whoever is called; nobody where the message calls nobody on Slack. */
function callOf({ calls = [] }: Outgoing): KnownBlock[] {
  const ids = calls.filter(({ account }) => account.surface === "slack").map(({ account }) => account.id);
  const users = [...new Set(ids)].filter((id) => /^[UW][A-Za-z0-9]+$/.test(id)).slice(0, mostCalled);
  if (users.length === 0) return [];
  const elements = users.flatMap((id) => [
    { type: "user" as const, user_id: id },
    { type: "text" as const, text: " " },
  ]);
  return [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }];
}

/** The content with a line of small print about where it stands. */
export function withNote(content: Content, note: string | undefined): Content {
  if (note === undefined) return content;
  if (!content.blocks) return { ...content, text: `${content.text}\n${escape(note)}` };
  const link = /https:\S+$/.exec(note)?.[0];
  const words = link === undefined ? note : note.slice(0, -link.length);
  const elements = [
    { type: "text" as const, text: words },
    ...(link === undefined ? [] : [{ type: "link" as const, url: link, text: "this message" }]),
  ];
  const block: KnownBlock = { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
  return { ...content, blocks: [...content.blocks, block] };
}
