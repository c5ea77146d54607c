import type { Beats } from "../../domain/alerts/own-beat.ts";
import type { Http } from "./http.ts";
import { take } from "./reading.ts";

/** Calls addresses by GET; what they answer besides that it went well is of no account. */
export function createBeats(http: Http): Beats {
  return {
    send: (to, deadlineMs) =>
      take(async () => {
        await http.send({ backend: "heartbeat", url: to, deadlineMs });
        return { value: true };
      }),
  };
}
