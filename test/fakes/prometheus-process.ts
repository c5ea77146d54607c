import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./server-process.ts";

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
  let address = "";
  const server = await startServer("prometheus", {
    args: [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=10y",
      "--web.listen-address=127.0.0.1:0",
      "--query.max-samples=20000",
    ],
    output: "stderr",
    ready(line) {
      address = /msg="Listening on" address=(\S+)/.exec(line)?.[1] ?? address;
      return line.includes("Server is ready to receive web requests") ? `http://${address}` : undefined;
    },
  });
  return {
    url: server.found,
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
