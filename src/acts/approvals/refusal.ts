import type { SealedReading } from "../../domain/approvals/plan.ts";
import { UserError } from "../../domain/failure.ts";
import type { Operation } from "../../domain/systems/operation.ts";
import type { System } from "../../domain/systems/system.ts";
import { wholeItems } from "../../domain/text/quantities.ts";
import { asSentence } from "../../domain/text/sentence.ts";

/** An argument that has to be an entry of one of the system's lists. */
interface Listed {
  readonly title: string;
  readonly value: string;
}

/** What a plan rests on, as it is now; or the first thing that is not as it has to be. */
export type Grounds =
  | { readonly sound: true; readonly readings: SealedReading[] }
  | {
      readonly sound: false;
      readonly fault: "impostor";
      readonly why: string;
      readonly told: boolean;
      readonly silent: boolean;
    }
  | ({ readonly sound: false; readonly fault: "list-unread"; readonly why: string } & Listed)
  | {
      readonly sound: false;
      readonly fault: "unlisted";
      readonly gone: readonly [Unlisted, ...Unlisted[]];
      /** Of the first the entry that was most likely meant, and that it could be asked with. */
      readonly meant?: string;
    }
  | { readonly sound: false; readonly fault: "unread"; readonly what: string; readonly why: string }
  | ({ readonly sound: false; readonly fault: "unmet" } & Unmet);

/** What does not hold, in words; or, where it is not `judged`, what could not be judged. */
export interface Unmet {
  readonly why: string;
  readonly judged: boolean;
}

/** `name`: of the argument. */
export type Unlisted = Listed & { readonly name: string; readonly known: readonly string[] };
export type Unsound = Extract<Grounds, { sound: false }>;

/** Was it read that this is so? Or could something not be read? */
export function isKnown(grounds: Unsound): boolean {
  switch (grounds.fault) {
    case "impostor":
      return grounds.told;
    case "unmet":
      return grounds.judged;
    case "unlisted":
      return true;
    case "list-unread":
    case "unread":
      return false;
  }
}

/** Characters that the names of what there is may take. */
const longestKnown = 300;

/** Why nothing is asked for: nobody could approve what cannot be seen. */
export function refusal(
  { system: { id, title }, operation }: { readonly system: System; readonly operation: Operation },
  grounds: Unsound,
): UserError {
  switch (grounds.fault) {
    case "impostor":
      return new UserError(
        `${title} ${grounds.silent ? "does not answer, so it could not" : "could not"} prove that it is itself: ${asSentence(grounds.why)}`,
        `${notAsked(operation)} ${unprovenRemedy(id, grounds)}`,
      );
    case "list-unread":
      return new UserError(
        `${grounds.title} could not be checked: ${asSentence(grounds.why)}`,
        `${notAsked(operation)} Ask again when it can be read.`,
      );
    case "unlisted": {
      const [{ title: argument, value, known }] = grounds.gone;
      const { meant } = grounds;
      return new UserError(
        `${title} has no ${argument.toLowerCase()} ${value}.`,
        `${meant === undefined ? "" : `Did you mean ${meant}? `}It has: ${wholeItems(known, longestKnown) || "none"}.`,
      );
    }
    case "unmet":
      return new UserError(`${title}: ${asSentence(grounds.why)}`, "No request was opened.");
    case "unread":
      return new UserError(
        `The ${grounds.what} of ${title} could not be read: ${asSentence(grounds.why)}`,
        `${notAsked(operation)} Nobody could approve what cannot be seen: ask again when it can be read.`,
      );
  }
}

/** What was not done, and what there is where the target does not answer: whoever is in a hurry reads that first. */
function notAsked({ fallback }: Operation): string {
  const byHand = fallback?.text === undefined ? "" : ` ${fallback.text}`;
  return `Nothing was sent, and no request was opened.${byHand}`;
}

/** Only an answer that says that it is another puts the address in doubt. */
function unprovenRemedy(id: string, { told, silent }: Extract<Unsound, { fault: "impostor" }>): string {
  if (told) return "Check its address in the system's YAML: what answers there is not known to be it.";
  const again = silent ? "when it answers" : "when it answers as itself";
  return `Ask again ${again}: status ${id} shows what else is affected.`;
}
