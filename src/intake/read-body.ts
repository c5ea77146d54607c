import { createHash } from "node:crypto";
import type { Readable } from "node:stream";

/** How large a body may be, how much of all bodies may be held at once, in bytes, and how long one may take, in ms. */
export interface BodyLimits {
  readonly mostBytes: number;
  readonly mostHeld: number;
  readonly withinMs: number;
}

export const bodyLimits: BodyLimits = { mostBytes: 64 * 1_048_576, mostHeld: 96 * 1_048_576, withinMs: 25_000 };

/** A body that was read to its end. Of one that is too `large` only how it begins was kept. */
export interface CompleteBody {
  readonly is: "whole" | "large";
  readonly bytes: Buffer;
  /** Of all of it, in bytes; its SHA-256 in hex. */
  readonly size: number;
  readonly digest: string;
}

/** `busy`: it may come again. `cut`: its sender went away, or was too slow. */
export type BodyRead = CompleteBody | { readonly is: "busy" | "cut" };

const headBytes = 65_536;

/** Reads bodies, as many at once as fit into memory. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #held = 0;

  constructor(limits: BodyLimits = bodyLimits) {
    this.#limits = limits;
  }

  /** Reads one to its end: who still sends hears no answer. `use` has it, and it counts as held until that is done. Never rejects by itself. */
  async read<Result>(stream: Readable, use: (read: BodyRead) => Promise<Result>): Promise<Result> {
    const holding = { bytes: 0 };
    try {
      return await use(await this.#collect(stream, holding));
    } finally {
      this.#held -= holding.bytes;
    }
  }

  async #collect(stream: Readable, holding: { bytes: number }): Promise<BodyRead> {
    const { mostBytes, mostHeld, withinMs } = this.#limits;
    // A connection that is cut is tried again, which the server's own 408 is not.
    const timer = setTimeout(() => stream.destroy(new Error("a body came too slowly")), withinMs);
    const hash = createHash("sha256");
    let chunks: Buffer[] = [];
    let size = 0;
    let is: "whole" | "large" | "busy" = "whole";
    try {
      for await (const part of stream) {
        const chunk = Buffer.from(part);
        size += chunk.length;
        hash.update(chunk);
        if (is === "whole" && this.#held + chunk.length > mostHeld) is = "busy";
        if (size > mostBytes) is = "large";
        if (is === "whole") {
          chunks.push(chunk);
          this.#held += chunk.length;
          holding.bytes += chunk.length;
        } else if (holding.bytes > 0) {
          chunks = [headOf(chunks)];
          this.#held -= holding.bytes;
          holding.bytes = 0;
        }
      }
    } catch {
      return { is: "cut" };
    } finally {
      clearTimeout(timer);
    }
    return is === "busy" ? { is } : { is, bytes: Buffer.concat(chunks), size, digest: hash.digest("hex") };
  }
}

function headOf(chunks: readonly Buffer[]): Buffer {
  return Buffer.from(Buffer.concat(chunks).subarray(0, headBytes));
}
