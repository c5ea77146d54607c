import { episodeSummary } from "../../domain/alerts/episode.ts";
import { alertWith, type LabelledAlert, labelledEpisode } from "../../domain/alerts/labelled-alert.ts";
import { labelIn, matcherOf, showMatcher, unmetBy } from "../../domain/alerts/matcher.ts";
import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import { endsSoon } from "../../domain/alerts/silence.ts";
import type { SilenceEnding } from "../../domain/alerts/silence-ending.ts";
import { tellingOf } from "../../domain/alerts/telling.ts";
import type { Place } from "../../domain/messages/place.ts";
import { everythingFiring } from "../../records/episode.ts";
import { owedNotice } from "../../records/notice.ts";
import { silencesAt } from "../../records/silence.ts";
import { putSilenceEnding, silenceEndingKey } from "../../records/silence-ending.ts";
import { silenceMirrors } from "../../records/silence-mirror.ts";
import { transact } from "../transact.ts";
import type { TellPorts } from "./tell-episodes.ts";

/** So much of what fires is looked through, and so many alerts are named. */
const mostLooked = 2_000;
const mostNamed = 10;

interface Hidden {
  readonly alert: LabelledAlert;
  readonly words: string;
}

type Ending = Omit<SilenceEnding, "count" | "alerts" | "at"> & { readonly hides: readonly Hidden[] };

/**
 * Says of silences that end soon that something they hide still fires, once for each, in the channels where that will be told: of
 * the bot's, and of those that were made in Alertmanagers.
 */
export async function warnOfEnds(ports: Pick<TellPorts, "store" | "routing" | "policyInForce">): Promise<void> {
  const { store } = ports;
  const now = await store.now();
  const ending = [...(await ownEnding(ports, now)), ...(await mirroredEnding(ports, now))];
  const told = await store.read(ending.map(({ id }) => silenceEndingKey(id)));
  for (const [at, each] of ending.entries()) if (!told[at] && each.hides.length > 0) await warn(ports, each);
}

async function ownEnding({ store }: Pick<TellPorts, "store">, now: number): Promise<readonly Ending[]> {
  const { found } = await silencesAt(store, now);
  const soon = found.filter(({ silence }) => endsSoon(silence, now));
  if (soon.length === 0) return [];
  const firing = (await everythingFiring(store, mostLooked)).found.map((episode) => ({
    alert: labelledEpisode(episode),
    words: `${episode.system}: ${episodeSummary(episode)}`,
  }));
  return soon.map(({ silence: { id, match, matchers, until, by, comment } }) => ({
    id,
    match,
    until,
    comment,
    by: by.name,
    hides: firing.filter(({ alert }) => unmetBy(alert.labels, matchers) === undefined),
  }));
}

async function mirroredEnding({ store }: Pick<TellPorts, "store">, now: number): Promise<readonly Ending[]> {
  const { found } = await silenceMirrors(store);
  return found.flatMap(({ mirror: { sender, system, silences } }) =>
    silences
      .filter((each) => endsSoon(each, now) && !each.ending)
      .map(
        ({ id, match, until, by, comment, hides = [] }): Ending => ({
          id,
          until,
          by,
          comment,
          sender,
          match: ofSystem(match, system),
          hides: hides.map(({ labels, summary }) => {
            const its = labelIn(labels, "system") || system;
            return { alert: alertWith({ ...labels, system: its }), words: `${its}: ${summary}` };
          }),
        }),
      ),
  );
}

/** The same for the bot, which may be told of alerts of other systems as well. */
function ofSystem(match: string, system: string): string {
  const { matchers } = readMatchers(match);
  if (matchers.some(({ label }) => label === "system")) return match;
  return `{${[matcherOf("system", "=", system), ...matchers].map(showMatcher).join(", ")}}`;
}

async function warn(
  { store, routing, policyInForce }: Pick<TellPorts, "store" | "routing" | "policyInForce">,
  { hides, ...ending }: Ending,
): Promise<void> {
  const { channels } = await policyInForce();
  await transact(store, async (now) => {
    const [standing] = await store.read([silenceEndingKey(ending.id)]);
    if (standing) return { result: undefined };
    const rules = { routing: routing(), channels, silences: [], sources: [] };
    const places = new Map<string, Place>();
    for (const { alert } of hides) {
      const telling = tellingOf(alert, now, rules);
      if (telling.kind !== "told") continue;
      for (const { channel } of telling.placements)
        places.set(channel.id, { surface: channel.surface, channel: channel.channel });
    }
    if (places.size === 0) return { result: undefined };
    const alerts = hides.slice(0, mostNamed).map(({ words }) => words);
    const subject = { kind: "silence-ending" as const, silence: ending.id };
    return {
      result: undefined,
      commit: {
        expect: { [silenceEndingKey(ending.id)]: null },
        put: [putSilenceEnding({ ...ending, count: hides.length, alerts, at: now })],
        notices: [...places.values()].map((place) => owedNotice({ subject, place }, now)),
      },
    };
  });
}
