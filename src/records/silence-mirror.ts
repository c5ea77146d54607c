import { z } from "zod";
import type { SilenceMirror } from "../domain/alerts/mirrored-silence.ts";
import type { Document, Put, Store } from "../domain/store.ts";
import type { Listed } from "../domain/unreadable.ts";
import { eachLegible, legible } from "./legible.ts";

const kind = "silence-mirror";
const StoredMirror = z.object({
  format: z.literal(1),
  sender: z.string(),
  system: z.string(),
  silences: z.array(
    z.object({
      id: z.string(),
      match: z.string(),
      from: z.number(),
      until: z.number(),
      by: z.string(),
      comment: z.string(),
      hides: z.array(z.object({ labels: z.record(z.string(), z.string()), summary: z.string() })).exactOptional(),
      ending: z.object({ by: z.string(), at: z.number(), fault: z.string().exactOptional() }).exactOptional(),
    }),
  ),
});

export interface ReadMirror {
  readonly mirror: SilenceMirror;
  readonly revision: string;
}

export function mirrorKey(sender: string): string {
  return `${kind}/${sender}`;
}

function parseMirror(document: Document): ReadMirror {
  const { format: _, ...mirror } = legible(document, (value) => StoredMirror.parse(value));
  return { mirror, revision: document.revision };
}

export function putMirror({ sender, system, silences }: SilenceMirror): Put {
  return {
    key: mirrorKey(sender),
    value: {
      format: 1,
      sender,
      system,
      silences: silences.map(({ ending, hides, ...each }) => {
        const { fault, ...asked } = ending ?? {};
        const hidden = hides?.map(({ labels, summary }) => ({ labels: { ...labels }, summary }));
        return {
          ...each,
          ...(hidden && { hides: hidden }),
          ...(ending && { ending: { ...asked, ...(fault !== undefined && { fault }) } }),
        };
      }),
    },
    index: { sender },
  };
}

export async function readMirror(store: Pick<Store, "read">, sender: string): Promise<ReadMirror | undefined> {
  const [document] = await store.read([mirrorKey(sender)]);
  return document && parseMirror(document);
}

/** The silences of every sender whose Alertmanager is looked at. */
export async function silenceMirrors(store: Pick<Store, "list">): Promise<Listed<ReadMirror>> {
  return eachLegible(await store.list(kind, "sender", {}), parseMirror);
}
