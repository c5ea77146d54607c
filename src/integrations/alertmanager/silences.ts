import { z } from "zod";
import { matcherOf, showMatcher } from "../../domain/alerts/matcher.ts";
import type { PeerLook, PeerSilence, SilencePeers } from "../../domain/alerts/mirrored-silence.ts";
import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import type { AlertPeer } from "../../domain/alerts/reconcile.ts";
import { instantOf } from "../../domain/alerts/reported-alert.ts";
import { stamp } from "../../domain/text/moment.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Http } from "../wire/http.ts";
import { take } from "../wire/reading.ts";
import { askedOf, peerNonsense, peerPath, peerStatus, readAs } from "./ask.ts";

const Silence = z.object({
  id: z.string().min(1).max(200),
  status: z.object({ state: z.enum(["active", "pending", "expired"]) }),
  matchers: z.array(
    z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().default(true) }),
  ),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});
const Made = z.object({ silenceID: z.string().min(1).max(200) });

/** Longer comments are cut, in characters. */
const longestComment = 500;

/** Silences that hold there, or are to, and those that are over. Throws BackendError. */
export async function peerSilences(
  http: Http,
  peer: AlertPeer,
  look: PeerLook,
): Promise<{ readonly holding: readonly PeerSilence[]; readonly ended: readonly PeerSilence[] }> {
  const url = peerPath(peer, "/api/v2/silences");
  const listed = readAs(
    z.array(Silence),
    await askedOf(http, { backend: look.system, url, deadlineMs: look.deadlineMs }),
  );
  const read = listed.map(({ id, status, matchers, startsAt, endsAt, createdBy, comment }) => {
    const [from, until] = [instantOf(startsAt), instantOf(endsAt)];
    if (!from || !until) throw peerNonsense(url, "answered with a silence whose times are none");
    const match = `{${matchers.map(conditionOf).map(redact).join(", ")}}`;
    const said = { by: redact(createdBy).slice(0, longestComment), comment: redact(comment).slice(0, longestComment) };
    const silence = { id, match, from: from.epochMilliseconds, until: until.epochMilliseconds, ...said };
    return { silence, isOver: status.state === "expired" };
  });
  const those = (over: boolean) => read.filter(({ isOver }) => isOver === over).map(({ silence }) => silence);
  return { holding: those(false), ended: those(true) };
}

/** As it is written, also where its pattern is one that only Alertmanager reads. */
function conditionOf({ name, value, isRegex, isEqual }: z.output<typeof Silence>["matchers"][number]): string {
  const operator = isRegex ? (isEqual ? "=~" : "!~") : isEqual ? "=" : "!=";
  return showMatcher({ ...matcherOf(name, "=", value), operator });
}

/** Makes and ends silences by Alertmanager's API v2. */
export function createSilencePeers(http: Http): SilencePeers {
  return {
    put: (peer, { mark, ...silence }, look) =>
      take(async () => {
        const until = performance.now() + look.deadlineMs;
        const { uptime: startedAt } = await peerStatus(http, peer, look);
        const standing = await find(http, peer, look, { mark });
        if (standing) return { value: { id: standing.id, startedAt } };
        const { matchers } = readMatchers(silence.match);
        const json = {
          matchers: matchers.map(({ label, operator, value }) => ({
            name: label,
            value,
            isRegex: operator.endsWith("~"),
            isEqual: operator.startsWith("="),
          })),
          startsAt: stamp(silence.from),
          endsAt: stamp(silence.until),
          createdBy: silence.by,
          comment: `${silence.comment} ${mark}`,
        };
        const url = peerPath(peer, "/api/v2/silences");
        const deadlineMs = Math.max(1, until - performance.now());
        const made = await askedOf(http, { backend: look.system, url, deadlineMs, method: "POST", json });
        return { value: { id: readAs(Made, made).silenceID, startedAt } };
      }),
    end: (peer, of, look) =>
      take(async () => {
        const until = performance.now() + look.deadlineMs;
        const standing = await find(http, peer, look, of);
        if (!standing) return { value: true };
        const url = peerPath(peer, `/api/v2/silence/${encodeURIComponent(standing.id)}`);
        const deadlineMs = Math.max(1, until - performance.now());
        await http.send({ backend: look.system, url, method: "DELETE", deadlineMs });
        return { value: true };
      }),
  };
}

async function find(
  http: Http,
  peer: AlertPeer,
  look: PeerLook,
  { id, mark }: { readonly id?: string | undefined; readonly mark?: string },
): Promise<PeerSilence | undefined> {
  const { holding } = await peerSilences(http, peer, look);
  return holding.find((each) => each.id === id || (mark !== undefined && each.comment.endsWith(mark)));
}
