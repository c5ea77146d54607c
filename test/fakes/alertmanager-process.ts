import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A real Alertmanager on a free loopback port, with its own folder. */
export interface AlertmanagerProcess {
  /** Hands it alerts as Prometheus does. */
  fires(alerts: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** It posts to one address, all alerts in one group, told how long it waits for the first and between the next. */
export async function startAlertmanager(
  webhook: { readonly url: string; readonly token: string },
  { wait = "100ms", interval = "1s", repeat = "1h" } = {},
): Promise<AlertmanagerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-alertmanager-"));
  const { url, token } = webhook;
  const config = {
    route: {
      receiver: "bot",
      group_by: ["cluster"],
      group_wait: wait,
      group_interval: interval,
      repeat_interval: repeat,
    },
    receivers: [{ name: "bot", webhook_configs: [{ url, http_config: { authorization: { credentials: token } } }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "alertmanager.yml"), JSON.stringify(config));
  const child = spawn(
    "prometheus-alertmanager",
    [
      `--config.file=${join(folder, "alertmanager.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
      "--cluster.listen-address=",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const end = (): unknown => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  const address = await new Promise<string>((resolve, reject) => {
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      const listening = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      if (listening !== undefined) resolve(`http://${listening}`);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`alertmanager ended: ${lines.join("\n")}`)));
  });
  return {
    async fires(alerts) {
      const answer = await fetch(`${address}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(alerts),
      });
      if (!answer.ok) throw new Error(`alertmanager answered ${answer.status}: ${await answer.text()}`);
    },
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
