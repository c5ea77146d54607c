import { describe, expect, it } from "vitest";
import { type Episode, withReport } from "../../../src/domain/alerts/episode.ts";
import {
  beginningKey,
  looksBeforeOver,
  type PeerAlert,
  type PeerState,
  type Reconciled,
  reconcileStep,
  type SenderLook,
} from "../../../src/domain/alerts/reconcile.ts";
import { type ReportedAlert, reportedAlert } from "../../../src/domain/alerts/reported-alert.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { postedAlert } from "../../fakes/posted-alerts.ts";

const minute = 60_000;
const settleMs = 10 * minute;
const start = Date.UTC(2026, 0, 2);
const startsAt = "2026-01-01T00:00:00.123Z";

function there(more: Partial<PeerAlert> = {}): PeerAlert {
  return {
    fingerprint: "f1",
    startsAt,
    isActive: true,
    receivers: ["wardroom"],
    labels: { alertname: "DiskFull" },
    annotations: {},
    generatorURL: "",
    ...more,
  };
}

function peer(alerts: readonly PeerAlert[], startedAt = "t1", isSettling = false): Reading<PeerState> {
  return { ok: true, value: { startedAt, isSettling, alerts, silences: [], ended: [] }, at: 0, latencyMs: 1 };
}

const unread: Reading<PeerState> = { ok: false, fault: "unreachable", detail: "am:9093: gone", at: 0, latencyMs: 1 };

function reported(more: Record<string, unknown> = {}, at = start - settleMs): ReportedAlert {
  const report = reportedAlert(postedAlert({ fingerprint: "f1", startsAt, ...more }), at);
  if ("unusable" in report) throw new Error(report.unusable);
  return report;
}

/** An episode of `there()` as the sender told of it. */
function episode(more: Record<string, unknown> = {}, at = start - settleMs): Episode {
  return withReport(undefined, reported(more, at), { sender: "am", system: "logos", at, batch: "b" }).episode;
}

const over = { status: "resolved", endsAt: "2026-01-01T01:00:00Z" };

/** Looks one minute apart, after one that has long settled; with what each reported. */
function looks(
  rounds: readonly (readonly Reading<PeerState>[])[],
  on: {
    readonly firing?: readonly Episode[];
    readonly known?: readonly Episode[];
    readonly receiver?: string;
    readonly proven?: boolean;
    readonly addresses?: string;
  } = {},
) {
  const known = new Map((on.known ?? []).map((each) => [beginningKey(each), each]));
  let before: Reconciled | undefined = {
    sender: "am",
    system: "logos",
    peers: (rounds[0] ?? []).map(() => ({ startedAt: "t1", since: start - settleMs })),
    missing: {},
    addresses: "here",
    ...(on.proven !== false && { proven: true }),
  };
  return rounds.map((peers, round) => {
    const look: SenderLook = {
      sender: { id: "am", system: "logos" },
      receiver: on.receiver,
      settleMs,
      at: start + round * minute,
      addresses: on.addresses ?? "here",
      peers,
    };
    const { reports, after } = reconcileStep(before, look, { firing: on.firing ?? [], known });
    before = after;
    return reports.map(({ status, endsAt }) => (status === "resolved" ? `over ${endsAt}` : "fires"));
  });
}

function again<Each>(times: number, each: Each): readonly Each[] {
  return Array.from({ length: times }, () => each);
}

const [none, fires] = [[], ["fires"]];
const isOver = ["over 2026-01-02T00:00:00Z"];

it("what fires there and is not known is taken in, once however many peers say so", () => {
  expect(looks([[peer([there()])]])).toEqual([fires]);
  expect(looks([[peer([there()]), peer([there({ startsAt: "2026-01-01T00:00:00.200Z" })])]])).toEqual([fires]);
  expect(looks([[peer([there()]), unread]])).toEqual([fires]);
  expect(looks([[peer([there()], "started anew")]])).toEqual([fires]);
});

it.each([
  ["is silenced or inhibited there", there({ isActive: false }), {}],
  ["goes to another receiver", there({ receivers: ["mail"] }), { receiver: "wardroom" }],
  ["began less than a minute ago, and may be on its way", there({ startsAt: "2026-01-01T23:59:30Z" }), {}],
  ["fires here", there(), { firing: [episode()] }],
])("what %s is not taken in", (_, alert, on) => {
  expect(looks([[peer([alert])]], on)).toEqual([none]);
});

it("what fires here and is not there is over at the third look in a row, since the first", () => {
  const gone = [peer([])];
  expect(looks([gone, gone, gone], { firing: [episode()] })).toEqual([none, none, isOver]);
  expect(looksBeforeOver).toBe(3);
});

it.each<[string, readonly (readonly Reading<PeerState>[])[]]>([
  ["is there again in between", [[peer([])], [peer([])], [peer([there()])], [peer([])], [peer([])]]],
  ["is suppressed there", again(5, [peer([there({ isActive: false })])])],
  ["another peer has", again(5, [peer([]), peer([there()])])],
  ["another peer may have, which cannot be read", again(5, [peer([]), unread])],
  ["nobody can be asked for", again(5, [unread])],
  ["an Alertmanager that was started anew has not", again(9, [peer([], "t2")])],
  ["a cluster that settles has not", again(9, [peer([], "t1", true)])],
  ["one that is started again and again has not", ["a", "b", "c", "d", "e"].map((each) => [peer([], each)])],
  ["one of two that were started has not", again(9, [peer([]), peer([], "t2")])],
])("nothing is over that %s", (_, rounds) => {
  expect(looks(rounds, { firing: [episode()] }).flat()).toEqual([]);
});

it("a look that fails, or a start, begins no count: what is still missing is over after as many looks as ever", () => {
  const gone = [peer([], "t2")];
  const rounds = [[peer([])], [peer([])], ...again(13, gone)];
  expect(looks(rounds, { firing: [episode()] }).flatMap((each, round) => (each.length > 0 ? [round] : []))[0]).toBe(14);
});

it("what the sender told since it was first missed begins the count anew", () => {
  const gone = [peer([])];
  const told = episode({}, start + 30_000);
  expect(looks([gone, gone, gone], { firing: [told] })).toEqual([none, none, none]);
  expect(looks([gone, gone, gone, gone], { firing: [told] })[3]).toEqual(["over 2026-01-02T00:01:00Z"]);
});

it("what is over here and fires there with the same beginning fires again, once every peer says so", () => {
  const known = [episode(over)];
  expect(looks([[peer([there()]), peer([there()])]], { known })).toEqual([fires]);
  expect(looks([[peer([there()]), peer([])]], { known })).toEqual([none]);
  expect(looks([[peer([there()]), unread]], { known })).toEqual([none]);
  expect(looks([[peer([there()])]], { known: [episode(over, start + 1)] })).toEqual([none]);
});

it("an unread peer is on record since it first was, and nothing of it once it is read", () => {
  const look: SenderLook = {
    sender: { id: "am", system: "logos" },
    settleMs,
    at: start,
    addresses: "here",
    peers: [unread],
  };
  const nothing = { firing: [], known: new Map() };
  const first = reconcileStep(undefined, look, nothing).after;
  const second = reconcileStep(first, { ...look, at: start + minute }, nothing).after;
  expect(second.unread).toEqual({ since: start, fault: "unreachable", detail: "am:9093: gone" });
  expect(reconcileStep(second, { ...look, peers: [peer([])] }, nothing).after).not.toHaveProperty("unread");
});

describe("addresses that are not proven to be the sender's", () => {
  const [gone, ours] = [[peer([])], [peer([there({ fingerprint: "f2" })])]];
  const both = [episode(), episode({ fingerprint: "f2" })];

  it("end nothing until they have listed an alert of which the sender has told", () => {
    expect(looks(again(6, gone), { firing: both, proven: false }).flat()).toEqual([]);
    const rounds = [gone, gone, gone, ours, ours, ours];
    expect(looks(rounds, { firing: both, proven: false }).map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("are so anew once they are others", () => {
    expect(looks(again(6, [peer([], "t1")]), { firing: both, addresses: "elsewhere" }).flat()).toEqual([]);
  });

  it("are not proven by what only looks at them have found", () => {
    const found = withReport(undefined, reported({ fingerprint: "f2" }), {
      sender: "am",
      system: "logos",
      at: start - settleMs,
      batch: "b",
      lookedAt: start - settleMs,
    }).episode;
    expect(looks(again(6, ours), { firing: [episode(), found], proven: false }).flat()).toEqual([]);
  });

  it("are told once they list none of what fires, and no longer once they do", () => {
    const look: SenderLook = {
      sender: { id: "am", system: "logos" },
      settleMs: 0,
      at: start,
      addresses: "a",
      peers: gone,
    };
    const on = { firing: both, known: new Map() };
    const first = reconcileStep(undefined, look, on).after;
    expect(first.foreign).toEqual({ since: start });
    expect(reconcileStep(undefined, look, { ...on, firing: [] }).after).not.toHaveProperty("foreign");
    const second = reconcileStep(first, { ...look, at: start + minute, peers: ours }, on).after;
    expect(second).toMatchObject({ proven: true });
    expect(second).not.toHaveProperty("foreign");
  });
});
