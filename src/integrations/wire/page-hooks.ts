import type { PageHooks } from "../../domain/escalation/page.ts";
import type { Http } from "./http.ts";
import { take } from "./reading.ts";

/** Posts pages as JSON; what a service answers besides that it took one is of no account. */
export function createPageHooks(http: Http): PageHooks {
  return {
    post: (to, body, deadlineMs) =>
      take(async () => {
        const headers = { "idempotency-key": body["key"] ?? "" };
        await http.send({ backend: "page-hook", url: to, method: "POST", headers, json: body, deadlineMs });
        return { value: true };
      }),
  };
}
