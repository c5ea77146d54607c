import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { mayAsk } from "../../domain/commands/may-ask.ts";
import { UserError } from "../../domain/failure.ts";
import type { Card, CardAction } from "../../domain/messages/card.ts";
import type { Viewer } from "../../domain/people/viewer.ts";
import type { System } from "../../domain/systems/system.ts";
import { nearest } from "../../domain/text/distance.ts";
import { visibleSystems } from "../../reads/visible-systems.ts";
import { everyday } from "../language/everyday.ts";
import { formOf } from "../language/form.ts";
import { parse } from "../language/parse.ts";
import { quote, valueOf, wordsOf } from "../language/tokens.ts";
import { mayRun } from "./authorise.ts";
import { isQuestion } from "./is-question.ts";
import type { DeliveryPorts } from "./ports.ts";
import type { Routed } from "./route.ts";

type Ready = Extract<Routed, { kind: "ready" }>;

/** What a line may have been meant as that cannot be carried out as it stands. */
export interface Understood {
  /** A question that its words leave no doubt of, and the command that it was read as. */
  readonly read?: { readonly routed: Ready; readonly line: string };
  /** Commands to press. What may change something is only ever here. */
  readonly offers: readonly CardAction[];
  /** They are what everyday words may ask for, and no slip of what was typed. */
  readonly isSpeech?: boolean;
}

/** More are no help to somebody in a hurry. */
const mostOffers = 4;
export const nothingUnderstood: Understood = { offers: [] };

interface Asked {
  readonly content: DeliveryContent;
  readonly routed: Routed;
  readonly viewer: Viewer;
}

/**
 * Reads a line by its everyday words, for what the viewer may see and ask: the name of a system they may not see is a word like any that
 * names nothing, so that no answer tells of it. A question about a command is read as it stands.
 */
export function understand(ports: DeliveryPorts, { content, routed, viewer }: Asked): Understood {
  if (content.kind !== "text" || !viewer.person) return nothingUnderstood;
  // Most lines are commands as they stand, and wait for nothing else to be looked at.
  const visible = visibleSystems(ports.world.systems, viewer);
  if (routed.kind !== "unreadable" && !isAstray(content.text, routed, { ports, visible })) return nothingUnderstood;
  const candidates = linesFor(content.text, routed, { ports, viewer, visible });
  const possible = candidates.lines.flatMap((line) => readLine(line, ports, viewer));
  const [first] = possible;
  if (first?.routed.kind === "ready" && candidates.atOnce && isQuestion(first.routed))
    return { read: { routed: first.routed, line: first.line }, offers: [] };
  const { isSpeech = false } = candidates;
  return { offers: possible.slice(0, mostOffers).map(({ action }) => action), isSpeech };
}

/** What goes with a refusal: what was understood, else the line with what it says was meant in the place of the nearest word. */
export function offersInstead(
  ports: DeliveryPorts,
  { content, viewer }: Omit<Asked, "routed">,
  { error, understood }: { readonly error: unknown; readonly understood: Understood },
): readonly CardAction[] {
  if (understood.offers.length > 0) return understood.offers;
  if (content.kind !== "text" || !(error instanceof UserError)) return [];
  const meant = /^Did you mean (\S+)\?$/.exec(error.remedy ?? "")?.[1];
  const line = meant === undefined ? undefined : mended(content.text, meant);
  return line === undefined ? [] : readLine(line, ports, viewer).map(({ action }) => action);
}

/** Why a line is no command, with what is offered instead. */
export function withOffers(card: Card, { offers, isSpeech }: Understood): Card {
  if (offers.length === 0) return card;
  return isSpeech ? offersCard(offers) : { ...card, actions: offers };
}

/** An answer that says which command was read from the words. */
export function tellsReading(card: Card, line: string): Card {
  const said = `Read as: ${line}`;
  return { ...card, footer: card.footer === undefined ? said : `${said}. ${card.footer}` };
}

function offersCard(offers: readonly CardAction[]): Card {
  return {
    tone: "warning",
    title: "Did you mean one of these?",
    summary: "Nothing was done. Press one, or type it:",
    blocks: [{ kind: "code", text: offers.map(({ label }) => label).join("\n") }],
    actions: offers,
    footer: "help lists what you may do here.",
  };
}

interface Lines {
  readonly lines: readonly string[];
  readonly atOnce: boolean;
  readonly isSpeech?: boolean;
}

function linesFor(
  text: string,
  routed: Routed,
  {
    ports,
    viewer,
    visible,
  }: { readonly ports: DeliveryPorts; readonly viewer: Viewer; readonly visible: readonly System[] },
): Lines {
  if (routed.kind !== "unreadable") {
    const isAbout = ["help", "why"].includes(routed.command.name);
    return { ...everydayLines(text, visible), isSpeech: isAbout };
  }
  const { problem } = routed;
  if (problem?.code === "other-order") return { lines: [problem.meant], atOnce: true };
  if (problem?.code === "extra-word") {
    if (problem.meant !== undefined) return { lines: [problem.meant], atOnce: true };
    const isLook = isQuestion({ kind: "ready", command: problem.command, values: {}, input: {} });
    return isLook ? everydayLines(text, visible) : { lines: withReason(text, problem.word), atOnce: false };
  }
  if (problem?.code !== "unknown-command") return { lines: [], atOnce: false };
  const heard = everydayLines(text, visible);
  // An operation that is named as such is told how it is asked for, unless the words say more: `restart redis`.
  const isNamed = (routed.meant ?? []).some(
    ({ command, args }) => mayAsk(command, viewer, args[command.systemField ?? ""]).allowed,
  );
  const [first = ""] = text.trim().split(/\s+/);
  if (problem.of && !isNamed) return { lines: [], atOnce: false };
  if (isNamed && asksBack.test(text) && heard.lines.length > 0) return heard;
  // `restart-service` is the name of an operation and nothing that people say; `restart` may be both.
  if (isNamed && /[-_]/.test(first)) return { lines: [], atOnce: false };
  if (isNamed) return { ...heard, atOnce: false, lines: heard.lines.filter((line) => /^run \S+ \S+ \S+:/.test(line)) };
  const known = ports.commands.map(({ name }) => name);
  const close = nearest(first, known);
  const slip = close === undefined ? [] : [`${close}${text.trim().slice(first.length)}`];
  const like = problem.like ?? [];
  if (heard.lines.length > 0) return heard;
  return { lines: [...like, ...slip], atOnce: like.length === 1 };
}

/** A question, in which the name of an operation asks for none: `how is flatten going`, and not `how do I flatten`. */
const asksBack =
  /^\W*(?:how(?!\s+(?:do|to|can|could|should|would)\b)|what|who|whose|is|are|was|were|did|does|has|have|why|when|where|which|any)(?:['’]?s)?\b/i;

function everydayLines(text: string, visible: readonly System[]): Lines {
  const heard = everyday(text, visible);
  return heard ? { lines: heard.lines, atOnce: heard.atOnce, isSpeech: true } : { lines: [], atOnce: false };
}

/** A command that was typed, but of which the words make none: its system is no system and no slip of one, or it asks about no command. */
function isAstray(
  text: string,
  routed: Exclude<Routed, { kind: "unreadable" }>,
  { ports, visible }: { readonly ports: DeliveryPorts; readonly visible: readonly System[] },
): boolean {
  const { command, values } = routed;
  if (command.name === "help" || command.name === "why") return asksOfNoCommand(text, ports);
  const named = command.systemField === undefined ? undefined : values[command.systemField];
  if (typeof named !== "string" || !isQuestion(routed)) return false;
  const names = visible.flatMap(({ id, aliases }) => [id, ...aliases]);
  return !names.includes(named.trim().toLowerCase()) && nearest(named, names) === undefined;
}

/** `why is it slow`, and not `why run alphapulse flaten`. */
function asksOfNoCommand(text: string, { commands, world }: DeliveryPorts): boolean {
  const [, ...words] = text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_-]+/u)
    .filter((word) => word !== "");
  const names = new Set([
    ...commands.flatMap(({ name, typedAlone }) => [...name.split(" "), ...(typedAlone?.keys() ?? [])]),
    ...world.systems.all().flatMap(({ operations }) => Object.keys(operations)),
  ]);
  return words.length > 0 && !words.some((word) => names.has(word));
}

/** `flatten alphapulse now please`: the words that it has no field for are its reason, and are not lost. */
function withReason(text: string, extra: string): readonly string[] {
  const words = wordsOf(text);
  const from = words.findIndex((word) => valueOf(word) === extra);
  const key = words.findIndex((word, at) => at > from && /^\p{L}[\p{L}\p{N}_-]*[:=]/u.test(word.head));
  const start = words[from]?.start;
  if (start === undefined || /\breason[:=]/.test(text)) return [];
  const end = key < 0 ? text.length : (words[key]?.start ?? text.length);
  const said = text.slice(start, end).trim();
  return [`${text.slice(0, start)}reason:${quote(said)} ${text.slice(end)}`.trim()];
}

/** The line with a word in the place of the one that is nearest to it. Names that say their field keep it. */
function mended(text: string, meant: string): string | undefined {
  const words = wordsOf(text).map(({ start, end }) => ({ start, end, text: text.slice(start, end) }));
  const typed = words.flatMap(({ start, end, text: word }) => {
    const key = /^[\p{L}\p{N}_-]+[:=]/u.exec(word)?.[0] ?? "";
    return [{ from: start + key.length, to: end, word: word.slice(key.length) }];
  });
  const close =
    nearest(
      meant,
      typed.map(({ word }) => word),
    ) ?? typed.find(({ word }) => nearest(word, [meant]) !== undefined)?.word;
  const at = typed.find(({ word }) => word === close);
  return at && `${text.slice(0, at.from)}${meant}${text.slice(at.to)}`;
}

interface Possible {
  readonly line: string;
  readonly routed: Exclude<Routed, { kind: "unreadable" }> | Ready;
  readonly action: CardAction;
}

/** What a line asks, where it is a command that the viewer may ask; nothing else. */
function readLine(line: string, ports: DeliveryPorts, viewer: Viewer): readonly Possible[] {
  const parsed = parse(line, ports.commands);
  if (parsed.kind === "unreadable") return [];
  if (parsed.kind === "incomplete" && Object.keys(parsed.errors).length > 0) return [];
  const { command, values } = parsed;
  const routed: Routed =
    parsed.kind === "ready"
      ? { kind: "ready", command, values, input: parsed.input }
      : { kind: "incomplete", command, values, form: formOf(command, parsed) };
  if (!mayRun(ports, routed, viewer).allowed || command.refusal?.(values)) return [];
  const style = command.urgent?.(values) ? { style: "danger" as const } : {};
  return [{ line, routed, action: { label: line, command: command.name, args: values, ...style } }];
}
