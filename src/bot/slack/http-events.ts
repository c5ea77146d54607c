import { verifySlackRequest } from "@slack/bolt";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Log } from "../../domain/log.ts";
import { countedRefusals } from "../../http/refusals.ts";
import { UnprovenBodies } from "../../http/unproven-bodies.ts";
import type { Envelope } from "./receiver.ts";

const Signed = z.object({
  "x-slack-signature": z.string(),
  "x-slack-request-timestamp": z.coerce.number(),
  // What is only told besides is no reason to refuse what Slack has signed.
  "x-slack-retry-num": z.coerce.number().optional().catch(undefined),
  "x-slack-retry-reason": z.string().optional(),
});
const Body = z.record(z.string(), z.unknown());

type Acknowledged = Readonly<Record<string, unknown>> | "" | "declined";

/** Slack has given up after three seconds and delivers an event again: a connection that is held longer helps nobody. */
const answerWithinMs = 5_000;

/** Slack sends what it has in one go, and again where that was not taken. */
const unprovenLimits = { most: 64, withinMs: 5_000 };

/** Where Slack posts events, commands and interactions when there are no sockets. */
export const eventsPath = "/slack/events";

/** Takes what Slack posts, proven by its signature. Anything else is refused without a word about why. */
export function registerSlackEvents(
  app: FastifyInstance,
  ports: { readonly signingSecret: string; readonly log: Log; take(envelope: Envelope): void },
): void {
  const tellUnsigned = countedRefusals((count) =>
    ports.log.warn("requests to Slack's address were not signed by Slack", { count }),
  );
  // A scope of its own: the signature is over the bytes as they came.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const unproven = new UnprovenBodies(unprovenLimits);
    // The signature is over the body. Who does not even claim one, or a stale one, is not read.
    scope.addHook("onRequest", async ({ headers, raw }, reply) => {
      const claimed = Signed.safeParse(headers).data;
      if (!claimed || Math.abs(claimed["x-slack-request-timestamp"] - Date.now() / 1_000) > signedWithinS) {
        tellUnsigned();
        return reply.code(401).send();
      }
      unproven.hold(raw);
      return undefined;
    });
    scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.post(eventsPath, async (request, reply) => {
      const raw = typeof request.body === "string" ? request.body : "";
      const headers = Signed.safeParse(request.headers);
      if (!headers.success || !isAuthentic(raw, headers.data, ports.signingSecret)) {
        tellUnsigned();
        return reply.code(401).send();
      }
      const body = readBody(request, raw);
      if (!body) return reply.code(400).send();
      if (body["type"] === "url_verification") return { challenge: body["challenge"] };
      const acknowledged = await new Promise<Acknowledged>((resolve) => {
        const late = setTimeout(() => resolve("declined"), answerWithinMs);
        ports.take({
          body,
          acknowledge: async (payload) => {
            clearTimeout(late);
            resolve(payload ?? "");
          },
          decline: () => {
            clearTimeout(late);
            resolve("declined");
          },
          ...(headers.data["x-slack-retry-num"] !== undefined && { retryNum: headers.data["x-slack-retry-num"] }),
          ...(headers.data["x-slack-retry-reason"] !== undefined && {
            retryReason: headers.data["x-slack-retry-reason"],
          }),
        });
      });
      if (acknowledged === "declined") return reply.code(503).send();
      return reply.code(200).send(acknowledged);
    });
  });
}

/** What Slack signed longer ago than this, or ahead of our clock by as much, is refused. Slack's own advice, both ways. */
const signedWithinS = 300;

function isAuthentic(body: string, headers: z.output<typeof Signed>, signingSecret: string): boolean {
  // Bolt refuses what is too old; of what is dated ahead it says nothing, and that could be kept and sent when it suits.
  if (headers["x-slack-request-timestamp"] - Date.now() / 1_000 > signedWithinS) return false;
  try {
    verifySlackRequest({
      signingSecret,
      body,
      headers: {
        "x-slack-signature": headers["x-slack-signature"],
        "x-slack-request-timestamp": headers["x-slack-request-timestamp"],
      },
    });
    return true;
  } catch {
    return false;
  }
}

/** JSON, or a form that holds JSON, or the form itself for a slash command. */
function readBody(request: FastifyRequest, raw: string): Record<string, unknown> | undefined {
  try {
    if (!String(request.headers["content-type"]).startsWith("application/x-www-form-urlencoded"))
      return Body.parse(JSON.parse(raw));
    const form = Object.fromEntries(new URLSearchParams(raw));
    return Body.parse(form["payload"] === undefined ? form : JSON.parse(form["payload"]));
  } catch {
    return undefined;
  }
}
