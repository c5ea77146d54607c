import type { Channel, Policy } from "../people/policy.ts";
import type { Fate } from "./fate.ts";
import { severityTone } from "./firing.ts";
import type { LabelledAlert } from "./labelled-alert.ts";
import { labelIn } from "./matcher.ts";
import { expectedBy, expectedWords, type Post, routeAlert } from "./route-alert.ts";
import { RouteVerbosity, type Routing } from "./routing.ts";
import { type Silence, silenceFor } from "./silence.ts";
import { inhibitedWords } from "./verdict-words.ts";

/** One channel that an alert is told in, and by which route; empty where none took it. */
export interface Placement {
  readonly route: string;
  readonly channel: Channel;
  readonly post: Post;
}

/** What is done with an alert that begins: told in channels, or kept from people for a reason. */
export type Telling =
  | { readonly kind: "told"; readonly placements: readonly Placement[] }
  | { readonly kind: "held"; readonly fate: Extract<Fate, "silenced" | "inhibited" | "muted">; readonly why: string }
  | { readonly kind: "dead"; readonly why: string };

/** Under what an alert is told. */
export interface TellingRules {
  readonly routing: Routing;
  /** What is in force. */
  readonly channels: Policy["channels"];
  readonly silences: readonly Silence[];
  /** What fires and may hide others. */
  readonly sources: readonly LabelledAlert[];
}

/** Where an alert is told that fires at a time, in ms. What no route takes goes to the operators' channels. */
export function tellingOf(alert: LabelledAlert, at: number, rules: TellingRules): Telling {
  const { routing, silences, sources } = rules;
  const decision = routeAlert(routing, alert, at, sources);
  const hidden = inhibitedWords(decision);
  if (hidden !== undefined) return { kind: "held", fate: "inhibited", why: hidden };
  // One person's silence holds back nothing that nobody may sleep through, whatever it was meant for.
  const silence = silenceFor(silences, { ...alert, isNeverMuted: decision.neverMuted !== undefined }, at);
  if (silence) return { kind: "held", fate: "silenced", why: `silence ${silence.id} by ${silence.by.name}` };
  const told = decision.verdicts.filter(({ outcome, shadow }) => outcome === "told" && !shadow);
  const placements = told.flatMap(({ route, post }) => (post ? placed(rules, route, post) : []));
  const muted = decision.verdicts.find(({ outcome, shadow }) => outcome === "muted" && !shadow);
  if (told.length === 0 && muted)
    return { kind: "held", fate: "muted", why: `${muted.mutedBy ?? "its route"}, by the route ${muted.route}` };
  const expected = decision.neverMuted === undefined ? expectedBy(routing, alert) : undefined;
  if (told.length === 0 && expected) return { kind: "held", fate: "muted", why: expectedWords(expected) };
  // A channel that a route names and that is not in force is none; the operators read of it then.
  const known = placements.length > 0 ? placements : toOperators(rules, alert);
  if (known.length === 0) return { kind: "dead", why: "no route takes it, and no channel is marked as the operators'" };
  return { kind: "told", placements: withoutDoubles(known) };
}

function placed({ channels }: TellingRules, route: string, post: Post): readonly Placement[] {
  return post.channels.flatMap((id) => {
    const channel = channels.find((each) => each.id === id);
    return channel ? [{ route, channel, post }] : [];
  });
}

function toOperators({ channels }: TellingRules, { labels, severity }: LabelledAlert): readonly Placement[] {
  const group = { system: labelIn(labels, "system"), alertname: labelIn(labels, "alertname") };
  const post: Post = {
    channels: [],
    mention: [],
    tone: severityTone(severity),
    owners: [],
    group,
    waitMs: 10_000,
    verbosity: RouteVerbosity.parse({}),
  };
  return channels.filter(({ operator }) => operator).map((channel) => ({ route: "", channel, post }));
}

/** Several routes may lead to one channel: it is told there once, by the first. */
function withoutDoubles(placements: readonly Placement[]): readonly Placement[] {
  return placements.filter(({ channel }, at) => placements.findIndex((each) => each.channel.id === channel.id) === at);
}
