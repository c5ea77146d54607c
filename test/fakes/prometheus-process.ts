import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A real Prometheus on a free loopback port, with its own folder. */
export interface PrometheusProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * It scrapes nothing: what it knows is `history`, as OpenMetrics text, because a first scrape would take it five seconds.
 * `rules` are the groups of a rules file.
 */
export async function startPrometheus(history: string, rules: object = { groups: [] }): Promise<PrometheusProcess> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-prometheus-"));
  const data = join(folder, "data");
  writeFileSync(join(folder, "history"), history);
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", join(folder, "history"), data]);
  // JSON is YAML.
  writeFileSync(join(folder, "rules.yml"), JSON.stringify(rules));
  const config = { global: { evaluation_interval: "100ms" }, rule_files: [join(folder, "rules.yml")] };
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config));
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=10y",
      "--web.listen-address=127.0.0.1:0",
      "--query.max-samples=20000",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const end = (): unknown => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const url = await new Promise<string>((resolve, reject) => {
    const lines: string[] = [];
    let address = "";
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      address = /msg="Listening on" address=(\S+)/.exec(line)?.[1] ?? address;
      if (line.includes("Server is ready to receive web requests")) resolve(`http://${address}`);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`prometheus ended: ${lines.join("\n")}`)));
  });
  return {
    url,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
