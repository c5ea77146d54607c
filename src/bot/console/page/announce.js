/**
 * @import { MessageView } from "../wire.ts"
 */

/** Says a new message to those who listen instead of look. @param {MessageView} message */
export function announce(message) {
  const whom = message.author.kind === "bot" ? "Wardroom" : message.author.name;
  const prefix = message.private ? `${whom}, only for you` : whom;
  const { body } = message;
  const said = body.kind === "card" ? [body.card.title, body.card.summary].filter(Boolean).join(". ") : body.text;
  say(`${prefix}: ${said.slice(0, 300)}`);
}

/** @param {string} words */
export function say(words) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = words;
}
