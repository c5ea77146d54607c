import { z } from "zod";
import { Id } from "../people/person.ts";
import { HttpConnection } from "../systems/http-connection.ts";
import { Url } from "../systems/values.ts";
import { Duration } from "../text/duration.ts";
import { PostedMap } from "./posted-mapping.ts";

/**
 * The forms in which alerts come. Grafana's contact points of type webhook send Alertmanager's, with more in it; `pagerduty` is the
 * Events API v2, which most tools can speak, and `generic` a form of the sender's own, which its map says how to read.
 */
export const senderKinds = ["alertmanager", "grafana", "pagerduty", "generic"] as const;
export type SenderKind = (typeof senderKinds)[number];

/** Where a credential is, never the credential. */
export const TokenReference = z.string().regex(/^env:[A-Za-z_]\w*$/, "say where the token is: env:NAME");

/** Something that posts its alerts to the bot, and how it proves that it is that. */
export const AlertSender = z.strictObject({
  id: Id,
  /** Whose form its batches have; they go to `/webhooks/<kind>`, of kind `generic` to `/webhooks/generic/<id>`. */
  kind: z.enum(senderKinds).default("alertmanager"),
  /** The system that its alerts are of, where no label `system` names one. */
  system: Id,
  auth: z.strictObject({
    /**
     * One token, or two while one takes the place of the other: sent as a bearer token, or as the password of `user`; of kind
     * `pagerduty` as the routing key of each event.
     */
    tokens: z.array(TokenReference).min(1).max(2),
    /** The user name of basic authentication, which is taken from no sender without one. */
    user: z.string().min(1).max(100).optional(),
  }),
  /** Of kind `generic`: how what it posts is read as alerts. */
  map: PostedMap.optional(),
  /** Where Alertmanager's API v2 is, so that what was posted and lost is found; it is not asked when left out. */
  api: z
    .strictObject({
      /** Every Alertmanager of the cluster, each by its own address. */
      peers: z
        .array(z.union([Url, HttpConnection]))
        .min(1)
        .max(8),
      /** Only alerts that Alertmanager sends to this receiver are taken in; all that fire when left out. */
      receiver: z.string().min(1).max(200).optional(),
      /** For so long after one of them was started nothing is over that it does not have: longer than rules are evaluated and alerts sent again. */
      settle: Duration.prefault("10m"),
    })
    .optional(),
});
export type AlertSender = z.output<typeof AlertSender>;

/** What the alerts of a sender are told to be from. */
export function postedBy(sender: string): string {
  return `posted by ${sender}`;
}
