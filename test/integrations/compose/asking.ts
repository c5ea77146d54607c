import { z } from "zod";
import type { LogQuery, LogResult } from "../../../src/domain/systems/logs.ts";
import type { PlanValues } from "../../../src/domain/systems/placeholders.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import type { StepOutcome } from "../../../src/domain/systems/steps.ts";
import type { System } from "../../../src/domain/systems/system.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createLists } from "../../../src/integrations/lists.ts";
import { createLogs } from "../../../src/integrations/logs.ts";
import { createMetrics } from "../../../src/integrations/metrics.ts";
import { createQueries } from "../../../src/integrations/queries.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { createStepRunner } from "../../../src/integrations/steps.ts";
import { backends, OperationFile, planner } from "../../fakes/backends.ts";
import type { ComposeStack } from "../../fakes/compose-stack.ts";
import { systemWith } from "../systems.ts";

export type Connected = Pick<ComposeStack, "connection">;

/** The same stack, reached otherwise. */
export function onStack({ connection }: Connected, other: Partial<ComposeStack["connection"]>): Connected {
  return { connection: { ...connection, ...other } };
}

/** Plain JSON, as a file holds it. */
function written({ connection }: Connected, asked: object): z.core.util.JSONType {
  return z.json().parse(JSON.parse(JSON.stringify({ ...connection, ...asked })));
}

function valueOf<Value>(reading: Reading<Value> | undefined): Value | string | undefined {
  return reading?.ok ? reading.value : reading?.detail;
}

/** What a plan would read of a stack; in words where it cannot be read. */
export async function readOf(stack: Connected, asked: object): Promise<unknown> {
  return valueOf(await createReads(backends).read("logos", { kind: "compose", spec: written(stack, asked) }));
}

export async function countsOf(stack: Connected): Promise<unknown> {
  return readOf(stack, { counts: {} });
}

/** What a system's file may ask of a stack, and the answer; in words where there is none. */
export function systemOn(stack: Connected) {
  const compose = (asked: object): object => ({ compose: written(stack, asked) });
  const source = (asked: object) => ({ compose: written(stack, asked) });
  const system = (parts: object): System => systemWith(parts);
  const checks = createHealthChecks({ backends });
  return {
    async health(asked: object, timeout = "20s"): Promise<unknown> {
      const { components } = await checks.check(system({ health: [{ id: "it", timeout, ...compose(asked) }] }));
      return valueOf(components[0]?.reading);
    },
    async fact(asked: object): Promise<unknown> {
      const { facts } = await checks.check(system({ facts: [{ id: "it", title: "It", ...compose(asked) }] }));
      return valueOf(facts[0]?.reading);
    },
    identity: async (asked: object) => checks.identify(system({ identity: compose(asked) })),
    async metric(asked: object): Promise<unknown> {
      const metrics = [{ id: "it", title: "It", source: source(asked) }];
      const [read] = await createMetrics({ backends }).read(system({ metrics }));
      return valueOf(read?.reading);
    },
    async list(list: "services" | "volumes"): Promise<unknown> {
      const lists = { it: { title: "It", ...compose({ list }) } };
      return valueOf(await createLists(backends).read(system({ lists }), "it"));
    },
    logs: async (asked: object, query: Partial<LogQuery> = {}): Promise<LogResult> =>
      createLogs(backends).search(system({ logs: [{ id: "all", ...compose(asked) }] }), {
        source: "all",
        from: Date.now() - 600_000,
        to: Date.now() + 60_000,
        limit: 20,
        deadlineMs: 20_000,
        ...query,
      }),
    async table() {
      const queries = [{ id: "ps", title: "Containers", timeout: "20s", ...compose({ ps: {} }) }];
      const of = system({ queries });
      const [query] = of.queries;
      if (!query) throw new Error("there is no query");
      return (await createQueries(backends).read(of, query, {})).value;
    },
  };
}

/** A step as a file writes it, planned with these values, and carried out or looked up. */
export async function doStep(
  stack: Connected,
  asked: object,
  values: PlanValues = {},
  how: "run" | "probe" | { readonly begunMsAgo: number } = "run",
): Promise<StepOutcome> {
  const step = { id: "it", title: "It", compose: written(stack, asked) };
  const operation = OperationFile.parse({ summary: "Try", risk: "change", steps: [step] });
  const [planned] = planner.plan(operation, values).steps;
  if (!planned) throw new Error("there is no step");
  const runner = createStepRunner(backends);
  if (how === "run") return runner.run(planned, { key: "key", elapsedMs: 0 });
  return runner.probe(planned, "key", how === "probe" ? undefined : how.begunMsAgo);
}
