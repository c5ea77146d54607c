import { z } from "zod";
import type { Attachment } from "../domain/messages/card.ts";
import { type Put, type Store, sortable } from "../domain/store.ts";
import { legible } from "./legible.ts";

/** Files of an owed answer are kept until it was sent, up to so many bytes in all, so that no commit is large. */
const keptMax = 262_144;

const KeptFile = z.object({ name: z.string(), mediaType: z.string(), base64: z.string() });
export const KeptFiles = z.array(KeptFile);

const FilesRecord = z.object({ format: z.literal(1), files: KeptFiles });

export function filesKey(invocation: string): string {
  return `files/${invocation}`;
}

/** The files of an answer as a document: all of them, or none when there are none or they are too large together. */
export function putFiles(invocation: string, files: readonly Attachment[], now: number): Put[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (files.length === 0 || bytes > keptMax) return [];
  return [{ key: filesKey(invocation), value: { format: 1, files: keptFilesOf(files) }, index: { at: sortable(now) } }];
}

/** The files of an answer that is still owed; none when they were sent or could not be kept. */
export async function readFiles(store: Store, invocation: string): Promise<Attachment[]> {
  const [document] = await store.read([filesKey(invocation)]);
  return document ? filesOf(legible(document, (value) => FilesRecord.parse(value)).files) : [];
}

/** Files as a record holds them. */
export function keptFilesOf(files: readonly Attachment[]): z.output<typeof KeptFiles> {
  return files.map(({ name, mediaType, bytes }) => ({
    name,
    mediaType,
    base64: Buffer.from(bytes).toString("base64"),
  }));
}

export function filesOf(kept: z.output<typeof KeptFiles>): Attachment[] {
  return kept.map(({ name, mediaType, base64 }) => ({ name, mediaType, bytes: Buffer.from(base64, "base64") }));
}
