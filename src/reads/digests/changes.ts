import { askedWords, isOpen, isWaiting, standingApprovals } from "../../domain/approvals/request.ts";
import type { DigestLine } from "../../domain/digests/section.ts";
import { ownSystemId } from "../../domain/systems/own-system.ts";
import { zonedAt } from "../../domain/text/moment.ts";
import { span } from "../../domain/text/quantities.ts";
import { type ListedRequest, openRequests, requestsOfSystemSince } from "../../records/request.ts";
import type { AskedSection, DigestSection } from "./asked-section.ts";

/** What was asked for, by whom, who agreed and how long that took, how it ended; and what waits for somebody. */
export const changesSection: DigestSection = {
  title: "Changes and requests",
  async find(asked, { store }) {
    const ids = [...asked.systems.map(({ id }) => id), ownSystemId];
    const [since, open] = await Promise.all([
      Promise.all(ids.map((id) => requestsOfSystemSince(store, id, asked.from))),
      openRequests(store),
    ]);
    const own = ({ sealed }: ListedRequest): boolean =>
      sealed.system !== ownSystemId || sealed.concerns === undefined || ids.includes(sealed.concerns);
    const all = since
      .flat()
      .filter((each) => own(each) && each.request.openedAt < asked.to)
      .toSorted((a, b) => a.request.openedAt - b.request.openedAt);
    const waiting = open.found.filter((each) => ids.includes(each.sealed.system) && own(each));
    const count = (states: readonly string[]): number =>
      all.filter(({ request }) => states.includes(request.state)).length;
    return {
      source: "Wardroom's own record",
      asOf: asked.to,
      isPartial: open.unreadable.length > 0,
      figures: [
        { id: "asked", title: "asked for", value: all.length, unit: "" },
        { id: "done", title: "done", value: count(["SUCCEEDED"]), unit: "" },
        { id: "failed", title: "failed", value: count(["FAILED", "PARTIAL"]), unit: "" },
        { id: "open", title: "open", value: waiting.length, unit: "" },
      ],
      attention: waiting.map((each) => openLine(asked, each)),
      lines: [
        ...waiting.map((each) => openLine(asked, each)),
        ...all.filter(({ request }) => !isOpen(request.state)).map((each) => endedLine(asked, each)),
      ],
    };
  },
};

function what({ request, sealed }: ListedRequest): string {
  return `${askedWords(sealed, sealed.systemTitle)} (${request.code})`;
}

function openLine({ to }: AskedSection, each: ListedRequest): DigestLine {
  const { request, sealed } = each;
  const left = sealed.decideBy - to;
  const by = `asked by ${sealed.requester.name} ${span(to - request.openedAt)} ago`;
  if (request.state === "PENDING")
    return { text: `Decide: ${what(each)}, ${by}${left > 0 ? `, expires in ${span(left)}` : ""}`, tone: "warning" };
  const stands = isWaiting(request.state)
    ? "waits to begin"
    : request.state === "EXECUTING"
      ? "is running"
      : "needs people to say how it ended";
  return { text: `${what(each)} ${stands}, ${by}`, tone: request.state === "EXECUTING" ? "neutral" : "bad" };
}

function endedLine({ zone }: AskedSection, each: ListedRequest): DigestLine {
  const { request, sealed } = each;
  const at = zonedAt(request.openedAt, zone).toPlainTime().toString({ smallestUnit: "minute" });
  const approvals = standingApprovals(request);
  const last = approvals.at(-1);
  const agreed =
    last === undefined
      ? ""
      : `, approved by ${approvals.map(({ name }) => name).join(" and ")} after ${span(last.at - request.openedAt)}`;
  const isBad = request.state === "FAILED" || request.state === "PARTIAL";
  return {
    text: `${at} ${sealed.requester.name}: ${what(each)}${agreed}, ${outcome(request.state)}, in all ${span(request.stateAt - request.openedAt)}`,
    ...(isBad && { tone: "bad" as const }),
  };
}

function outcome(state: string): string {
  return state === "SUCCEEDED" ? "done" : state.toLowerCase();
}
