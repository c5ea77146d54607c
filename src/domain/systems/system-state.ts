import type { ActiveAlert } from "../alerts/alert.ts";
import type { ComponentHealth, FactReading } from "./health.ts";
import type { Reading } from "./reading.ts";
import type { System } from "./system.ts";

/** What a system showed when it was asked: its checks, its facts and its alert sources. */
export interface SystemState {
  readonly system: System;
  readonly components: readonly ComponentHealth[];
  readonly facts: readonly FactReading[];
  readonly alerts: readonly { readonly source: string; readonly reading: Reading<readonly ActiveAlert[]> }[];
}

/** Its alerts that fire, as far as their sources could be read. */
export function activeIn({ alerts }: Pick<SystemState, "alerts">): readonly ActiveAlert[] {
  return alerts.flatMap(({ reading }) => (reading.ok ? reading.value : []));
}
