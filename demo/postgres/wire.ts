/** What a client says: a letter and what comes with it. Its first message has none. */
export interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** A column with the number that PostgreSQL gives its type. */
export interface Column {
  readonly name: string;
  readonly type: number;
}

/** An answer to a statement. Every value is the text that a server would write. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Numbers of types, as every PostgreSQL has them. */
export const types = { bool: 16, int8: 20, int4: 23, text: 25, timestamptz: 1184, interval: 1186, numeric: 1700 };

const longest = 64 * 1024;

/** Cuts what comes in into messages. Throws at what is longer than any that a client of ours sends, as a web request is. */
export class Messages {
  #kept = Buffer.alloc(0);
  #isGreeted = false;

  *take(chunk: Buffer): Generator<Message> {
    this.#kept = Buffer.concat([this.#kept, chunk]);
    for (;;) {
      const head = this.#isGreeted ? 1 : 0;
      if (this.#kept.length < head + 4) return;
      const length = this.#kept.readInt32BE(head);
      if (length < 4 || length > longest) throw new Error("no message of PostgreSQL's protocol");
      if (this.#kept.length < head + length) return;
      const type = this.#kept.toString("latin1", 0, head);
      const body = this.#kept.subarray(head + 4, head + length);
      this.#kept = this.#kept.subarray(head + length);
      yield { type, body };
    }
  }

  /** From here on each begins with its letter. */
  greeted(): void {
    this.#isGreeted = true;
  }
}

/** The text up to the next zero, and where what follows begins. */
export function textAt(body: Buffer, from: number): { readonly text: string; readonly next: number } {
  const end = body.indexOf(0, from);
  if (end < 0) throw new Error("a text of PostgreSQL's protocol ends with a zero");
  return { text: body.toString("utf8", from, end), next: end + 1 };
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type, "latin1"), int32(body.length + 4), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, "utf8");
}

/** What a server says. */
export const say = {
  noTls: () => Buffer.from("N", "latin1"),
  welcome: (version: string) =>
    Buffer.concat([
      message("R", int32(0)),
      ...[
        ["server_version", version],
        ["client_encoding", "UTF8"],
        ["DateStyle", "ISO, YMD"],
        ["TimeZone", "UTC"],
        ["standard_conforming_strings", "on"],
      ].map(([name = "", value = ""]) => message("S", text(name), text(value))),
      message("K", int32(1), int32(1)),
    ]),
  /** `I`: nothing is open; `T`: in a transaction; `E`: in one that failed. */
  ready: (state: "I" | "T" | "E") => message("Z", Buffer.from(state, "latin1")),
  parsed: () => message("1"),
  bound: () => message("2"),
  closed: () => message("3"),
  noData: () => message("n"),
  parameters: (count: number) => message("t", int16(count), ...Array.from({ length: count }, () => int32(types.text))),
  columns: (columns: readonly Column[]) =>
    message(
      "T",
      int16(columns.length),
      ...columns.map(({ name, type }) =>
        Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
      ),
    ),
  row: (values: readonly (string | null)[]) =>
    message(
      "D",
      int16(values.length),
      ...values.map((value) => {
        if (value === null) return int32(-1);
        const bytes = Buffer.from(value, "utf8");
        return Buffer.concat([int32(bytes.length), bytes]);
      }),
    ),
  complete: (tag: string) => message("C", text(tag)),
  error: (code: string, complaint: string) =>
    message("E", text("SERROR"), text("VERROR"), text(`C${code}`), text(`M${complaint}`), Buffer.from([0])),
};
