import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import type { Routing } from "../../domain/alerts/routing.ts";
import { postedBy } from "../../domain/alerts/sender.ts";
import { silenceThere } from "../../domain/alerts/silence-there.ts";
import { requestOfKey } from "../../domain/approvals/request.ts";
import type { Store } from "../../domain/store.ts";
import type { OwnAct } from "../../domain/systems/own-system.ts";
import { parseSpan } from "../../domain/text/spoken-span.ts";
import { readRequest } from "../../records/request.ts";
import { parseSilenceAnswer } from "../../records/silence.ts";
import { committedBefore } from "../transact.ts";
import { agreedBy } from "./agreed-by.ts";
import { silenceAlerts, silenceOnce } from "./silence.ts";

/** What stands where a list of a request is empty. */
const none = "none";
/** What its request says of P0, P1 and whatever else is never muted. */
const withWorst = "P0, P1 and what else is never muted are held back too";
const withoutWorst = "P0, P1 and what else is never muted are told all the same";

/** A silence as it is asked of two people: what its request says of it. */
export function silenceGiven(asked: {
  readonly match: string;
  readonly minutes: number;
  readonly worst: boolean;
  readonly codes: readonly string[];
  readonly alertmanagers: readonly string[];
}): Readonly<Record<string, string>> {
  const { match, minutes, worst, codes, alertmanagers } = asked;
  return {
    match,
    for: minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`,
    worst: worst ? withWorst : withoutWorst,
    alerts: codes.join(" ") || none,
    alertmanagers: alertmanagers.join(" ") || none,
  };
}

/** What a silence does once two people have agreed. It lasts from then on. */
export function silenceAct({ store, routing }: { readonly store: Store; readonly routing: () => Routing }): OwnAct {
  return {
    async run({ match = "", for: lasts = "", worst, alerts = none, alertmanagers = none }, key) {
      const asked = await readRequest(store, requestOfKey(key));
      const ms = parseSpan(lasts);
      if (!asked || ms === undefined) return { outcome: "refused", detail: "what was asked for is gone" };
      const { matchers } = readMatchers(match);
      const met = listed(alertmanagers).map((id) => ({ source: postedBy(id) }));
      const silence = await silenceAlerts(
        store,
        {
          match,
          matchers,
          ms,
          comment: asked.request.reason,
          codes: listed(alerts),
          there: met.length > 0 ? silenceThere(matchers, met, routing()) : [],
          ...(worst === withWorst && { worst: true as const }),
        },
        agreedBy(asked, key),
      );
      return { outcome: "done", detail: `it is the silence ${silence.id}` };
    },
    async probe(_given, key) {
      const made = await committedBefore(store, silenceOnce(key));
      return made === undefined
        ? { outcome: "refused", detail: "no silence was made" }
        : { outcome: "done", detail: `it is the silence ${parseSilenceAnswer(made).id}` };
    },
  };
}

function listed(text: string): readonly string[] {
  return text === none ? [] : text.split(" ");
}
