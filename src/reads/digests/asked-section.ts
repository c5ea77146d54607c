import type { Routing } from "../../domain/alerts/routing.ts";
import type { SystemPorts } from "../../domain/commands/command.ts";
import type { SectionOptions } from "../../domain/digests/digest.ts";
import type { DigestLine, FoundSection, UnreadSection } from "../../domain/digests/section.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import type { System } from "../../domain/systems/system.ts";
import type { StatePorts } from "../system-state.ts";

/** What a digest is made from. */
export interface DigestPorts extends Pick<StatePorts, "alerts"> {
  readonly store: Store;
  readonly systems: Pick<
    SystemPorts,
    "health" | "metrics" | "logs" | "planner" | "portfolios" | "queries" | "certificates"
  >;
  readonly routing: Routing;
  readonly policy: Policy;
}

/** A stretch of time in ms, its end not in it. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** One section that is to be made. */
export interface AskedSection extends Stretch {
  readonly options: SectionOptions;
  /** The systems that it is about. */
  readonly systems: readonly System[];
  readonly zone: string;
  /** The time of the digest before, and the same time a week earlier where that is another. */
  readonly before: Stretch;
  readonly weekAgo: Stretch | undefined;
  /** Since when Wardroom has a record of its own, ms. */
  readonly recordedSince: number;
}

/** One kind of section. */
export interface DigestSection {
  readonly title: string;
  /** Throws what keeps it from being read as a whole. */
  find(asked: AskedSection, ports: DigestPorts): Promise<FoundSection | UnreadSection>;
}

/** The one system of a section that is about one. */
export function onlySystem({ systems }: AskedSection): System {
  const [system] = systems;
  if (!system) throw new Error("its system is no longer there");
  return system;
}

/** A line of a system, which bears its name where others stand beside it. */
export function lineOf({ systems }: AskedSection, system: Pick<System, "title">, line: DigestLine): DigestLine {
  return systems.length === 1 ? line : { ...line, text: `${system.title}: ${line.text}` };
}

/** Something that could not be read is unknown: its line says why. */
export function unreadLine(what: string, why: string): DigestLine {
  return { text: `${what}: unavailable, ${why}`, tone: "unknown" };
}
