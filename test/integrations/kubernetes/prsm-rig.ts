import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { startKubernetes } from "../../../demo/kubernetes/start.ts";
import { createRandom } from "../../../demo/random.ts";
import { demoVariables } from "../../../demo/variables.ts";
import { type Planned, plan } from "../../../src/acts/approvals/plan.ts";
import { createBackends } from "../../../src/compose/world.ts";
import type { PlannedStep } from "../../../src/domain/approvals/plan.ts";
import { withConnections } from "../../../src/domain/systems/connections.ts";
import type { ArgumentValues } from "../../../src/domain/systems/placeholders.ts";
import type { StepCall } from "../../../src/domain/systems/steps.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { createLists } from "../../../src/integrations/lists.ts";
import { createPortfolios } from "../../../src/integrations/portfolios.ts";
import { createReads } from "../../../src/integrations/reads.ts";
import { createRehearsals, createStepRunner } from "../../../src/integrations/steps.ts";
import { createHttp } from "../../../src/integrations/wire/http.ts";
import { temporaryFolder } from "../../demo/rig.ts";
import { planner, SystemFile } from "../../fakes/backends.ts";

const shipped = readFileSync(join(import.meta.dirname, "../../../systems/prsm.yaml"), "utf8");

/** PRSM as it is shipped, on the demo's cluster, where time goes by as a test lets it. */
export async function prsm(user: "wardroom" | "viewer" = "wardroom") {
  let now = Date.parse("2026-11-28T03:00:00Z");
  const demo = await startKubernetes({
    port: 0,
    doorPort: 0,
    now: () => now,
    random: createRandom(7),
    isTicking: false,
  });
  onTestFinished(() => demo.stop());
  const kubeconfig = join(await temporaryFolder(), "config");
  demo.writeConfig(kubeconfig, user);
  const variables: Readonly<Record<string, string>> = { ...demoVariables, PRSM_KUBECONFIG: kubeconfig };
  const text = shipped.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => variables[name] ?? name);
  const system = withConnections(SystemFile.parse(parse(text)));
  const backends = createBackends({ http: createHttp() });
  onTestFinished(async () => void (await Promise.all(backends.map(async (each) => each.close?.()))));
  const ports = {
    health: { ...createHealthChecks({ backends }), identify: async () => ({ is: "proven" as const }) },
    lists: createLists(backends),
    portfolios: createPortfolios(backends),
    reads: createReads(backends),
    planner,
    rehearsals: createRehearsals(backends),
  };
  const steps = createStepRunner(backends);
  const planned = async (name: string, values: ArgumentValues) => {
    const operation = system.operations[name];
    if (!operation) throw new Error(`no operation ${name}`);
    return plan(ports, { system, name, operation, arguments: values });
  };
  /** Carries out as many of its steps, all where it is not said; the rest are left undone, as by one that is refused. */
  const carriedOut = async ({ operation, plan: { steps: all } }: Planned, most = all.length) => {
    const outcomes: string[] = [];
    for (const step of all.slice(0, most))
      outcomes.push((await steps.run(step, { key: `key-${operation}-${step.id}`, elapsedMs: 0 })).outcome);
    return outcomes;
  };
  const looked = async (step: PlannedStep | undefined, at: Omit<StepCall, "key"> = { elapsedMs: 0 }) => {
    if (!step) throw new Error("there is nothing to look at");
    return steps.run(step, { key: "key-check", ...at });
  };
  /** What became of its first step is asked after, as where its answer was lost. */
  const lookedUp = async ({ operation, plan: { steps: all } }: Planned) => {
    const [step] = all;
    if (!step) throw new Error("there is nothing to look up");
    return steps.probe(step, `key-${operation}-${step.id}`, 1_000);
  };
  return {
    demo,
    system,
    backends,
    planned,
    carriedOut,
    lookedUp,
    /** Plans it and carries its steps out. */
    done: async (name: string, values: ArgumentValues) => carriedOut(await planned(name, values)),
    /** What undoes it, planned. */
    looked,
    undoing: async ({ plan: { inverse } }: Planned) => planned(inverse?.operation ?? "none", inverse?.arguments ?? {}),
    /** What its first check comes to now. */
    verified: async ({ plan: { verify } }: Planned) => looked(verify[0]),
    checked: async (name: string, values: ArgumentValues, of: "steps" | "verify" = "verify") =>
      (await looked((await planned(name, values)).plan[of][0])).detail,
    /** What one of the two is to run. */
    at: async (service: "api" | "worker") => {
      const spec = { kubeconfig, namespace: "prsm-production", releases: [`prsm-${service}`] };
      const read = await ports.reads.read("prsm", { kind: "kubernetes", spec });
      if (!read.ok) throw new Error(read.detail);
      return z.record(z.string(), z.object({ image: z.string() })).parse(read.value)[`prsm-${service}`]?.image ?? "";
    },
    /** What tells the pod templates of both apart from all others. */
    templates: async () => {
      const spec = { kubeconfig, namespace: "prsm-production", templates: ["prsm-api", "prsm-worker"] };
      const read = await ports.reads.read("prsm", { kind: "kubernetes", spec });
      if (!read.ok) throw new Error(read.detail);
      return z.record(z.string(), z.object({ template: z.string() })).parse(read.value);
    },
    pass: (seconds: number) => {
      now += seconds * 1_000;
      demo.live();
    },
  };
}
