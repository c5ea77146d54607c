import { z } from "zod";
import { Run } from "../domain/approvals/run.ts";
import type { Document, Put } from "../domain/store.ts";
import { legible } from "./legible.ts";

const StoredRun = Run.extend({ format: z.literal(1), request: z.string() });

/** The run of a request stands beside it, so that a step rewrites nothing of what was approved. */
export function runKey(request: string): string {
  return `run/${request}`;
}

/** Undefined for a request that nobody has claimed yet. */
export function parseRun(document: Document | undefined): Run | undefined {
  if (!document) return undefined;
  const { format: _, request: __, ...run } = legible(document, (value) => StoredRun.parse(value));
  return run;
}

export function putRun(request: string, run: Run): Put {
  return { key: runKey(request), value: { format: 1, request, ...run } };
}
