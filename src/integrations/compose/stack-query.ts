import { z } from "zod";
import type { QueryAsked, QueryTable } from "../../domain/systems/queries.ts";
import type { Taken } from "../../domain/systems/reading.ts";
import type { StackRounds } from "./rounds.ts";
import { ofStack } from "./stack.ts";

/** Its containers, as `docker compose ps --all` tells of them. */
export const ComposeQuery = z.strictObject({ compose: ofStack({ ps: z.strictObject({}) }) });

/** A row for each container of its services. Throws BackendError. */
export async function containerTable(
  rounds: StackRounds,
  { compose: asked }: z.output<typeof ComposeQuery>,
  look: QueryAsked,
): Promise<Taken<QueryTable>> {
  const all = await rounds.containers(asked, look);
  const sorted = all.toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  return {
    value: {
      columns: ["service", "container", "state", "health", "image", "since"].map((name) => ({ name })),
      rows: sorted
        .slice(0, look.rows)
        .map(({ service, name, state, health, image, status }) => [
          service,
          name,
          state,
          health === "" ? null : health,
          image,
          status,
        ]),
      more: sorted.length > look.rows,
    },
  };
}
