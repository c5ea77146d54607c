import type { Command, HowToAsk } from "../../domain/commands/command.ts";
import type { Field } from "./field.ts";
import type { StopOf } from "./stop-line.ts";

/** Longest text that is read as a command, in UTF-16 units. */
export const longestText = 4_000;

/** How something is asked for that was typed as if it were a command. */
export interface WhatWasMeant extends HowToAsk {
  readonly command: Command;
}

/** Why a text is no command, as data; `explain-problem.ts` words it. */
export type InputProblem =
  | { readonly code: "empty" }
  | { readonly code: "too-long"; readonly length: number }
  | {
      readonly code: "unknown-command";
      readonly typed: string;
      readonly known: readonly string[];
      /** What the words name all the same, and how that is asked for. */
      readonly meant?: readonly WhatWasMeant[];
      /** How it may have been meant, as it would be typed. */
      readonly like?: readonly string[];
      /** It asks to stop this system, which may have nothing for it: then nothing is meant. */
      readonly of?: StopOf;
    }
  /** What stands for the system names none, and another word does, `of`; `meant`: in the other order. */
  | { readonly code: "other-order"; readonly system: string; readonly of: string; readonly meant: string }
  | { readonly code: "unclosed-quote"; readonly text: string }
  | { readonly code: "unknown-flag"; readonly flag: string; readonly command: Command }
  | { readonly code: "no-value"; readonly field: Field; readonly command: Command }
  | {
      readonly code: "given-twice";
      readonly field: Field;
      readonly values: readonly [string, string];
      readonly command: Command;
    }
  /** `given`: the names of the fields that the text gives. `meant`: the same words as they are read. */
  | {
      readonly code: "extra-word";
      readonly meant?: string;
      readonly word: string;
      readonly given: readonly string[];
      readonly command: Command;
    };
