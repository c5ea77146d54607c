import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { acceptTold } from "../acts/alerts/accept-told.ts";
import { toldIn } from "../domain/alerts/posted-mapping.ts";
import { parsedJson } from "../domain/alerts/reported-alert.ts";
import { recordTime } from "../log-search/time.ts";
import { noJson } from "./answer.ts";
import type { LiveSender } from "./authenticate.ts";
import { openBearerDoor } from "./bearer-door.ts";
import { type BodyLimits, BodyReader } from "./read-body.ts";
import type { WebhookPorts } from "./webhook-ports.ts";

/** What is mapped is read at once, so that one body is not to hold the others up. */
const mappedLimits: BodyLimits = { mostBytes: 1_048_576, mostHeld: 16 * 1_048_576, withinMs: 25_000 };

const Source = z.object({ source: z.string() });

/** Takes what is posted in a form of its sender's own at `/webhooks/generic/<id of the sender>`, and reads it by the sender's map. */
export function registerGeneric(scope: FastifyInstance, ports: WebhookPorts, refused: () => void): void {
  openBearerDoor(scope, ports, refused, {
    path: "/webhooks/generic/:source",
    kind: "generic",
    reader: new BodyReader({ ...mappedLimits, ...ports.limits }),
    of: ({ params }) => Source.parse(params).source,
    tooLarge: "post fewer alerts at once",
    async keep(posted, sender) {
      const read = readBy(sender, posted.text);
      return "told" in read ? acceptTold(ports.store, posted, read.told) : read;
    },
  });
}

function readBy({ map }: LiveSender, text: string): ReturnType<typeof toldIn> {
  const parsed = parsedJson(text);
  if (parsed === undefined || map === undefined) return { unusable: noJson };
  return toldIn(parsed, map, recordTime);
}
