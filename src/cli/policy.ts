import { adoptPolicy } from "../acts/people/adopt-policy.ts";
import { policyChangeWords } from "../cards/policy-change.ts";
import { configFor } from "../compose/config.ts";
import { openStore } from "../compose/open-store.ts";
import { ownState } from "../compose/state-owner.ts";
import type { Environment } from "../config/environment.ts";
import { changeOutlook } from "../domain/approvals/change-outlook.ts";
import { UserError } from "../domain/failure.ts";
import type { Policy } from "../domain/people/policy.ts";
import { policyChanges } from "../domain/people/policy-changes.ts";
import type { Store } from "../domain/store.ts";
import { waitingPolicyChange } from "../reads/policy-change.ts";
import { formerlyIn, parsePolicy, policyKey, policyOver, writtenPolicy } from "../records/policy.ts";
import { environmentOrRefuse } from "./environment.ts";
import { osUser } from "./os-user.ts";

/**
 * `wardroom policy diff`: in what the files differ from what is in force. `wardroom policy adopt --offline`: puts the files in
 * force without the two people whom a change takes, for when there are no longer two. It needs to write the store, is on
 * record with the user of the operating system, and is told in every operator channel when the bot starts. While a bot runs on
 * the state folder it is refused.
 */
export async function policy(args: readonly string[]): Promise<number> {
  const act = actOf(args);
  const environment = environmentOrRefuse();
  // A bot that runs on the folder has people to ask. On Redis nobody can tell; whatever runs there goes by it at once.
  const owned = act === adopt && environment.redisUrl === undefined ? ownState(environment) : undefined;
  try {
    return await onStore(environment, act);
  } finally {
    owned?.release();
  }
}

type Act = (store: Store, files: Policy) => Promise<number>;

async function onStore(environment: Environment, act: Act): Promise<number> {
  const { policy: files } = await configFor(environment);
  const store = await openStore(environment);
  try {
    return await act(store, files);
  } finally {
    await store.close();
  }
}

function actOf([name, ...flags]: readonly string[]): Act {
  if (name === "diff" && flags.length === 0) return diff;
  if (name === "adopt" && flags.length === 1 && flags[0] === "--offline") return adopt;
  if (name === "adopt")
    throw new UserError(
      "policy adopt takes --offline, because it passes by the two people whom a change takes.",
      "With two people, change the files while the bot runs and let them agree to the request that it opens.",
    );
  throw new UserError("policy takes one of two words: diff or adopt.", "For example: wardroom policy diff");
}

async function diff(store: Store, files: Policy): Promise<number> {
  const [current] = await store.read([policyKey]);
  const inForce = writtenPolicy(current);
  if (!inForce) return say("Nothing is in force yet: what the files say comes into force at the first start.");
  const changes = policyChanges(inForce, files);
  if (changes.length === 0) return say("The people and rules in the files are those in force.");
  const waiting = await waitingPolicyChange(store);
  say(waiting ? policyChangeWords(waiting) : "The people and rules in the files differ from those in force.");
  say(changes.map((line) => `  ${line}`).join("\n"));
  const linked = parsePolicy(current);
  const { effects, agreeing } = changeOutlook(
    linked,
    policyOver(current, files),
    formerlyIn(current, await store.now()),
  );
  say("Who may do more by it, and who less:");
  say(effects.map((line) => `  ${line}`).join("\n"));
  return say(agreeing);
}

async function adopt(store: Store, files: Policy): Promise<number> {
  const changes = await adoptPolicy(store, files, { how: "offline", user: osUser() });
  if (!changes) return say("The people and rules in the files are in force already.");
  say("The people and rules in the files are in force now. This is on record, and every operator channel is told:");
  return say(changes.map((line) => `  ${line}`).join("\n"));
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
