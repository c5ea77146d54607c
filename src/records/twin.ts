import { z } from "zod";
import { settledRequest } from "../domain/approvals/request.ts";
import type { Document, Put } from "../domain/store.ts";
import type { ArgumentValues } from "../domain/systems/placeholders.ts";
import { canonical, sha256 } from "./ids.ts";
import { legible } from "./legible.ts";

const StoredTwin = z.object({ request: z.string() });

/**
 * Equal for what would do the same thing, whatever the reason; and for all that says how one request ended, so that two people
 * never wait for a yes to contrary things.
 */
export function twinOf(asked: {
  readonly system: string;
  readonly operation: string;
  readonly arguments: ArgumentValues;
}): string {
  const { system, operation } = asked;
  const settled = settledRequest(asked);
  const given = settled === undefined ? asked.arguments : { request: settled };
  return sha256(canonical({ system, operation, arguments: given }));
}

/** The key under which the request stands that was asked for the same thing last. */
export function twinKey(twin: string): string {
  return `twin/${twin}`;
}

/** The id of the request; undefined when nothing of the kind is open. */
export function parseTwin(document: Document | undefined): string | undefined {
  return document && legible(document, (value) => StoredTwin.parse(value)).request;
}

export function putTwin(twin: string, request: string): Put {
  return { key: twinKey(twin), value: { request } };
}
