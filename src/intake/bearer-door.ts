import type { FastifyInstance, FastifyRequest } from "fastify";
import { type PostedBody, quarantineBody } from "../acts/alerts/accept-batch.ts";
import { type Answer, answered, commitWithinMs, postedText, sendAgain, within } from "./answer.ts";
import { type LiveSender, ownerOf } from "./authenticate.ts";
import type { BodyRead, BodyReader, CompleteBody } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** What came of a body: it is kept, or why it can never be. */
export type TakenPost = { readonly trace: string; readonly alerts: number } | { readonly unusable: string };

/** An address at which senders of one kind post, each with a token of its own. */
interface BearerDoor {
  readonly path: string;
  readonly kind: LiveSender["kind"];
  readonly reader: BodyReader;
  /** The id of the sender whose address it is, where each has its own. */
  readonly of?: (request: FastifyRequest) => string;
  /** What a sender can do about a body that is too large. */
  readonly tooLarge: string;
  /** Keeps what can be used. */
  readonly keep: (posted: PostedBody, sender: LiveSender) => Promise<TakenPost>;
}

/** Takes what is posted there: who posts is known before the body is read, and what can never be used goes into quarantine. */
export function openBearerDoor(
  scope: FastifyInstance,
  ports: WebhookPorts,
  refused: () => void,
  door: BearerDoor,
): void {
  const { path, kind, of, reader } = door;
  const senderAt = (request: FastifyRequest): LiveSender | "closed" | undefined => {
    const senders = ports.senders().filter((each) => each.kind === kind);
    if (senders.length === 0) return "closed";
    const id = of?.(request);
    return ownerOf(
      request.headers.authorization,
      id === undefined ? senders : senders.filter((each) => each.id === id),
    );
  };
  scope.post(path, {
    onRequest: async (request, reply) => {
      const sender = senderAt(request);
      if (sender === "closed")
        return answered(reply, { code: 404, said: { error: `no sender of kind ${kind} is configured` } });
      if (sender) return undefined;
      refused();
      return answered(reply, { code: 401, said: { error: `no sender${of ? " of this name" : ""} has this token` } });
    },
    handler: async (request, reply) => {
      const sender = senderAt(request);
      // The files were read anew meanwhile.
      if (!sender || sender === "closed") return answered(reply, sendAgain);
      return answered(reply, await reader.read(request.raw, (read) => answerTo(ports, { door, sender, read })));
    },
  });
}

interface Post<Read> {
  readonly door: BearerDoor;
  readonly sender: LiveSender;
  readonly read: Read;
}

async function answerTo(ports: WebhookPorts, { door, sender, read }: Post<BodyRead>): Promise<Answer> {
  if (!("bytes" in read)) return sendAgain;
  try {
    return await within(ports.commitMs ?? commitWithinMs, keepOrSetAside(ports, { door, sender, read }));
  } catch (error) {
    ports.log.error("what was posted could not be kept, and its sender was told to send it again", {
      sender: sender.id,
      error,
    });
    return sendAgain;
  }
}

async function keepOrSetAside(
  { store, quarantined }: WebhookPorts,
  { door, sender, read }: Post<CompleteBody>,
): Promise<Answer> {
  const { text, unusable } = postedText(read, door.tooLarge);
  const posted: PostedBody = { sender, text, bytes: read.size, digest: read.digest };
  const kept = unusable === undefined ? await door.keep(posted, sender) : { unusable };
  if ("trace" in kept) return { code: 200, said: kept };
  const trace = await quarantineBody(store, posted, kept.unusable);
  quarantined();
  return { code: 400, said: { error: `it was put in quarantine: ${kept.unusable}`, trace } };
}
