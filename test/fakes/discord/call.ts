import type { World } from "./world.ts";

/** One call to the REST API, with what is needed to answer it. */
export interface Call {
  readonly world: World;
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly SentFile[];
  readonly query: URLSearchParams;
  readonly gatewayUrl: string;
  readonly sessionStarts: { readonly total: number; readonly remaining: number; readonly resetAfter: number };
  tell(type: string, data: unknown, about?: About): void;
}

export interface SentFile {
  /** The number in `files[n]`. */
  readonly key: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an event is about: who is told depends on their intents. */
export type About =
  | { readonly kind: "message"; readonly message: string }
  | { readonly kind: "reaction"; readonly message: string }
  | { readonly kind: "guild" }
  | { readonly kind: "members" }
  | { readonly kind: "any" };

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export type Handle = (call: Call, params: readonly string[]) => Answer;

/** A method, the path after the version, and what answers them. */
export type Route = readonly [method: string, path: RegExp, handle: Handle];

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

export const done: Answer = { status: 204 };
