import { expect, it } from "vitest";
import {
  heardStep,
  type Life,
  type Listening,
  lifeStep,
  listeningStep,
} from "../../../src/domain/alerts/sign-of-life.ts";

const minute = 60_000;
const job = { id: "heartbeat nightly", withinMs: 10 * minute };

/** Rounds a quarter of a minute apart, with what happens at some minutes: it is heard of, or nobody listens from then on. */
function course(minutes: number, happens: Readonly<Record<number, "heard" | "deaf" | "back">>) {
  let life: Life | undefined;
  let listening: Listening | undefined;
  let isDeaf = false;
  const overdue: number[] = [];
  for (let at = 0; at <= minutes; at += 0.25) {
    const now = 1_000 + at * minute;
    const what = happens[at];
    if (what === "deaf" || what === "back") isDeaf = what === "deaf";
    if (isDeaf) continue;
    if (what === "heard") life = heardStep(life, job.id, now);
    listening = listeningStep(listening, now);
    life = lifeStep(life, job, { now, listeningSince: listening.since });
    if (life.overdueSince !== undefined && Number.isInteger(at)) overdue.push(at);
  }
  return overdue;
}

it.each<[string, Parameters<typeof course>, readonly number[]]>([
  ["that calls in its time is not overdue", [24, { 0: "heard", 9: "heard", 18: "heard" }], []],
  ["that has not called in its time is overdue until it calls", [14, { 0: "heard", 13: "heard" }], [11, 12]],
  ["that never called is overdue from when it is awaited", [12, {}], [11, 12]],
  [
    "that nobody could hear is not overdue before it had its time again",
    [22, { 0: "heard", 5: "deaf", 12: "back" }],
    [],
  ],
  ["that nobody could hear is overdue once it had its time again", [23, { 0: "heard", 5: "deaf", 12: "back" }], [23]],
  [
    "that is overdue stays so over a time in which nobody listened",
    [16, { 0: "heard", 12: "deaf", 15: "back" }],
    [11, 15, 16],
  ],
  ["is heard also over a short break", [12, { 0: "heard", 5: "deaf", 5.5: "back" }], [11, 12]],
])("a job %s", (_, given, overdue) => {
  expect(course(...given)).toEqual(overdue);
});
