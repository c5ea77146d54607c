import type { Command } from "../../domain/commands/command.ts";
import type { DeliveryContent } from "../../domain/commands/delivery-content.ts";
import { readsAnywhere, type Viewer } from "../../domain/people/viewer.ts";
import { plainWords, spokenNamesOf } from "../language/spoken-line.ts";
import { readContent } from "./accept.ts";
import type { DeliveryPorts } from "./ports.ts";
import type { Routed } from "./route.ts";

interface Typed {
  readonly content: DeliveryContent;
  readonly routed: Routed;
  readonly viewer: Viewer;
}

/**
 * What was typed, read by somebody who knows of no system that the viewer may see nowhere: its name is a word like any that names
 * nothing, or how a line is read would tell that there is one.
 */
export async function asSeen(ports: DeliveryPorts, { content, routed, viewer }: Typed): Promise<Routed> {
  if (content.kind !== "text" || !viewer.person) return routed;
  const unseen = ports.world.systems.all().filter(({ id }) => !readsAnywhere(viewer, id));
  const words = plainWords(content.text).flatMap((word) => [word, ...word.split(/[-_.]/)]);
  if (!unseen.some((system) => spokenNamesOf(system).some((name) => words.includes(name)))) return routed;
  const ids = new Set(unseen.map(({ id }) => id));
  return readContent({ ...ports, commands: ports.commands.map((command) => without(command, ids)) }, content);
}

function without(command: Command, ids: ReadonlySet<string>): Command {
  const { stops, typedAlone, systemField = "" } = command;
  if (!stops && !typedAlone) return command;
  return {
    ...command,
    ...(stops && { stops: stops.filter(({ names }) => !names.some((name) => ids.has(name))) }),
    ...(typedAlone && {
      typedAlone: new Map(
        [...typedAlone].flatMap(([name, askings]) => {
          const left = askings.filter(({ args }) => !ids.has(args[systemField] ?? ""));
          return left.length > 0 ? [[name, left] as const] : [];
        }),
      ),
    }),
  };
}
