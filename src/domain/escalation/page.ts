import type { Called } from "../messages/message.ts";
import type { Place } from "../messages/place.ts";
import type { Reading } from "../systems/reading.ts";
import type { PageHook } from "./escalation-file.ts";

/** A service that a page is posted to. */
export interface HookCall {
  /** The name in the matrix, and which of its webhooks. */
  readonly contact: string;
  readonly index: number;
  readonly title: string;
  /** `skipped`: somebody had everything before it was called. */
  readonly state: "owed" | "taken" | "failed" | "skipped";
}

/** Alerts of one system that one level of its matrix was told of together, because nobody had them. */
export interface AlertPage {
  readonly id: string;
  readonly system: string;
  readonly class: string;
  readonly level: number;
  /** Store time in ms. */
  readonly at: number;
  /** Some of the alerts, as they were called then, and how many there are. */
  readonly alerts: readonly { readonly code: string; readonly summary: string; readonly since: number }[];
  readonly count: number;
  /** Whom the level names, each with the people that stood behind the name. */
  readonly contacts: readonly { readonly title: string; readonly names: readonly string[]; readonly note: string }[];
  /** Those who are called by name, by the accounts that they have. */
  readonly calls: readonly Called[];
  readonly places: readonly Place[];
  readonly hooks: readonly HookCall[];
  /** Nobody stands behind any of its names: it was told to the operators. */
  readonly isNobody: boolean;
  /** Levels below it whose time had passed and that nobody was told of. */
  readonly missed: readonly number[];
}

/** Posts pages to services for text messages and calls. */
export interface PageHooks {
  /** Whether it was taken. Never rejects. The same key is the same page, also when it is sent again. */
  post(to: PageHook["to"], body: Readonly<Record<string, string>>, deadlineMs: number): Promise<Reading<true>>;
}

/** What comes so soon after a page of the same level is added to it, ms: people are called once for a storm. */
export const joinMs = 60_000;
/** So many alerts of one page are named. */
export const mostPaged = 100;
