import { StringDecoder } from "node:string_decoder";

/** The end of what was written, in bytes up to a limit. */
export class OutputTail {
  readonly #mostBytes: number;
  #chunks: Buffer[] = [];
  #size = 0;
  cut = false;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Joined only now and then, so that many small chunks cost no more than their bytes.
    if (this.#size > 2 * this.#mostBytes) this.#trim();
  }

  /** As text; bytes that are none become U+FFFD. What was cut begins with a whole line, where it has one. */
  text(): string {
    this.#trim();
    const text = Buffer.concat(this.#chunks).toString("utf8");
    if (!this.cut) return text;
    const line = text.indexOf("\n");
    return line === -1 || line === text.length - 1 ? text : text.slice(line + 1);
  }

  #trim(): void {
    if (this.#size <= this.#mostBytes) return;
    this.cut = true;
    const kept = Buffer.from(Buffer.concat(this.#chunks).subarray(this.#size - this.#mostBytes));
    this.#chunks = [kept];
    this.#size = kept.length;
  }
}

/** Characters. A longer line is handed on in pieces. */
const longestLine = 64_000;

/** Hands on each line once it is whole. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#onLine(line);
    if (this.#rest.length <= longestLine) return;
    this.#onLine(this.#rest);
    this.#rest = "";
  }

  end(): void {
    const last = this.#rest + this.#decoder.end();
    this.#rest = "";
    if (last !== "") this.#onLine(last);
  }
}
