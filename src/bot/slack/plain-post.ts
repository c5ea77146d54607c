import { exchange } from "../../http/exchange.ts";

/** Nothing that Slack says to such a call is needed but its status. */
const answerBytes = 64 * 1_024;

/** Posts to an address that Slack gave for one thing, beside its Web API. Answers the status; undefined when none came in time. */
export async function plainPost(
  address: string,
  sent: { readonly body: string | Uint8Array; readonly type: string; readonly withinMs: number },
): Promise<number | undefined> {
  if (!URL.canParse(address)) return undefined;
  const answer = await exchange({
    url: new URL(address),
    method: "POST",
    headers: { "content-type": sent.type },
    body: sent.body,
    deadlineMs: sent.withinMs,
    maxBytes: answerBytes,
  });
  return answer.kind === "answered" ? answer.status : undefined;
}
