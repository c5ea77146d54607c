import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable, Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { OpenFile, Packing } from "./scan-task.ts";

/** How much of a packed file is read at once. */
const blockBytes = 256 << 10;

/**
 * What a packed file holds, in UTF-8, from its beginning. Throws what unpacking says of a damaged or half-written one. Whoever
 * leaves off early ends it.
 */
export function unpackedBlocks(file: OpenFile, packing: Packing): AsyncIterable<Buffer> {
  // A file stream closes its descriptor when it is destroyed, and this one belongs to whoever opened the file.
  const source = Readable.from(blocksOf(file), { objectMode: false });
  return pipeline(source, unpackerOf(packing), () => undefined);
}

function unpackerOf(packing: Packing): Transform {
  switch (packing) {
    case "gzip":
      return createGunzip();
    case "zstd":
      return createZstdDecompress();
    case "utf-16le":
    case "utf-16be":
      return fromUtf16(packing);
  }
}

/** PowerShell and much else of Windows writes it. */
function fromUtf16(packing: "utf-16le" | "utf-16be"): Transform {
  const decoder = new TextDecoder(packing);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(decoder.decode(chunk, { stream: true })));
    },
    flush(done) {
      done(null, Buffer.from(decoder.decode()));
    },
  });
}

function* blocksOf({ fd, size }: OpenFile): Generator<Buffer> {
  let offset = 0;
  while (offset < size) {
    const block = Buffer.allocUnsafe(Math.min(blockBytes, size - offset));
    const count = readSync(fd, block, 0, block.length, offset);
    if (count === 0) return;
    offset += count;
    yield block.subarray(0, count);
  }
}

const headBytes = 64;

/** What a file is packed as, by its name and by what it begins with; undefined for plain text, also in what is not read here. */
export async function packingOf(name: string, handle: FileHandle): Promise<Packing | undefined> {
  if (name.endsWith(".gz")) return "gzip";
  if (name.endsWith(".zst")) return "zstd";
  const { buffer: head, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return bytesRead < shortest ? undefined : unmarked(head.subarray(0, bytesRead - (bytesRead % 2)));
}

/** Fewer bytes say nothing of how a file is written. */
const shortest = 8;

/** Latin letters in UTF-16 are every second one NUL, also where no mark says so. */
function unmarked(head: Buffer): Packing | undefined {
  const isNul = (parity: number): boolean => head.every((byte, at) => at % 2 !== parity || byte === 0);
  const [even, odd] = [isNul(0), isNul(1)];
  if (even === odd) return undefined;
  return odd ? "utf-16le" : "utf-16be";
}
