import { typedValue } from "./ask-again.ts";
import { isSettlement, type Request, type Sealed } from "./request.ts";
import { leastSeen, tellsSomething } from "./settle-rules.ts";

/** What a yes carries besides which request it is for. */
export interface Told {
  /** What whoever approves saw for themselves, in their words. */
  readonly seen?: string;
  /** The name of what it is done to, as they typed it. */
  readonly name?: string;
}

/**
 * What is lacking in what a yes to this request has to carry, whatever way it comes: of a settlement what was seen, and of what
 * its file says so of the name of its target. Undefined where nothing lacks.
 */
export function untold(
  { code }: Request,
  sealed: Sealed,
  { seen = "", name = "" }: Told,
): { readonly code: "unseen" | "unnamed"; readonly why: string } | undefined {
  const { typedName } = sealed.plan;
  if (isSettlement(sealed) && !tellsSomething(seen))
    return {
      code: "unseen",
      why: `Say what you saw yourself, in at least ${leastSeen} letters or digits: confirm approve ${code} seen:"where you looked, and what it said".`,
    };
  if (typedName === undefined || isName(name, typedName)) return undefined;
  const typed = name.trim() === "" ? "" : `${JSON.stringify(shortened(name.trim()))} is not what it is done to. `;
  return {
    code: "unnamed",
    why: `${typed}Nothing was decided. To say yes, type the name of what it is done to: ${approveCommand(code, sealed)}`,
  };
}

/** A phone begins a word with a capital letter: that is the same name. */
function isName(given: string, name: string): boolean {
  return given.trim().toLowerCase() === name.trim().toLowerCase();
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

/** The command by which somebody says yes, as it is typed. */
export function approveCommand(code: string, sealed: Pick<Sealed, "plan">): string {
  const { typedName } = sealed.plan;
  const name = typedName === undefined ? "" : ` name:${typedValue(typedName)}`;
  return `confirm approve ${code}${name}`;
}

/** The fields that the button of a yes asks for. */
export function askedOfApprover(sealed: Sealed): string[] {
  return [...(isSettlement(sealed) ? ["seen"] : []), ...(sealed.plan.typedName === undefined ? [] : ["name"])];
}
