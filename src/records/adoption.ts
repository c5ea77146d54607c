import { z } from "zod";
import { AdoptedPolicy } from "../domain/people/adopted-policy.ts";
import type { Document, Put } from "../domain/store.ts";
import { legible } from "./legible.ts";

const StoredAdoption = AdoptedPolicy.extend({ format: z.literal(1) });

export function adoptionKey(id: string): string {
  return `adoption/${id}`;
}

export function parseAdoption(document: Document | undefined): AdoptedPolicy | undefined {
  if (!document) return undefined;
  const { format: _, ...adoption } = legible(document, (value) => StoredAdoption.parse(value));
  return adoption;
}

export function putAdoption(id: string, adoption: AdoptedPolicy): Put {
  return { key: adoptionKey(id), value: { format: 1, ...adoption } };
}
