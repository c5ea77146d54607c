import { recordDelivery, recordPlaceholder } from "../acts/record-delivery.ts";
import {
  type Answer,
  acceptInvocation,
  answerInvocation,
  type InvocationRecord,
  invocationKey,
  readButton,
  readInvocation,
} from "../acts/record-invocation.ts";
import { copyId, openRequests } from "../acts/request-record.ts";
import type { Command, CommandContext, Reply } from "../domain/command.ts";
import type { Standing } from "../domain/directory.ts";
import { nearest } from "../domain/distance.ts";
import { UserError } from "../domain/failure.ts";
import type { MessageRef, Outgoing } from "../domain/message.ts";
import { type Account, accountText, type Person, personOf } from "../domain/person.ts";
import { decide, type Policy, withGroups } from "../domain/policy.ts";
import type { CommandPorts, Log, Meter } from "../domain/ports.ts";
import { redact } from "../domain/redact.ts";
import type { System } from "../domain/system.ts";
import { catalogueOf } from "./catalogue.ts";
import { barredCard, explainFailure, refusalCard } from "./explain-failure.ts";
import { type Routed, route } from "./route.ts";
import { choicesFor, completionsFor, type Offers } from "./suggest.ts";
import type { Bot, Choice, ChoiceAsk, Completion, Incoming } from "./surface.ts";

export interface PipelinePorts {
  readonly commands: readonly Command[];
  /** Everything a command reaches the world through, but the policy, which is read anew for each asking. */
  readonly world: Omit<CommandPorts, "policy">;
  readonly policyInForce: () => Promise<Policy>;
  readonly log: Log;
  readonly meter: Meter;
}

/** The one pipeline: parse, identify, decide, run, journal, reply. */
export interface Pipeline extends Bot {
  /** Answers an accepted invocation whose process stopped before it did. */
  resume(key: string): Promise<void>;
}

/** How old may be what a platform says of an account that only asks. A decision reads it anew. */
const standingMaxAgeMs = 60_000;
/** After so long the person is shown that the answer is under way, and then again every so often. */
const workingAfterMs = 1_000;
const workingEveryMs = 5_000;
/** Longest a command may run. Its backends have shorter deadlines of their own, so this ends only what is broken. */
const runWithinMs = 30_000;

export function createPipeline(ports: PipelinePorts): Pipeline {
  return {
    async handle(incoming, accepted) {
      const log = ports.log.child({ invocation: invocationKey(incoming.account, incoming.id) });
      try {
        await handle({ ...ports, log }, incoming, accepted);
      } catch (error) {
        log.error("a delivery could not be handled", { error });
        await sayBroken(incoming, error, log);
      }
    },
    async resume(key) {
      const record = await readInvocation(ports.world.store, key);
      if (!record || record.answer) return;
      const log = ports.log.child({ invocation: key });
      log.warn("answering an invocation that another process left");
      const routed = await route(record.ask, {
        commands: ports.commands,
        button: (id) => readButton(ports.world.store, id),
      });
      await answer({ ...ports, log }, record, { routed });
    },
    complete: (account, place, text) => complete(ports, { account, place, text }),
    choices: (asked) => choices(ports, asked),
  };
}

/** Offers while typing: only what this account may do here. */
async function complete(
  ports: PipelinePorts,
  at: { account: Account; place: Incoming["place"]; text: string },
): Promise<readonly Completion[]> {
  return completionsFor(at.text, await offersFor(ports, at));
}

async function choices(ports: PipelinePorts, asked: ChoiceAsk): Promise<readonly Choice[]> {
  const offers = await offersFor(ports, asked);
  const command = offers.commands.find((each) => each.name === asked.command);
  return command ? choicesFor({ ...asked, command }, offers) : [];
}

async function offersFor(
  ports: PipelinePorts,
  at: { readonly account: Account; readonly place: Incoming["place"] },
): Promise<Offers> {
  const policy = await ports.policyInForce();
  const { person } = await whoAsks(ports, at.account, policy);
  const systems = ports.world.systems.all().filter((system) => mayRead(system.id, { person, place: at.place, policy }));
  const open = await openRequests(ports.world.store, 25);
  return {
    commands: ports.commands.filter((command) => mayEver(command, { person, place: at.place, policy, systems })),
    systems,
    requests: open
      .filter(({ sealed }) => systems.some((system) => system.id === sealed.system))
      .map(({ request, sealed }) => ({ insert: request.code, detail: `${sealed.operation} ${sealed.system}` })),
    people: person ? policy.people.map(({ id, name }) => ({ insert: id, detail: name })) : [],
  };
}

/** The person behind an account, with the roles that its groups give; or why its platform does not vouch for it. */
async function whoAsks(ports: PipelinePorts, account: Account, policy: Policy): Promise<Asker> {
  const person = personOf(account, policy.people);
  if (!person) return { person: undefined };
  const standing = await ports.world.directory.standing(account, { maxAgeMs: standingMaxAgeMs });
  if (!standing.ok) return { person: undefined, barred: standing };
  return { person: withGroups(person, { surface: account.surface, groups: standing.groups }, policy) };
}

interface Asker {
  readonly person: Person | undefined;
  /** Why the platform does not vouch for the account, whoever owns it. */
  readonly barred?: Extract<Standing, { ok: false }>;
}

interface Here {
  readonly person: Person | undefined;
  readonly place: Incoming["place"];
  readonly policy: Policy;
}

function mayRead(system: string, here: Here): boolean {
  return decide({ ...here, permission: "read", system }, here.policy).allowed;
}

/** May it be asked here at all, for any system there is? */
function mayEver(command: Command, here: Here & { readonly systems: readonly System[] }): boolean {
  if (command.open) return here.person !== undefined;
  const { person, place, policy } = here;
  if (command.systemField === undefined)
    return decide({ person, place, permission: command.permission }, policy).allowed;
  return here.systems.some(
    (system) => decide({ person, place, permission: command.permission, system: system.id }, policy).allowed,
  );
}

async function handle(ports: PipelinePorts, incoming: Incoming, accepted: (() => void) | undefined): Promise<void> {
  const policy = await ports.policyInForce();
  const routed = await route(incoming.ask, {
    commands: ports.commands,
    button: (id) => readButton(ports.world.store, id),
  });
  if (routed.kind === "incomplete") {
    const { person } = await whoAsks(ports, incoming.account, policy);
    if (mayRun(routed.command, routed.values, { person, place: incoming.place, policy, ports }).allowed) {
      await incoming.form(routed.form);
      accepted?.();
      return;
    }
  }
  const { account, place, ask } = incoming;
  const { record, repeated } = await acceptInvocation(ports.world.store, {
    key: invocationKey(account, incoming.id),
    account,
    place,
    ask,
  });
  accepted?.();
  if (!repeated) return answer(ports, record, { routed, incoming });
  if (!record.answer) return;
  ports.log.info("a delivery came again and got its recorded answer");
  await incoming.respond({
    card: record.answer.card,
    files: [],
    nonce: `answer:${record.key}`,
    lane: "reply",
    ...(record.answer.private && { audience: account }),
  });
}

/** Runs what was asked and gives the answer; `incoming` is absent when its surface can no longer be answered directly. */
async function answer(
  ports: PipelinePorts,
  record: InvocationRecord,
  { routed, incoming }: { routed: Routed; incoming?: Incoming },
): Promise<void> {
  const started = performance.now();
  const policy = await ports.policyInForce();
  const working = showWorking(ports, record, incoming);
  const { reply, outcome, person } = await replyTo(ports, routed, { record, policy });
  await working.end();
  const seconds = (performance.now() - started) / 1_000;
  const command = routed.kind === "unreadable" ? "unreadable" : routed.command.name;
  ports.meter.count("wardroom_commands_total", { command, outcome });
  ports.meter.observe("wardroom_command_seconds", seconds, { command });
  ports.log.info("a command was answered", { command, outcome, person: person?.id, ms: Math.round(seconds * 1_000) });
  const committed = await answerInvocation(ports.world.store, record, {
    answer: answerOf(reply, record),
    now: await ports.world.store.now(),
    sendsItself: incoming !== undefined,
    journal: {
      kind: "invocation",
      at: record.acceptedAt,
      invocation: record.key,
      command,
      arguments: routed.kind === "unreadable" ? {} : redactedValues(routed.values),
      person: person?.id ?? null,
      account: accountText(record.account),
      place: `${record.place.surface}:${record.place.channel}`,
      outcome,
      ms: Math.round(seconds * 1_000),
    },
  });
  if (!incoming) return;
  const message: Outgoing = {
    card: committed.card,
    files: reply.files ?? [],
    nonce: committed.nonce,
    lane: "reply",
    ...((reply.subject ?? reply.about) && { about: reply.subject ?? reply.about }),
    ...(reply.private && { audience: record.account }),
  };
  const ref = await respondOrLeave(ports.log, incoming, message);
  if (ref !== "left" && committed.owed) await recordDelivery(ports.world.store, committed.owed, ref);
}

/** Shows that an answer is under way, where it will stand; a placeholder that outlives its process is answered into. */
function showWorking(
  ports: PipelinePorts,
  record: InvocationRecord,
  incoming: Incoming | undefined,
): { end(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  let placed = false;
  const started = performance.now();
  const show = async (): Promise<void> => {
    try {
      const seconds = Math.round((performance.now() - started) / 1_000);
      const ref = await incoming?.working?.(seconds < 3 ? "Working…" : `Working… ${seconds} s`);
      if (ref && !placed) await recordPlaceholder(ports.world.store, record.key, ref);
      placed ||= ref !== undefined;
    } catch (error) {
      ports.log.warn("that an answer is under way could not be shown", { error });
    }
  };
  const tick = (): void => {
    last = last.then(show);
    timer = setTimeout(tick, workingEveryMs);
  };
  let timer = incoming?.working ? setTimeout(tick, workingAfterMs) : undefined;
  return {
    async end() {
      clearTimeout(timer);
      await last;
    },
  };
}

interface Asked {
  readonly record: InvocationRecord;
  readonly policy: Policy;
}

type Outcome = "answered" | "refused" | "failed" | "unreadable";

/** Never throws: whatever goes wrong on the way to a decision is a refusal, and everything else a card that says so. */
async function replyTo(
  ports: PipelinePorts,
  routed: Routed,
  asked: Asked,
): Promise<{ reply: Reply; outcome: Outcome; person?: Person }> {
  const { policy, record } = asked;
  let person: Person | undefined;
  try {
    const asker = await whoAsks(ports, record.account, policy);
    person = asker.person;
    if (asker.barred) {
      const { why, remedy } = asker.barred;
      return { reply: { card: barredCard(why, remedy), private: true }, outcome: "refused" };
    }
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
      policy: () => policy,
      catalogue: catalogueOf(ports.commands),
      asking: {
        invocation: record.key,
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
  here: { person: Person | undefined; place: Incoming["place"]; policy: Policy; ports: PipelinePorts },
): ReturnType<typeof decide> {
  const named = command.systemField === undefined ? undefined : values[command.systemField];
  // A system that does not exist is judged under the name given: only those who may everything may learn that.
  const system = typeof named === "string" ? (here.ports.world.systems.find(named)?.id ?? named) : undefined;
  if (command.open && here.person) return { allowed: true };
  return decide(
    { person: here.person, permission: command.permission, place: here.place, ...(system !== undefined && { system }) },
    here.policy,
  );
}

/** A system that is not there is told as that, not as a missing right: a slip of the finger is the likelier cause. */
function refuseUnknownSystem(routed: Exclude<Routed, { kind: "unreadable" }>, here: Here, ports: PipelinePorts): void {
  const named = routed.command.systemField === undefined ? undefined : routed.values[routed.command.systemField];
  if (typeof named !== "string" || ports.world.systems.find(named)) return;
  const known = ports.world.systems.all().flatMap((system) => (mayRead(system.id, here) ? [system.id] : []));
  const close = nearest(named, known);
  throw new UserError(
    `There is no system ${named} that you may see here.`,
    close === undefined ? `There are: ${known.join(", ") || "none"}.` : `Did you mean ${close}?`,
  );
}

function answerOf(reply: Reply, record: InvocationRecord): Answer {
  const { subject } = reply;
  return {
    card: reply.card,
    files: reply.files ?? [],
    private: reply.private ?? false,
    ...(subject && { copyOf: { request: subject.id, notice: copyId(subject.id, record.place) } }),
  };
}

async function respondOrLeave(
  log: Log,
  incoming: Incoming,
  message: Outgoing,
): Promise<MessageRef | undefined | "left"> {
  try {
    return await incoming.respond(message);
  } catch (error) {
    log.warn("a reply could not be sent and is left to delivery", { error });
    return "left";
  }
}

async function sayBroken(incoming: Incoming, error: unknown, log: Log): Promise<void> {
  const { card } = explainFailure(error, { reference: incoming.id, log });
  try {
    await incoming.respond({
      card,
      files: [],
      nonce: `broken:${incoming.id}`,
      audience: incoming.account,
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
