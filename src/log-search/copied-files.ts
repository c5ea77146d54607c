import type { FileHandle } from "node:fs/promises";
import type { OpenFile } from "./scan-task.ts";

/** So much of the beginning and of the end of a file has to stand in the other, too. */
const sampleBytes = 4_096;

type Opened = OpenFile & { readonly handle: FileHandle };

/**
 * Files put aside that are the beginning of another one: until a file is cut to nothing, what was copied aside of it stands in
 * both, and its lines would count twice.
 */
export async function copiesAmong<File extends Opened>(files: readonly File[]): Promise<File[]> {
  const heads = await Promise.all(files.map((file) => sampleOf(file, 0)));
  const found = await Promise.all(
    files.map(async (file, at) => {
      const head = heads[at];
      if (!head || head.length === 0 || file.packing !== undefined) return [];
      const others = files.filter((other, index) => mayHold(other, file) && heads[index]?.indexOf(head) === 0);
      const ends = await Promise.all(others.map((other) => endsAlike(file, other)));
      return ends.includes(true) ? [file] : [];
    }),
  );
  return found.flat();
}

/** What is put aside has the longer name. */
function mayHold(other: OpenFile, file: OpenFile): boolean {
  return other.name.length < file.name.length && other.size >= file.size && other.packing === undefined;
}

async function endsAlike(file: Opened, other: Opened): Promise<boolean> {
  const at = Math.max(0, file.size - sampleBytes);
  const [own, theirs] = await Promise.all([sampleOf(file, at), sampleOf(other, at)]);
  return own.equals(theirs.subarray(0, file.size - at));
}

async function sampleOf({ handle, size }: Opened, at: number): Promise<Buffer> {
  const length = Math.min(sampleBytes, Math.max(0, size - at));
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
