import { policyChangeWords } from "../cards/policy-change.ts";
import type { Check } from "../ops/health.ts";
import { waitingPolicyChange } from "../reads/policy-change.ts";
import type { RunningBot } from "./bot.ts";
import type { Surfaces } from "./surfaces.ts";

/** What `/healthz` and `/readyz` look at. A bot that hears nobody is not well, though it may still be fit to work. */
export function healthChecks(
  bot: RunningBot,
  surfaces: () => ReturnType<Surfaces["deafness"]>,
): { readonly alive: readonly Check[]; readonly ready: readonly Check[] } {
  const store: Check = {
    name: "store",
    async run() {
      await bot.store.now();
      return undefined;
    },
  };
  const hearing: Check = {
    name: "hearing",
    async run() {
      const deaf = surfaces().flatMap(({ name, deaf: why }) => {
        const words = why();
        return words === undefined ? [] : [`${name}: ${words}`];
      });
      return deaf.length === 0 ? undefined : deaf.join("; ");
    },
  };
  const policy: Check = {
    name: "policy",
    advisory: true,
    run: async () => {
      const change = await waitingPolicyChange(bot.store);
      return change && policyChangeWords(change);
    },
  };
  return { alive: [store, hearing], ready: [store, policy] };
}
