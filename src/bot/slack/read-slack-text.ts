/** What somebody typed, as they typed it: without the bot's name, without Slack's marks for links, people and channels. */
export function readSlackText(text: string, botUser: string): string {
  return text
    .replaceAll(`<@${botUser}>`, " ")
    .replaceAll(/<(?:https?|mailto):([^|>]*)\|([^>]*)>/g, "$2")
    .replaceAll(/<((?:https?):[^|>]*)>/g, "$1")
    .replaceAll(/<[@#!]([^|>]*)(?:\|([^>]*))?>/g, (_, id: string, name: string | undefined) => name ?? id)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}
