import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import { lateStore } from "../../acts/late-store.ts";
import { bringUpToDate, type Followed, followPressed } from "../../acts/messages/follow-pressed.ts";
import { laterCard, notDoneCard } from "../../cards/refusal.ts";
import { incidentAt } from "../../reads/incidents.ts";
import { invocationKey, readInvocation } from "../../records/invocation.ts";
import type { Bot, Delivery } from "../surface.ts";
import { type Accepted, accept, readContent } from "./accept.ts";
import { holderOf } from "./account-holder.ts";
import { explainFailure } from "./explain-failure.ts";
import { isQuestion, isUrgentAsking } from "./is-question.ts";
import { choices, complete } from "./offers.ts";
import { keepMessage, noteJoined } from "./overhear.ts";
import { type DeliveryPorts, type PipelinePorts, portsNow } from "./ports.ts";
import { reply, replyAgain, sayBroken } from "./reply.ts";
import { type Ended, run } from "./run.ts";

/** The one pipeline: accept, authorise, run, reply. */
export interface Pipeline extends Bot {
  /** Answers an accepted invocation whose process stopped before it did. */
  resume(key: string): Promise<void>;
}

/** Turns of the loop in which an HTTP client has written a request that it was given; a socket needs one. */
const turnsUntilSent = 4;
/** How long a command that a process left waits for its platform, before it is answered without. */
const waitForPlatformMs = 10 * 60_000;
/** What changes something is carried out so soon after it was accepted or not at all: whoever asked has looked on since. */
const changeWithinMs = 60_000;

export function createPipeline(given: PipelinePorts): Pipeline {
  return {
    async handle(delivery, accepted) {
      const log = given.log.child({ invocation: invocationKey(delivery.account, delivery.id) });
      let taken = false;
      const taking = (): void => {
        taken = true;
        accepted?.();
      };
      try {
        await handle({ ...portsNow(given), log }, delivery, taking);
      } catch (error) {
        log.error("a delivery could not be handled", { error });
        // What was accepted is taken up again where its answer can still be sent.
        const later = taken && !delivery.place.passing;
        const card = later ? laterCard : explainFailure(error, { reference: delivery.id, log }).card;
        await sayBroken(delivery, card, log);
      }
    },
    async resume(key) {
      const ports = { ...portsNow(given), log: given.log.child({ invocation: key }) };
      const found = await readInvocation(ports.world.store, key);
      if (!found || found.record.answer) return;
      const { account, acceptedAt, content } = found.record;
      const accepted = { ...found, routed: await readContent(ports, content) };
      const ageMs = (await ports.world.store.now()) - acceptedAt;
      const late = !isQuestion(accepted.routed) && ageMs >= changeWithinMs;
      // Right after a start its platform may not be there to vouch for the account: then it is taken up again in a moment.
      const asked = { policy: await ports.policyInForce(), urgent: isUrgentAsking(accepted.routed) };
      if (!late && ageMs < waitForPlatformMs) await holderOf(ports.world.people.directory, account, asked);
      ports.log.warn("answering an invocation that another process left", { late });
      await (late ? answerLate(ports, accepted) : answer(ports, accepted));
    },
    complete: (account, place, text) => complete(portsNow(given), { account, place, text }),
    choices: (query) => choices(portsNow(given), query),
    isInRoom: async (place) => (await incidentAt(given.world.store, place)) !== undefined,
    keep: (kept) => keepMessage(portsNow(given), kept),
    joined: (joined) => noteJoined(portsNow(given), joined),
  };
}

async function handle(ports: DeliveryPorts, delivery: Delivery, taking: () => void): Promise<void> {
  const accepted = await accept(ports, delivery);
  taking();
  if (!accepted) return;
  // What was acknowledged leaves ahead of the work.
  for (let turn = 0; turn < turnsUntilSent; turn += 1) await turnOfTheLoop();
  if (accepted.repeated) return replyAgain(ports, accepted.record, delivery);
  // Before the press changes anything, or what it changes would be shown in another message.
  const followed = await pressedMessage(ports, delivery);
  const { outcome } = await answer(ports, accepted, delivery);
  if (!followed) return;
  // It has been answered: what goes wrong from here on is nothing to tell whoever pressed.
  await bringUpToDate(ports.world.store, followed, { vain: outcome !== "answered" }).catch((error: unknown) =>
    ports.log.warn("the message that was pressed could not be brought up to date", { error }),
  );
}

/** Nothing new is done for it: what it had done already is told, and else that it was not done. */
async function answerLate(ports: DeliveryPorts, accepted: Accepted): Promise<void> {
  const { world } = ports;
  const ended = await run({ ...ports, world: { ...world, store: lateStore(world.store) } }, accepted);
  const told = ended.outcome === "failed" ? { ...ended, reply: { card: notDoneCard, private: true } } : ended;
  await reply(ports, accepted, { ended: told });
}

/** The message that was pressed, where it shows the state of something. What cannot be found out holds no press up. */
async function pressedMessage(ports: DeliveryPorts, { content, place }: Delivery): Promise<Followed | undefined> {
  if (content.kind !== "press" || !content.message) return undefined;
  const { action, message } = content;
  try {
    return await followPressed(ports.world.store, { action, message, place });
  } catch (error) {
    ports.log.warn("the message that was pressed could not be followed", { error });
    return undefined;
  }
}

async function answer(ports: DeliveryPorts, accepted: Accepted, delivery?: Delivery): Promise<Ended> {
  const ended = await run(ports, accepted, delivery);
  await reply(ports, accepted, { ended, delivery });
  return ended;
}
