import type { Command } from "../domain/commands/command.ts";
import type { Card } from "../domain/messages/card.ts";
import type { Verdict } from "../domain/people/policy.ts";

/**
 * Why this person may not do this here, who may, and what would change it. `silent`: why nobody knows which groups they are in,
 * where their own rights are not enough.
 */
export function refusalCard(
  command: Command,
  verdict: Verdict,
  { silent, able = [] }: { readonly silent?: string | undefined; readonly able?: readonly string[] } = {},
): Card {
  // A verdict that allows gets here only when nobody is known behind the account.
  const { why, remedy } = verdict.allowed
    ? {
        why: "This account belongs to nobody Wardroom knows.",
        remedy: "Ask an administrator to add it to people.yaml.",
      }
    : verdict;
  return {
    tone: "warning",
    title: `Not allowed here: ${command.name}`,
    summary: able.length === 0 ? `${why} ${remedy}` : `${why} ${remedy} ${whoMayWords(able)}`,
    blocks: silent === undefined ? [] : [{ kind: "text", text: unknownGroups(silent) }],
    footer: `why ${command.name} says more.`,
  };
}

/** Who may where somebody may not, as far as a phone shows them. */
export function whoMayWords(names: readonly string[]): string {
  if (names.length === 0) return "Nobody may here.";
  const more = names.length - mostNames;
  return `Who may here: ${names.slice(0, mostNames).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}

const mostNames = 8;

function unknownGroups(silent: string): string {
  return `What the groups of this account give is not known: ${silent}. Somebody whose own grants in people.yaml allow it can do it now.`;
}

/** The platform does not vouch for the account, so it may do nothing, whoever owns it. */
export function barredCard(why: string, remedy: string): Card {
  return { tone: "warning", title: "Not allowed", summary: `${why} ${remedy}`, blocks: [] };
}

/** An account that nobody owns: what to do so that it is somebody's. `surface`: what people call it. */
export function strangerCard(surface: string, code: string): Card {
  const spaced = `${code.slice(0, 4)}-${code.slice(4)}`;
  return {
    tone: "warning",
    title: `Wardroom does not know this ${surface} account`,
    summary: "It may do nothing until it belongs to somebody.",
    blocks: [
      {
        kind: "text",
        text: `If Wardroom knows you elsewhere, type this there within 10 minutes: link claim ${spaced}`,
      },
      {
        kind: "text",
        text: "Somebody else then confirms that it is you. Otherwise an administrator adds the account to people.yaml.",
      },
    ],
  };
}

/** A value that looks like a secret: what is asked is kept and shown, and masked it would be something else. */
export function secretGivenCard(field: string, command: string): Card {
  return {
    tone: "warning",
    title: `${field} looks like a secret`,
    summary: `Nothing was done by ${command}: what is typed here is kept, and others can read it.`,
    blocks: [
      {
        kind: "text",
        text: "A secret belongs in the bot's environment, and the system's file refers to it. If this was one, replace it.",
      },
    ],
  };
}

/** It was accepted and will be answered: whoever is told to ask once more would have it twice. */
export const laterCard: Card = {
  tone: "warning",
  title: "Not answered yet",
  summary:
    "Your command was accepted, but its answer could not be kept. It is answered within minutes; do not ask again.",
  blocks: [],
};

/** It was accepted, and nobody came to it in time. */
export const notDoneCard: Card = {
  tone: "warning",
  title: "Not done",
  summary:
    "Wardroom stopped before it could do this, and took it up too late. Nothing was changed. Ask again if it is still wanted.",
  blocks: [],
};
