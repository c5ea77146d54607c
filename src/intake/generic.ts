import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type PostedBody, quarantineBody } from "../acts/alerts/accept-batch.ts";
import { acceptTold } from "../acts/alerts/accept-told.ts";
import { toldIn } from "../domain/alerts/posted-mapping.ts";
import { parsedJson } from "../domain/alerts/reported-alert.ts";
import { recordTime } from "../log-search/time.ts";
import { type Answer, answered, commitWithinMs, postedText, sendAgain, within } from "./answer.ts";
import { type LiveSender, ownerOf } from "./authenticate.ts";
import { type BodyLimits, type BodyRead, BodyReader, type CompleteBody } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** What is mapped is read at once, so that one body is not to hold the others up. */
const mappedLimits: BodyLimits = { mostBytes: 1_048_576, mostHeld: 16 * 1_048_576, withinMs: 25_000 };

const Source = z.object({ source: z.string() });

/** Takes what is posted in a form of its sender's own at `/webhooks/generic/<id of the sender>`, and reads it by the sender's map. */
export function registerGeneric(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  const reader = new BodyReader({ ...mappedLimits, ...ports.limits });
  const senderAt = (request: FastifyRequest): LiveSender | "closed" | undefined => {
    const senders = ports.senders().filter(({ kind }) => kind === "generic");
    if (senders.length === 0) return "closed";
    const { source } = Source.parse(request.params);
    return ownerOf(
      request.headers.authorization,
      senders.filter(({ id }) => id === source),
    );
  };
  scope.post("/webhooks/generic/:source", {
    onRequest: async (request, reply) => {
      const sender = senderAt(request);
      if (sender === "closed")
        return answered(reply, { code: 404, said: { error: "no sender of kind generic is configured" } });
      if (sender) return undefined;
      refused();
      return answered(reply, { code: 401, said: { error: "no sender of this name has this token" } });
    },
    handler: async (request, reply) => {
      const sender = senderAt(request);
      // The files were read anew meanwhile.
      if (!sender || sender === "closed") return answered(reply, sendAgain);
      return answered(reply, await reader.read(request.raw, (read) => answerTo(ports, sender, read)));
    },
  });
}

async function answerTo(ports: WebhookPorts, sender: LiveSender, read: BodyRead): Promise<Answer> {
  if (!("bytes" in read)) return sendAgain;
  try {
    return await within(ports.commitMs ?? commitWithinMs, keep(ports, sender, read));
  } catch (error) {
    ports.log.error("what was posted could not be kept, and its sender was told to send it again", {
      sender: sender.id,
      error,
    });
    return sendAgain;
  }
}

async function keep({ store, quarantined }: WebhookPorts, sender: LiveSender, read: CompleteBody): Promise<Answer> {
  const { text, unusable } = postedText(read, "post fewer alerts at once");
  const body: PostedBody = { sender, text, bytes: read.size, digest: read.digest };
  const told = unusable === undefined ? readBy(sender, text) : { unusable };
  if ("told" in told) {
    const { trace, alerts } = await acceptTold(store, body, told.told);
    return { code: 200, said: { trace, alerts } };
  }
  const trace = await quarantineBody(store, body, told.unusable);
  quarantined();
  return { code: 400, said: { error: `it was put in quarantine: ${told.unusable}`, trace } };
}

function readBy({ map }: LiveSender, text: string): ReturnType<typeof toldIn> {
  const parsed = parsedJson(text);
  if (parsed === undefined || map === undefined) return { unusable: "it is no JSON" };
  return toldIn(parsed, map, recordTime);
}
