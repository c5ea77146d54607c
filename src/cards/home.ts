import type { Firing } from "../domain/alerts/firing.ts";
import { askedWords, type Request, type Sealed, standingWords } from "../domain/approvals/request.ts";
import { lapsesAt } from "../domain/approvals/request-rules.ts";
import type { Incident } from "../domain/incidents/incident.ts";
import {
  type Block,
  type Card,
  type CardAction,
  type ListItem,
  mostButtons,
  type Tone,
} from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { span } from "../domain/text/quantities.ts";
import type { UnreadableRecord } from "../domain/unreadable.ts";
import { firingItems, firingTitle, firingTone } from "./alerts.ts";
import { incidentItem } from "./incident.ts";
import { unreadableBlocks } from "./unreadable.ts";

interface OpenRequest {
  readonly request: Request;
  readonly sealed: Sealed;
}

/** What waits for somebody, and what is on fire. */
interface HomeView {
  /** That the files of the configuration cannot be used, in words. */
  readonly files: string | undefined;
  readonly firing: Firing;
  /** Requests that this person could decide on. */
  readonly yours: readonly OpenRequest[];
  /** Requests whose outcome is open, that this person could say how they ended, from a moment on. */
  readonly toSettle: readonly (OpenRequest & { readonly from: number })[];
  readonly others: readonly OpenRequest[];
  readonly incidents: readonly Incident[];
  /** Requests and incidents that cannot be read, which may wait for anybody. */
  readonly unreadable: readonly UnreadableRecord[];
}

/** What waits for the reader first, then what fires and what is open besides. */
export function homeCard(view: HomeView, now: number): Card {
  const { files, firing, yours, toSettle, others, incidents, unreadable } = view;
  // Nothing waits for anybody while somebody may still be acting for it.
  const unsettled = toSettle.filter(({ from }) => from <= now);
  const early = toSettle.filter(({ from }) => from > now);
  const waiting = [...yours, ...unsettled];
  return {
    tone: toneOf(firing, waiting.length + unreadable.length),
    title: titleOf(firing, waiting.length === 0 ? nothingFor(unreadable) : `${waiting.length} waiting for you`),
    summary: `${firingTitle(firing)}.`,
    blocks: [
      ...(files === undefined ? [] : [{ kind: "text" as const, text: files, tone: "warning" as const }]),
      ...unreadableBlocks(unreadable),
      ...section(
        "Waiting for your decision",
        yours.map((each) => requestItem(each, now)),
      ),
      ...section(
        "Waiting to be settled: look, and say how it ended",
        unsettled.map((each) => unsettledItem(each, now)),
      ),
      ...section("Firing", firingItems(firing, now)),
      ...section(
        "Incidents",
        incidents.map((each) => incidentItem(each, now)),
      ),
      ...section("Open besides", [
        ...early.map((each) => earlyItem(each, now)),
        ...others.map((each) => requestItem(each, now)),
      ]),
    ],
    actions: waiting.slice(0, mostButtons).map(showAction),
  };
}

/** What is critical leads: a phone shows the beginning of a title alone. */
function titleOf(firing: HomeView["firing"], waits: string): string {
  return firing.alerts.some(({ severity }) => severity === "critical") ? `${firingTitle(firing)}; ${waits}` : waits;
}

function nothingFor(unreadable: readonly UnreadableRecord[]): string {
  return unreadable.length === 0 ? "Nothing waits for you" : "Nothing that can be read waits for you";
}

function requestItem({ request, sealed }: OpenRequest, now: number): ListItem {
  const until = lapsesAt(request, sealed);
  const left = until === undefined ? "" : `, ${span(Math.max(0, until - now))} left`;
  return {
    text: `${request.code}: ${askedWords(sealed, sealed.systemTitle)}, ${standingWords(request)}, asked by ${sealed.requester.name}${left}`,
    tone: "warning",
  };
}

function unsettledItem(open: OpenRequest, now: number): ListItem {
  const { text } = requestItem(open, now);
  const how = `confirm settle ${open.request.code} succeeded or failed, with evidence:"what you saw"`;
  return { text: `${text}. ${how}`, tone: "unknown" };
}

function earlyItem(open: OpenRequest & { readonly from: number }, now: number): ListItem {
  const { text } = requestItem(open, now);
  const code = open.request.code;
  return {
    text: `${text}. Wardroom keeps looking; you can settle it from ${clock(open.from, now)} on. Who else: confirm who ${code}`,
    tone: "unknown",
  };
}

function showAction({ request }: OpenRequest): CardAction {
  return { label: `Show ${request.code}`, command: "confirm show", args: { request: request.id } };
}

function section(title: string, items: readonly ListItem[]): Block[] {
  return items.length === 0
    ? []
    : [
        { kind: "text", text: title },
        { kind: "list", items },
      ];
}

function toneOf(firing: Firing, waiting: number): Tone {
  const tone = firingTone(firing);
  return tone === "good" && waiting > 0 ? "warning" : tone;
}
