/** The logs of a workload of twenty pods, beside `kubectl logs --prefix` on the same server in the same run. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { createBackends } from "../src/compose/world.ts";
import type { Logs } from "../src/domain/systems/logs.ts";
import type { System } from "../src/domain/systems/system.ts";
import { systemSchema } from "../src/domain/systems/system-file.ts";
import { kubernetesBackend } from "../src/integrations/kubernetes/kubernetes.ts";
import { createLogs } from "../src/integrations/logs.ts";
import { createHttp } from "../src/integrations/wire/http.ts";
import { against, alternating, printRows, rowOf, sameRows, timed } from "./measure.ts";

const pods = 20;
/** Newest lines of each. */
const tail = 200;
const rounds = 15;
const deployment = "prsm-api";

const run = promisify(execFile);

async function benchPodLogs(): Promise<void> {
  const cluster = spawn(process.execPath, [join(import.meta.dirname, "demo-cluster.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const backend = kubernetesBackend();
  try {
    const [said] = await once(cluster.stdout, "data");
    const kubeconfig = String(said).trim();
    const kubectl = async (...args: readonly string[]): Promise<string> => {
      const { stdout } = await run("kubectl", [`--kubeconfig=${kubeconfig}`, ...args], { maxBuffer: 64 << 20 });
      return stdout;
    };
    await kubectl("scale", `deployment/${deployment}`, `--replicas=${pods}`);
    cluster.stdin.write("age\n");
    await once(cluster.stdout, "data");
    const system = systemOn(kubeconfig);
    const logs = createLogs([backend]);
    const theirs = async (): Promise<void> => {
      const text = await kubectl(
        "logs",
        `--selector=app=${deployment}`,
        "--prefix",
        "--timestamps",
        `--tail=${tail}`,
        `--max-log-requests=${pods}`,
      );
      sameRows(text.split("\n").length - 1, pods * tail);
    };
    const ours = async (): Promise<void> => sameRows(await linesOf(logs, system), pods * tail);
    // What kubectl learns of a server it keeps in its cache, and the first question loads what the API is spoken with.
    await theirs();
    const first = await timed(ours);
    const [our = [], their = []] = await alternating(rounds, [ours, theirs]);
    const rival = rowOf("kubectl logs --prefix", their);
    printRows(`Logs of a workload of ${pods} pods, ${tail} lines each, whole answers a second`, [
      rival,
      against(rowOf("logs", our), rival, 1),
      against(rowOf("logs, first question", [first]), rival),
    ]);
  } finally {
    await backend.close?.();
    cluster.stdin.end();
  }
}

async function linesOf(logs: Logs, system: System): Promise<number> {
  const query = { source: "api", from: 0, to: Date.now(), limit: pods * tail, deadlineMs: 60_000 };
  return (await logs.search(system, query)).lines.length;
}

function systemOn(kubeconfig: string): System {
  return systemSchema(createBackends({ http: createHttp() })).parse({
    id: "bench",
    title: "Bench",
    health: [{ id: "none", http: "http://127.0.0.1:1/" }],
    logs: [{ id: "api", kubernetes: { namespace: "prsm-production", kubeconfig, deployment, tail } }],
  });
}

await benchPodLogs();
