import type { LabelledAlert } from "../domain/alerts/labelled-alert.ts";
import { showLabels, showMatcher } from "../domain/alerts/matcher.ts";
import type { Post, RouteDecision, RouteVerdict } from "../domain/alerts/route-alert.ts";
import { inhibitedWords, verdictWords } from "../domain/alerts/verdict-words.ts";
import type { Block, Card, CardField, ListItem, Tone } from "../domain/messages/card.ts";
import { personName } from "../domain/people/person.ts";
import { channelWords, type Policy } from "../domain/people/policy.ts";
import { stamp } from "../domain/text/moment.ts";

/** An alert, the time in ms that it was asked about, and whether what hides it was looked for. */
export interface RouteAsked {
  readonly alert: LabelledAlert;
  readonly at: number;
  /** `whole`: all that fires was read. `half`: some of it could not be. `not`: nothing was looked at. */
  readonly firing: "whole" | "half" | "not";
}

/** Where an alert would be told, and why, route by route. */
export function alertRouteCard(
  { alert, at, firing }: RouteAsked,
  decision: RouteDecision,
  policy: Pick<Policy, "channels" | "people">,
): Card {
  const called = (id: string): string => calledIn(policy, id);
  const hiding = hidingItems(decision, firing);
  const posts = decision.inhibitedBy
    ? []
    : decision.verdicts.filter(({ outcome, shadow }) => outcome === "told" && !shadow);
  const blocks: Block[] = [
    { kind: "fields", fields: alertFields(alert, at, decision) },
    ...posts.flatMap(({ route, post }) => (post ? [postBlock(route, post, policy)] : [])),
    ...(decision.verdicts.length > 0
      ? [{ kind: "list" as const, ordered: true, items: decision.verdicts.map((each) => verdictItem(each, called)) }]
      : []),
    ...(hiding.length > 0 ? [{ kind: "list" as const, items: hiding }] : []),
  ];
  return { ...headline(decision, policy), blocks };
}

function headline(decision: RouteDecision, policy: Pick<Policy, "channels">): { tone: Tone; title: string } {
  const called = (id: string): string => calledIn(policy, id);
  const hidden = inhibitedWords(decision);
  if (hidden !== undefined) return { tone: "neutral", title: `It would be ${hidden}` };
  if (decision.channels.length > 0)
    return { tone: "good", title: `It would be told in ${decision.channels.map(called).join(", ")}` };
  if (!decision.toOperators) return { tone: "warning", title: "It would be muted: nothing would be posted" };
  const operators = policy.channels.filter(({ operator }) => operator).map(({ id }) => called(id));
  if (operators.length === 0)
    return { tone: "bad", title: "No route takes it, and no channel is marked as the operators'" };
  return { tone: "warning", title: `No route takes it: it would be told to the operators, in ${operators.join(", ")}` };
}

/** The files may name a channel before the people and rules that have it are in force. */
function calledIn(policy: Pick<Policy, "channels">, id: string): string {
  return policy.channels.some((each) => each.id === id) ? channelWords(id, policy) : `${id} (not in force yet)`;
}

function alertFields({ labels, severity }: LabelledAlert, at: number, { neverMuted }: RouteDecision): CardField[] {
  return [
    { name: "Labels", value: showLabels(labels) },
    { name: "Severity", value: severity },
    { name: "At", value: stamp(at) },
    ...(neverMuted === undefined ? [] : [{ name: "Never muted", value: `because ${neverMuted}` }]),
  ];
}

/** How a route would post it. */
function postBlock(route: string, post: Post, { people }: Pick<Policy, "people">): Block {
  const named = (ids: readonly string[]): string => ids.map((id) => personName(id, people)).join(", ");
  const verbosity = Object.entries(post.verbosity).map(([event, what]) => `${event} ${what}`);
  return {
    kind: "fields",
    fields: [
      { name: "Route", value: route },
      { name: "Look", value: post.tone, tone: post.tone },
      ...(post.mention.length > 0 ? [{ name: "Calls", value: named(post.mention) }] : []),
      ...(post.owners.length > 0 ? [{ name: "Owners", value: named(post.owners) }] : []),
      { name: "One message for", value: showLabels(post.group) },
      { name: "Events", value: verbosity.join(", ") },
    ],
  };
}

function verdictItem(verdict: RouteVerdict, called: (id: string) => string): ListItem {
  const takes = verdict.outcome === "told" && !verdict.shadow;
  const text = `${verdict.route} ${verdictWords(verdict, called)}`;
  return takes ? { text, tone: "good" } : verdict.outcome === "muted" ? { text, tone: "warning" } : { text };
}

function hidingItems({ couldInhibit }: RouteDecision, firing: RouteAsked["firing"]): ListItem[] {
  const looked = { whole: "which none does now", half: "and not all that fires could be read", not: "" }[firing];
  return couldInhibit.map(({ id, source, equal }) => {
    const same = equal.length === 0 ? "" : ` with the same ${equal.join(", ")}`;
    const text = `The rule ${id} would hide it while {${source.map(showMatcher).join(", ")}} fires${same}`;
    return {
      text: looked === "" ? text : `${text}, ${looked}`,
      ...(firing === "half" && { tone: "unknown" as const }),
    };
  });
}
