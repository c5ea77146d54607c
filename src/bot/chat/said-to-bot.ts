/**
 * What is said to the bot where `name` is how its name stands in a text: without the name and the mark behind it, as in
 * `@wardroom: status`, and without the marks of code around a command that was pasted as code.
 */
export function saidToBot(text: string, name: string): string {
  const said = text.replaceAll(new RegExp(`${name}(?:\\s*[:,](?=\\s|[\\w\`]))?`, "g"), " ").trim();
  return code.exec(said)?.groups?.["inside"]?.trim() ?? said;
}

/** The whole of a text in one or three backticks; a fence may name its language. */
const code = /^(?<marks>`|```)(?:[a-z]+\n)?(?<inside>[^`]+)\k<marks>$/;
