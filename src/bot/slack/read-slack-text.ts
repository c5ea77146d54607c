import { saidToBot } from "../chat/said-to-bot.ts";

/** What somebody typed, as they typed it: without the bot's name, without Slack's marks for links, people, channels and code. */
export function readSlackText(text: string, botUser: string): string {
  return saidToBot(text, `<@${botUser}>`)
    .replaceAll(/<(?:https?|mailto|tel):([^|>]*)\|([^>]*)>/g, "$2")
    .replaceAll(/<((?:https?):[^|>]*)>/g, "$1")
    .replaceAll(/<(?:mailto|tel):([^|>]*)>/g, "$1")
    .replaceAll(/<[@#!]([^|>]*)(?:\|([^>]*))?>/g, (_, id: string, name: string | undefined) => name ?? id)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}
