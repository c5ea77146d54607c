/**
 * The platform-neutral content of a message. Every text in a card is plain: a surface shows it inert,
 * so nothing that came from outside can mention, link, format or reorder anything.
 */
export interface Card {
  readonly tone: Tone;
  readonly title: string;
  /** One line under the title: the answer in a sentence. */
  readonly summary?: string;
  readonly blocks: readonly Block[];
  readonly actions?: readonly CardAction[];
  /** Small print: where the figures come from, an invocation id. */
  readonly footer?: string;
}

export type Tone = "neutral" | "good" | "warning" | "bad" | "unknown";

export type Block =
  | { readonly kind: "text"; readonly text: string; readonly tone?: Tone }
  | { readonly kind: "fields"; readonly fields: readonly CardField[] }
  | { readonly kind: "table"; readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly ListItem[]; readonly ordered?: boolean }
  /** `file` is the name of an attachment of the same reply; `alt` says in words what the picture shows. */
  | { readonly kind: "image"; readonly file: string; readonly alt: string }
  | { readonly kind: "file"; readonly file: string; readonly note?: string }
  /** A point in time the reader counts towards, in milliseconds since 1970; surfaces show it in the reader's zone. */
  | { readonly kind: "moment"; readonly label: string; readonly at: number };

export interface CardField {
  readonly name: string;
  readonly value: string;
  readonly tone?: Tone;
}

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

export type Cell = string | { readonly text: string; readonly tone?: Tone };

export interface ListItem {
  readonly text: string;
  readonly tone?: Tone;
}

/** A button. Pressing it is an invocation of `command` with `args`; a required field missing from `args` opens a form. */
export interface CardAction {
  /** Set when the card is committed: a routing key to the stored command and arguments, never their carrier. */
  readonly id?: string;
  readonly label: string;
  readonly style?: "default" | "primary" | "danger";
  readonly command: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  /** Fields to ask for in a form even when they are optional. */
  readonly ask?: readonly string[];
}

/** A file that goes with a card: a chart, a long log. Lives in memory until the surface has taken it. */
export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** More buttons than this are no help on a phone. */
export const mostButtons = 5;
