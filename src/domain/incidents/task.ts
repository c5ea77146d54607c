import type { Someone } from "./incident.ts";

/** Something to be done in an incident, or because of it: remembered until it is. */
export interface IncidentTask {
  readonly incident: number;
  /** Counted within its incident, from 1. */
  readonly number: number;
  readonly text: string;
  readonly owner: Someone;
  readonly at: number;
  /** By when, store time in ms. */
  readonly due?: number;
  readonly doneAt?: number;
}

/** What people type to name a task: `3.2`, the second of incident 3. */
export function taskCode({ incident, number }: Pick<IncidentTask, "incident" | "number">): string {
  return `${incident}.${number}`;
}

/** The task that a code names; undefined where it is none. */
export function readTaskCode(code: string): Pick<IncidentTask, "incident" | "number"> | undefined {
  const [, incident, number] = /^(\d{1,9})\.(\d{1,4})$/.exec(code.trim()) ?? [];
  return incident === undefined ? undefined : { incident: Number(incident), number: Number(number) };
}
