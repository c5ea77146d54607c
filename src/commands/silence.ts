import { z } from "zod";
import { endSilence, silenceAlerts } from "../acts/alerts/silence.ts";
import { silenceGiven } from "../acts/alerts/silence-act.ts";
import { endMirrored } from "../acts/alerts/silence-there.ts";
import {
  silenceCard,
  silencePreviewCard,
  silencesCard,
  unsilenceCard,
  unsilenceElsewhereCard,
} from "../cards/silence.ts";
import type { Firing, FiringAlert } from "../domain/alerts/firing.ts";
import { labelled } from "../domain/alerts/labelled-alert.ts";
import { type Matcher, matcherOf, showMatcher, unmetBy } from "../domain/alerts/matcher.ts";
import { whyNeverMuted } from "../domain/alerts/never-muted.ts";
import { readMatchers } from "../domain/alerts/read-matchers.ts";
import { longestSilenceMs, type Silence, systemsNamed, whyTwoSilence } from "../domain/alerts/silence.ts";
import { silenceThere } from "../domain/alerts/silence-there.ts";
import { type CommandContext, defineCommand, doneBy, type Reply, viewerOf } from "../domain/commands/command.ts";
import { UserError } from "../domain/failure.ts";
import type { Card } from "../domain/messages/card.ts";
import { everySystem } from "../domain/people/policy.ts";
import { may } from "../domain/people/viewer.ts";
import { oneLine } from "../domain/text/quantities.ts";
import { firingNow } from "../reads/firing.ts";
import { silenceNamed, silencesElsewhere, silencesNow } from "../reads/silences.ts";
import { lastingField, lastingMs, readableSystems } from "./fields.ts";
import { openOwnRequest, ownRequestReply } from "./own-request.ts";

const silenced = z.string().min(3).max(2_000).meta({
  label: "Alerts",
  help: 'The code of one, or conditions: {system="…", alertname="…"}',
  positional: true,
  rest: true,
  suggest: "alerts",
});

/** What is wide, or never muted, takes two people; one can acknowledge it, which stops nothing from being seen. */
export const silence = defineCommand({
  name: "silence",
  summary: "Keep an alert from being posted for a time, with a reason; a wide one takes two people",
  permission: "respond",
  examples: [
    'silence 1f0c9a2e77ab for:2h comment:"the disk is being exchanged"',
    'silence "system={system}, alertname=cpu-high" for:1h comment:"load test"',
  ],
  input: z.object({
    alerts: silenced,
    for: lastingField(longestSilenceMs, "longer than a day takes two people").default("1h"),
    comment: z.string().min(3).max(300).meta({ label: "Why", help: "What is known about it", prose: true }),
  }),
  async run(input, context) {
    const ms = lastingMs(input.for, {
      from: context.invocation.now,
      mostMs: longestSilenceMs,
      instead: "What is to be silent for longer is a rule or a route to be changed.",
    });
    const firing = await firingNow(context, readableSystems(context));
    const { match, matchers } = matchersIn(input.alerts, firing);
    const met = firing.alerts.filter((alert) => unmetBy(labelled(alert).labels, matchers) === undefined);
    mayOn(context, matchers, met);
    const there = silenceThere(matchers, met, context.routing);
    const comment = oneLine(input.comment);
    const why = whyTwo({ matchers, ms, met }, context);
    if (why !== undefined) return askTwo(context, { match, matchers, ms, met, there, comment, why });
    const asked = { match, matchers, ms, comment, there, codes: met.map(({ code }) => code) };
    const kept = await silenceAlerts(context.store, asked, doneBy(context.invocation));
    return { card: silenceCard(kept, met, context.invocation.now) };
  },
});

/** Shows what a silence would do, and does nothing. */
export const alertsMatching = defineCommand({
  name: "alerts matching",
  summary: "What a silence would keep back, before it is made",
  permission: "read",
  examples: ['alerts matching "system={system}, alertname=cpu-high"'],
  input: z.object({ alerts: silenced }),
  async run(input, context) {
    const firing = await firingNow(context, readableSystems(context));
    const { match, matchers } = matchersIn(input.alerts, firing);
    const met = firing.alerts.filter((alert) => unmetBy(labelled(alert).labels, matchers) === undefined);
    const there = silenceThere(matchers, met, context.routing).map(({ sender }) => sender);
    const why = whyTwo({ matchers, ms: 0, met }, context);
    return { card: silencePreviewCard(match, met, { there, why }), alerts: met.map(({ code }) => code) };
  },
});

interface Wanted {
  readonly matchers: readonly Matcher[];
  readonly ms: number;
  readonly met: readonly FiringAlert[];
}

function whyTwo({ matchers, ms, met }: Wanted, { routing }: CommandContext): string | undefined {
  const untouchable = met.find((each) => isNeverMuted(each, routing))?.summary;
  return whyTwoSilence({ matchers, ms, count: met.length, untouchable }, routing.silences);
}

function isNeverMuted(alert: FiringAlert, { neverMuted }: CommandContext["routing"]): boolean {
  return whyNeverMuted(labelled(alert), neverMuted) !== undefined;
}

/** So many are named in a request; what it meets besides is silenced all the same. */
const mostNamed = 100;

/** Somebody else has to agree to what would hide more than one person may. */
async function askTwo(
  context: CommandContext,
  asked: Wanted & {
    readonly match: string;
    readonly there: readonly { readonly sender: string }[];
    readonly comment: string;
    readonly why: string;
  },
): Promise<Reply> {
  const { match, matchers, ms, met, there, comment, why } = asked;
  const systems = touched(matchers, met);
  const [only = everySystem] = systems;
  const found = systems.length === 1 ? context.systems.find(only) : undefined;
  const opened = await openOwnRequest(context, {
    name: "silence",
    given: silenceGiven({
      match,
      minutes: Math.ceil(ms / 60_000),
      worst: met.some((each) => isNeverMuted(each, context.routing)),
      codes: met.slice(0, mostNamed).map(({ code }) => code),
      alertmanagers: there.map(({ sender }) => sender),
    }),
    concerns: found && { id: found.id, title: found.title },
    // What may touch any system, also one to come, is for those who decide on Wardroom alone.
    ...(systems.length > 1 && !systems.includes(everySystem) && { spans: systems.toSorted() }),
    reason: `${comment} (it takes two people: ${why})`,
  });
  return ownRequestReply(context, opened);
}

/** Whoever may respond may end another's silence: what is told again harms nobody. */
export const unsilence = defineCommand({
  name: "unsilence",
  summary: "End a silence at once: what it kept back is told",
  permission: "respond",
  examples: ["unsilence 4fa05c11"],
  input: z.object({
    silence: z
      .string()
      .min(8)
      .max(40)
      .meta({ label: "Silence", help: "Its id, as alerts silences shows it", positional: true }),
  }),
  async run(input, context) {
    const standing = await silenceNamed(context.store, input.silence);
    if (!standing) return { card: await endElsewhere(input.silence, context) };
    mayOn(context, standing.matchers, []);
    const ended = await endSilence(context.store, standing.id, doneBy(context.invocation));
    if (!ended) throw noneHolds(input.silence);
    return { card: unsilenceCard(ended) };
  },
});

/** Those of systems that the person may read here. */
export const alertsSilences = defineCommand({
  name: "alerts silences",
  summary: "What is silenced now, until when, by whom and why",
  permission: "read",
  examples: ["alerts silences"],
  input: z.object({}),
  async run(_input, context) {
    const { now } = context.invocation;
    const shown = (await silencesNow(context.store, now)).filter((each) => isReadable(context, each));
    const elsewhere = (await silencesElsewhere(context.store, now)).filter(
      ({ system }) => may(viewerOf(context), "read", system).allowed,
    );
    return { card: silencesCard(shown, elsewhere, now) };
  },
});

/** One that was made in an Alertmanager may be ended by whoever may respond on the system whose alerts that sends. */
async function endElsewhere(name: string, context: CommandContext): Promise<Card> {
  const typed = name.toLowerCase();
  const { store, invocation } = context;
  const found = (await silencesElsewhere(store, invocation.now)).filter(({ id }) => id.toLowerCase().startsWith(typed));
  const [mirrored, ...others] = found;
  if (!mirrored) throw noneHolds(name);
  if (others.length > 0)
    throw new UserError(
      `${name} begins the ids of several silences. Nothing was ended.`,
      `Write more of it: ${found.map(({ id }) => id).join(", ")}.`,
    );
  const verdict = may(viewerOf(context), "respond", mirrored.system);
  if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  const ended = await endMirrored(store, mirrored, doneBy(invocation));
  return unsilenceElsewhereCard(ended ?? mirrored, mirrored.sender);
}

function noneHolds(name: string): UserError {
  return new UserError(`No silence ${name} holds.`, "alerts silences lists those that do.");
}

/** The code of one alert that fires, which stands for all of its labels, or conditions. */
function matchersIn(text: string, firing: Firing): { readonly match: string; readonly matchers: readonly Matcher[] } {
  const code = text.trim().toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(code)) return written(readMatchers(text).matchers);
  const [alert, ...others] = firing.alerts.filter((each) => each.code === code);
  if (!alert || others.length > 0)
    throw new UserError(
      `No alert ${code} is firing that you may see here. Nothing was silenced.`,
      "alerts lists what fires.",
    );
  const { labels } = labelled(alert);
  return written(Object.entries(labels).map(([name, value]) => matcherOf(name, "=", value)));
}

function written(matchers: readonly Matcher[]): { readonly match: string; readonly matchers: readonly Matcher[] } {
  return { match: `{${matchers.map(showMatcher).join(", ")}}`, matchers };
}

/** All that a silence may keep from people: of one that does not say which systems it is about, all of them. */
function touched(matchers: readonly Matcher[], met: readonly FiringAlert[]): readonly string[] {
  return [...new Set([...systemsNamed(matchers), ...met.map(({ system }) => system)])];
}

function mayOn(context: CommandContext, matchers: readonly Matcher[], met: readonly FiringAlert[]): void {
  for (const system of touched(matchers, met)) {
    const verdict = may(viewerOf(context), "respond", system);
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  }
}

function isReadable(context: CommandContext, { matchers }: Silence): boolean {
  return systemsNamed(matchers).every((system) => may(viewerOf(context), "read", system).allowed);
}
