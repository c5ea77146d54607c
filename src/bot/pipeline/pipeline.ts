import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { acceptInvocation } from "../../acts/messages/accept-invocation.ts";
import { type Answer, answerInvocation } from "../../acts/messages/answer-invocation.ts";
import { recordSent } from "../../acts/messages/record-sent.ts";
import type { Command, CommandContext, CommandPorts, Reply, WorldPorts } from "../../domain/commands/command.ts";
import type { Configuration } from "../../domain/commands/configuration.ts";
import { UserError } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Card } from "../../domain/messages/card.ts";
import type { MessageRef, Outcome, Outgoing } from "../../domain/messages/message.ts";
import { lacksFiles } from "../../domain/messages/missing-files.ts";
import type { Meter } from "../../domain/meter.ts";
import { accountText, type Person } from "../../domain/people/person.ts";
import { channelAt, decide, type Policy, strangerRefusal, type Verdict } from "../../domain/people/policy.ts";
import { type SurfaceTraits, surfaceName } from "../../domain/people/surface.ts";
import { nearest } from "../../domain/text/distance.ts";
import { redact } from "../../domain/text/redact.ts";
import { alertsAt, requestAt } from "../../reads/shown-at.ts";
import { readButton } from "../../records/button.ts";
import { type InvocationRecord, invocationKey, readInvocation } from "../../records/invocation.ts";
import { readMessage } from "../../records/message.ts";
import { noticeId } from "../../records/notice.ts";
import type { Bot, Delivery } from "../surface.ts";
import { barredCard, explainFailure, refusalCard } from "./explain-failure.ts";
import { isQuestion } from "./is-question.ts";
import { keepAtWork } from "./keep-at-work.ts";
import { choices, complete, type Here, mayRead, withSystems } from "./offers.ts";
import { type Routed, type Routes, route } from "./route.ts";
import { showWorking } from "./show-working.ts";
import { linkCard, whoAsks } from "./who-asks.ts";

export interface PipelinePorts {
  readonly current: () => Configuration;
  /** Everything a command reaches the world through, but what is asked anew for each asking: policy and configuration. */
  readonly world: WorldPorts;
  readonly policyInForce: () => Promise<Policy>;
  /** Every surface there is. */
  readonly surfaces: readonly SurfaceTraits[];
  readonly log: Log;
  readonly meter: Meter;
}

/** The one pipeline: parse, identify, decide, run, journal, reply. */
export interface Pipeline extends Bot {
  /** Answers an accepted invocation whose process stopped before it did. */
  resume(key: string): Promise<void>;
}

/** The ports for one asking: it goes by one configuration from its first word to its answer. */
interface Parts extends Omit<PipelinePorts, "current" | "world">, Pick<Configuration, "commands" | "catalogue"> {
  readonly world: WorldPorts & Pick<CommandPorts, "systems">;
}

/** Turns of the loop in which an HTTP client has written a request that it was given; a socket needs one. */
const turnsUntilSent = 4;
/** How long a command that a process left waits for its platform, before it is answered without. */
const waitForPlatformMs = 10 * 60_000;
/** Longest a command may run. Its backends have shorter deadlines of their own, so this ends only what is broken. */
const runWithinMs = 30_000;

export function createPipeline(given: PipelinePorts): Pipeline {
  return {
    async handle(delivery, accepted) {
      const ports = portsNow(given);
      const log = ports.log.child({ invocation: invocationKey(delivery.account, delivery.id) });
      let taken = false;
      const taking = (): void => {
        taken = true;
        accepted?.();
      };
      try {
        await handle({ ...ports, log }, delivery, taking);
      } catch (error) {
        log.error("a delivery could not be handled", { error });
        // What was accepted is taken up again: whoever is told to ask once more would have it twice.
        const later = taken && !delivery.place.passing;
        const card = later ? laterCard : explainFailure(error, { reference: delivery.id, log }).card;
        await sayBroken(delivery, card, log);
      }
    },
    async resume(key) {
      const ports = portsNow(given);
      const found = await readInvocation(ports.world.store, key);
      if (!found || found.record.answer) return;
      const { record, revision } = found;
      const log = ports.log.child({ invocation: key });
      // Right after a start its platform may not be there to vouch for the account: then it is taken up again in a moment.
      if ((await ports.world.store.now()) - record.acceptedAt < waitForPlatformMs)
        await whoAsks(ports.world.people.directory, record.account, await ports.policyInForce());
      log.warn("answering an invocation that another process left");
      const routed = await route(record.content, routesOf(ports));
      await answer({ ...ports, log }, record, { routed, revision });
    },
    complete: (account, place, text) => complete(portsNow(given), { account, place, text }),
    choices: (asked) => choices(portsNow(given), asked),
  };
}

function portsNow({ current, world, ...rest }: PipelinePorts): Parts {
  const { commands, catalogue, systems } = current();
  return { ...rest, commands, catalogue, world: { ...world, systems: { ...world.systems, ...systems } } };
}

function routesOf({ commands, world: { store } }: Parts): Routes {
  return {
    commands,
    button: (id) => readButton(store, id),
    requestAt: (message) => requestAt(store, message),
    alertsAt: (message) => alertsAt(store, message),
  };
}

async function handle(ports: Parts, delivery: Delivery, accepted: () => void): Promise<void> {
  const routed = await route(delivery.content, routesOf(ports));
  if (routed.kind === "incomplete") {
    const policy = await ports.policyInForce();
    const { person } = await whoAsks(ports.world.people.directory, delivery.account, policy);
    if (mayRun(routed.command, routed.values, { person, place: delivery.place, policy, ports }).allowed) {
      const here = { person, place: delivery.place, policy };
      await delivery.form(withSystems(routed.form, ports.world.systems.all(), here));
      accepted();
      return;
    }
  }
  const { account, place, content } = delivery;
  const { record, revision, repeated } = await acceptInvocation(ports.world.store, {
    key: invocationKey(account, delivery.id),
    account,
    place,
    content,
    question: isQuestion(routed),
  });
  accepted();
  // What was acknowledged leaves ahead of the work.
  for (let turn = 0; turn < turnsUntilSent; turn += 1) await turnOfTheLoop();
  if (!repeated) return answer(ports, record, { routed, revision, delivery });
  if (!record.answer) return;
  // What stands already is not said twice; what is still owed is delivered under the same nonce, once.
  const nonce = noticeId(record.answer.subject, place);
  const stands = (await readMessage(ports.world.store, nonce)) !== undefined;
  ports.log.info("a delivery came again", { stands });
  // Files are with what is owed, and delivery has that.
  if (stands || lacksFiles(record.answer.card, [])) return;
  await delivery.respond({
    card: record.answer.card,
    files: [],
    nonce,
    again: true,
    lane: "reply",
    ...(record.answer.private && { audience: account }),
  });
}

/** Runs what was asked and gives the answer; `delivery` is absent when its surface can no longer be answered directly. */
async function answer(
  ports: Parts,
  record: InvocationRecord,
  { routed, revision, delivery }: { routed: Routed; revision: string; delivery?: Delivery },
): Promise<void> {
  const started = performance.now();
  const policy = await ports.policyInForce();
  // Where the bot does not work nothing is shown to everybody, and no channel is joined for it.
  const works = record.place.direct || channelAt(record.place, policy) !== undefined;
  const here = { store: ports.world.store, log: ports.log };
  const working = showWorking(here, record, works ? delivery : undefined);
  // What another process left is this one's by its place in the queue.
  const kept = delivery && keepAtWork(here, record.key);
  const { reply, outcome, person } = await replyTo(ports, routed, { record, policy });
  await Promise.all([working.end(), kept?.end()]);
  const seconds = (performance.now() - started) / 1_000;
  const command = routed.kind === "unreadable" ? "unreadable" : routed.command.name;
  ports.meter.count("wardroom_commands_total", { command, outcome });
  ports.meter.observe("wardroom_command_seconds", seconds, { command });
  ports.log.info("a command was answered", { command, outcome, person: person?.id, ms: Math.round(seconds * 1_000) });
  const committed = await answerInvocation(ports.world.store, record, {
    answer: answerOf(reply),
    now: await ports.world.store.now(),
    sendsItself: delivery !== undefined,
    question: isQuestion(routed),
    revision,
    journal: {
      kind: "invocation",
      at: record.acceptedAt,
      who: { person: person?.id ?? null, ...(person && { name: person.name }), account: accountText(record.account) },
      invocation: record.key,
      command,
      arguments: routed.kind === "unreadable" ? {} : redactedValues(routed.values),
      place: `${record.place.surface}:${record.place.channel}`,
      outcome,
      ms: Math.round(seconds * 1_000),
    },
  });
  if (!committed) ports.log.warn("another process answered a command that this one took too long for");
  if (!delivery || !committed) return;
  const message: Outgoing = {
    card: committed.card,
    files: reply.files ?? [],
    nonce: committed.nonce,
    lane: "reply",
    outcome,
    ...(reply.about && { about: reply.about }),
    ...(reply.private && { audience: record.account }),
  };
  const ref = await respondOrLeave(ports.log, delivery, message);
  if (ref === "left" || !committed.owed) return;
  const { surface, channel } = record.place;
  const { subject, keptFiles } = committed;
  await recordSent(ports.world.store, committed.owed, { ref: ref ?? { surface, channel }, subject, keptFiles });
}

interface Asked {
  readonly record: InvocationRecord;
  readonly policy: Policy;
}

/** Never throws: whatever goes wrong on the way to a decision is a refusal, and everything else a card that says so. */
async function replyTo(
  ports: Parts,
  routed: Routed,
  asked: Asked,
): Promise<{ reply: Reply; outcome: Outcome; person?: Person }> {
  const { policy, record } = asked;
  let person: Person | undefined;
  try {
    const asker = await whoAsks(ports.world.people.directory, record.account, policy);
    person = asker.person;
    if (asker.barred) {
      const { why, remedy } = asker.barred;
      return { reply: { card: barredCard(why, remedy), private: true }, outcome: "refused" };
    }
    const toLink = person ? undefined : await linkCard({ ...ports, store: ports.world.store }, record.account);
    if (toLink) return { reply: { card: toLink, private: true }, outcome: "refused" };
    if (routed.kind === "unreadable")
      return { reply: { card: routed.card, private: true }, outcome: "unreadable", ...(person && { person }) };
    const verdict = mayRun(routed.command, routed.values, { person, place: record.place, policy, ports });
    if (!verdict.allowed && person) refuseUnknownSystem(routed, { person, place: record.place, policy }, ports);
    if (!verdict.allowed || !person)
      return {
        reply: { card: refusalCard(routed.command, verdict), private: true },
        outcome: "refused",
        ...(person && { person }),
      };
    if (routed.kind === "incomplete")
      return { reply: { card: routed.card, private: true }, outcome: "unreadable", person };
    const context: CommandContext = {
      ...ports.world,
      people: { ...ports.world.people, policy: () => policy },
      catalogue: ports.catalogue,
      invocation: {
        id: record.key,
        person,
        account: accountText(record.account),
        place: record.place,
        now: record.acceptedAt,
      },
    };
    return { reply: await withinTime(routed.command.run(routed.input, context)), outcome: "answered", person };
  } catch (error) {
    const { card, outcome } = explainFailure(error, { reference: asked.record.key, log: ports.log });
    return { reply: { card, private: true }, outcome, ...(person && { person }) };
  }
}

function mayRun(
  command: Command,
  values: Readonly<Record<string, unknown>>,
  here: { person: Person | undefined; place: Delivery["place"]; policy: Policy; ports: Parts },
): Verdict {
  const named = command.systemField === undefined ? undefined : values[command.systemField];
  // A system that does not exist is judged under the name given: only those who may everything may learn that.
  const system = typeof named === "string" ? (here.ports.world.systems.find(named)?.id ?? named) : undefined;
  const { person, place, policy, ports } = here;
  if (!person) return strangerRefusal(surfaceName(ports.surfaces, place.surface));
  if (command.open) return { allowed: true };
  return decide({ person, permission: command.permission, place, ...(system !== undefined && { system }) }, policy);
}

/** A system that is not there is told as that, not as a missing right: a slip of the finger is the likelier cause. */
function refuseUnknownSystem(routed: Exclude<Routed, { kind: "unreadable" }>, here: Here, ports: Parts): void {
  const named = routed.command.systemField === undefined ? undefined : routed.values[routed.command.systemField];
  if (typeof named !== "string" || ports.world.systems.find(named)) return;
  const known = ports.world.systems.all().flatMap((system) => (mayRead(system.id, here) ? [system.id] : []));
  const close = nearest(named, known);
  throw new UserError(
    `There is no system ${named} that you may see here.`,
    close === undefined ? `There are: ${known.join(", ") || "none"}.` : `Did you mean ${close}?`,
  );
}

function answerOf(reply: Reply): Answer {
  const { subject } = reply;
  return {
    card: reply.card,
    files: reply.files ?? [],
    private: reply.private ?? false,
    ...(reply.alerts && { alerts: reply.alerts }),
    ...(subject && { subject }),
  };
}

async function respondOrLeave(
  log: Log,
  delivery: Delivery,
  message: Outgoing,
): Promise<MessageRef | undefined | "left"> {
  try {
    return await delivery.respond(message);
  } catch (error) {
    log.warn("a reply could not be sent and is left to delivery", { error });
    return "left";
  }
}

const laterCard: Card = {
  tone: "warning",
  title: "Not answered yet",
  summary:
    "Your command was accepted, but its answer could not be kept. It is answered within minutes; do not ask again.",
  blocks: [],
};

async function sayBroken(delivery: Delivery, card: Card, log: Log): Promise<void> {
  try {
    await delivery.respond({
      card,
      files: [],
      nonce: `broken:${delivery.id}`,
      audience: delivery.account,
      lane: "reply",
    });
  } catch (failure) {
    log.error("a failure could not be told to the person who asked", { error: failure });
  }
}

function redactedValues(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, redact(String(value))]));
}

function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`the command did not end within ${runWithinMs / 1_000} s`)),
    runWithinMs,
  );
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}
