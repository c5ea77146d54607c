import { isUtf8 } from "node:buffer";
import type { FastifyReply } from "fastify";
import type { CompleteBody } from "./read-body.ts";

/** What a sender is answered. 503 asks it to send the same again. */
export interface Answer {
  readonly code: 200 | 202 | 400 | 401 | 404 | 503;
  readonly said: Readonly<Record<string, string | number | readonly string[]>>;
}

export const sendAgain: Answer = { code: 503, said: { error: "not taken now: send it again" } };

/** The sender's own deadline is ten seconds and more. */
export const commitWithinMs = 8_000;

export function answered(reply: FastifyReply, { code, said }: Answer): FastifyReply {
  if (code === 503) reply.header("retry-after", "5");
  if (code === 401) reply.header("www-authenticate", "Bearer");
  return reply.code(code).send(said);
}

/** What is wrong with a body of which `parsedJson` makes nothing. */
export const noJson = "it is no JSON, or is nested too deeply";

/** The text of a body, and what is wrong with it as one. */
export function postedText(
  { is, bytes, size }: CompleteBody,
  remedy: string,
): { readonly text: string; readonly unusable?: string } {
  // Some tools begin a text with its byte order mark, which is no part of it.
  const lossy = bytes.toString("utf8").replace(/^\uFEFF/, "");
  if (is === "large")
    return { text: lossy, unusable: `it has ${Math.ceil(size / 1_048_576)} MiB, which is too much: ${remedy}` };
  return isUtf8(bytes) ? { text: lossy } : { text: lossy, unusable: "it is no UTF-8" };
}

/** Rejects when the store has not done it within so many ms. */
export async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the store did not answer within ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
