import type { Called } from "../messages/message.ts";

/** Somebody on call, as they were called when it was put on record. */
interface NamedPerson {
  readonly id: string;
  readonly name: string;
}

/** Who is on call in a rotation since when, and who was before. */
export interface HandOver {
  readonly rotation: string;
  readonly title: string;
  readonly people: readonly NamedPerson[];
  readonly before: readonly NamedPerson[];
  /** They stand in for whom the rotation names. */
  readonly isOverride: boolean;
  /** When it was noticed, store time in ms. */
  readonly since: number;
  /** Those who take over, by the accounts that they have. */
  readonly calls: readonly Called[];
}
