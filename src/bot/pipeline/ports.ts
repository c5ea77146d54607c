import type { CommandPorts, WorldPorts } from "../../domain/commands/command.ts";
import type { Configuration } from "../../domain/commands/configuration.ts";
import type { Log } from "../../domain/log.ts";
import type { Meter } from "../../domain/meter.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { SurfaceTraits } from "../../domain/people/surface.ts";

export interface PipelinePorts {
  readonly current: () => Configuration;
  /** Everything a command reaches the world through, but what is asked anew for each invocation: policy and configuration. */
  readonly world: WorldPorts;
  readonly policyInForce: () => Promise<Policy>;
  /** Every surface there is. */
  readonly surfaces: readonly SurfaceTraits[];
  readonly log: Log;
  readonly meter: Meter;
}

/** The ports for one delivery: it goes by one configuration from its first word to its answer. */
export interface DeliveryPorts
  extends Omit<PipelinePorts, "current" | "world">,
    Pick<Configuration, "commands" | "catalogue"> {
  readonly world: WorldPorts & Pick<CommandPorts, "systems" | "routing" | "posts" | "digests" | "incidents">;
}

export function portsNow({ current, world, ...rest }: PipelinePorts): DeliveryPorts {
  const { commands, catalogue, systems, routing, posts, digests, incidents } = current();
  return {
    ...rest,
    commands,
    catalogue,
    world: { ...world, routing, posts, digests, incidents, systems: { ...world.systems, ...systems } },
  };
}
