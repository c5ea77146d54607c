import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

/**
 * A log file being written. Past `limitBytes` it is rotated as logrotate does with delaycompress: `.log` becomes
 * `.log.1`, the one before becomes `.log.2.gz`, older ones go.
 */
export class LogFile {
  #path: string;
  readonly #limitBytes: number;
  #bytes: number;
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(file: { readonly path: string; readonly bytes: number; readonly limitBytes: number }) {
    this.#path = file.path;
    this.#bytes = file.bytes;
    this.#limitBytes = file.limitBytes;
  }

  /** Keeps lines, without their newline, until `flush`. */
  write(...lines: readonly string[]): void {
    this.#waiting.push(...lines);
  }

  /** Continues in another file, as a daily log does at midnight. What was kept still goes to the old one. */
  moveTo(path: string): void {
    if (path === this.#path) return;
    const before = this.flush();
    this.#writing = this.#switch(before, path);
  }

  /** Appends what was kept. Resolves when it is in the file. */
  flush(): Promise<void> {
    if (this.#waiting.length === 0) return this.#writing;
    const text = `${this.#waiting.join("\n")}\n`;
    this.#waiting = [];
    // A full disk or a folder that is gone must not take the bot down with its demo: the lines are lost, nothing else.
    this.#writing = this.#append(this.#writing, text).catch(() => undefined);
    return this.#writing;
  }

  async #switch(before: Promise<void>, path: string): Promise<void> {
    await before;
    this.#path = path;
    this.#bytes = 0;
  }

  async #append(before: Promise<void>, text: string): Promise<void> {
    await before;
    if (this.#bytes > this.#limitBytes) await this.#rotate();
    await appendFile(this.#path, text);
    this.#bytes += Buffer.byteLength(text);
  }

  async #rotate(): Promise<void> {
    const previous = `${this.#path}.1`;
    const content = await readFile(previous).catch(() => undefined);
    if (content) await writeFile(`${this.#path}.2.gz`, await compress(content));
    await rm(previous, { force: true });
    await rename(this.#path, previous);
    this.#bytes = 0;
  }
}
