import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { hearHeartbeat } from "../acts/alerts/hear-heartbeat.ts";
import { type Answer, answered, commitWithinMs, sendAgain, within } from "./answer.ts";
import { type Credentials, ownerOf } from "./authenticate.ts";
import { type BodyLimits, type BodyRead, BodyReader } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** A job whose calls are awaited, with its tokens as they are now. */
export interface LiveHeartbeat extends Credentials {
  readonly id: string;
}

/** What is sent along is of no account. */
const callLimits: BodyLimits = { mostBytes: 65_536, mostHeld: 1_048_576, withinMs: 10_000 };

const Job = z.object({ job: z.string() });

/** Takes the calls of jobs at `/webhooks/heartbeat/<id>`, by whatever method their tools have. */
export function registerHeartbeats(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  const reader = new BodyReader({ ...callLimits, ...ports.limits });
  const jobAt = (request: FastifyRequest): LiveHeartbeat | "closed" | undefined => {
    const jobs = ports.heartbeats?.() ?? [];
    if (jobs.length === 0) return "closed";
    const { job } = Job.parse(request.params);
    return ownerOf(
      request.headers.authorization,
      jobs.filter(({ id }) => id === job),
    );
  };
  scope.route({
    method: ["GET", "POST"],
    url: "/webhooks/heartbeat/:job",
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      const job = jobAt(request);
      if (job === "closed") return answered(reply, { code: 404, said: { error: "no job is configured to call" } });
      if (job) return undefined;
      refused();
      return answered(reply, { code: 401, said: { error: "no job of this name has this token" } });
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const job = jobAt(request);
      if (!job || job === "closed") return answered(reply, sendAgain);
      return answered(reply, await reader.read(request.raw, (read) => answerTo(ports, job, read)));
    },
  });
}

async function answerTo(ports: WebhookPorts, { id }: LiveHeartbeat, read: BodyRead): Promise<Answer> {
  if (read.is === "busy" || read.is === "cut") return sendAgain;
  try {
    await within(ports.commitMs ?? commitWithinMs, hearHeartbeat(ports.store, id));
    return { code: 200, said: { job: id } };
  } catch (error) {
    ports.log.error("the call of a job could not be kept, and it was told to call again", { job: id, error });
    return sendAgain;
  }
}
