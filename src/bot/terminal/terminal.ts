import { randomUUID } from "node:crypto";
import type { Outgoing } from "../../domain/messages/message.ts";
import { needsMoreCard } from "../language/explain-problem.ts";
import type { Bot, Delivery } from "../surface.ts";
import type { TerminalAnswer } from "./protocol.ts";
import { terminalTraits } from "./traits.ts";

/** The terminal's one channel: it is configured like any other. */
export const terminalChannel = "terminal";

/** Asks the bot one thing for a terminal account and waits for the answer. */
export async function askBot(
  bot: Bot,
  asked: { readonly account: string; readonly text: string; readonly delivery?: string },
): Promise<TerminalAnswer> {
  const { promise, resolve } = Promise.withResolvers<Outgoing>();
  const delivery: Delivery = {
    id: asked.delivery ?? randomUUID(),
    account: { surface: terminalTraits.id, id: asked.account },
    place: { surface: terminalTraits.id, channel: terminalChannel, passing: !terminalTraits.keepsMessages },
    content: { kind: "text", text: asked.text },
    inWords: true,
    respond(message) {
      resolve(message);
      return Promise.resolve(undefined);
    },
    form(form) {
      resolve({ card: needsMoreCard(form), files: [], nonce: randomUUID(), outcome: "unreadable" });
      return Promise.resolve();
    },
  };
  await bot.handle(delivery);
  return answerOf(await promise);
}

async function answerOf(message: Outgoing): Promise<TerminalAnswer> {
  // Loaded with the first answer, so that a start does not wait for what measures text.
  const { plainCard } = await import("../chat/plain-card.ts");
  return {
    outcome: message.outcome ?? "failed",
    ...(message.about && { request: { id: message.about.id, state: message.about.state } }),
    ...(message.follows !== undefined && { follows: message.follows }),
    card: JSON.parse(JSON.stringify(message.card)),
    text: plainCard(message.card, Date.now()),
    files: message.files.map((file) => ({
      name: file.name,
      mediaType: file.mediaType,
      base64: Buffer.from(file.bytes).toString("base64"),
    })),
  };
}
