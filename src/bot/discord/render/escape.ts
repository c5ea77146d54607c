import { inert } from "../../../domain/text/inert.ts";

/**
 * Text that Discord shows as it is: every character that begins a format, a mention, a link or a quote is escaped. A colon
 * too, because addresses link themselves without any mark.
 */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\*_~`|>#\-+[\]()<:@.!{}=]/g, (sign, at: number) => {
    // A full stop matters only after a number that begins a line, where it begins a list.
    if (sign === "." || sign === "-" || sign === "+" || sign === "#" || sign === "=" || sign === "!") {
      const start = text.lastIndexOf("\n", at - 1) + 1;
      return /^\s*\d*$/.test(text.slice(start, at)) ? `\\${sign}` : sign;
    }
    if (sign === "{" || sign === "}") return sign;
    return `\\${sign}`;
  });
}

/** Text for a block of fixed-width letters, which nothing in it can end. */
export function safeCode(text: string): string {
  return inert(text, { newlines: true }).replaceAll("`", "ˋ");
}
