import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerProcess, startServer } from "./server-process.ts";

/** A real Alertmanager on a free loopback port, with its own folder. */
export interface AlertmanagerProcess {
  readonly url: string;
  /** Hands it alerts as Prometheus does. */
  fires(alerts: readonly object[]): Promise<void>;
  /** Silences what has a label, as people do there. */
  silences(label: string, value: string): Promise<void>;
  /** Ends it at once, as `kill -9` does; `restart` starts it again at its address, on its folder. */
  kill(): Promise<void>;
  /** After it was killed; `kept`: after it was told to end, so that it has what it knew, and `lost`: without any of it. */
  restart(how?: "kept" | "lost"): Promise<void>;
  stop(): Promise<void>;
}

/** It posts to one address, all alerts in one group unless told otherwise, and how long it waits for the first and between the next. */
export async function startAlertmanager(
  webhook: { readonly url: string; readonly token: string },
  {
    wait = "100ms",
    interval = "1s",
    repeat = "1h",
    groupBy = ["cluster"],
  }: {
    readonly wait?: string;
    readonly interval?: string;
    readonly repeat?: string;
    readonly groupBy?: readonly string[];
  } = {},
): Promise<AlertmanagerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-alertmanager-"));
  const { url, token } = webhook;
  const config = {
    route: {
      receiver: "bot",
      group_by: groupBy,
      group_wait: wait,
      group_interval: interval,
      repeat_interval: repeat,
    },
    receivers: [{ name: "bot", webhook_configs: [{ url, http_config: { authorization: { credentials: token } } }] }],
  };
  // JSON is YAML.
  writeFileSync(join(folder, "alertmanager.yml"), JSON.stringify(config));
  let server = await startOn(folder, "127.0.0.1:0");
  const address = server.found;
  const call = async (path: string, json: unknown): Promise<void> => {
    const answer = await fetch(`${address}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    });
    if (!answer.ok) throw new Error(`alertmanager answered ${answer.status}: ${await answer.text()}`);
  };
  return {
    url: address,
    fires: (alerts) => call("/api/v2/alerts", alerts),
    silences: (label, value) =>
      call("/api/v2/silences", {
        matchers: [{ name: label, value, isRegex: false, isEqual: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: "somebody",
        comment: "made elsewhere",
      }),
    kill: () => server.kill(),
    async restart(how) {
      await server.kill(how === "kept" ? "SIGTERM" : "SIGKILL");
      if (how === "lost") rmSync(join(folder, "data"), { recursive: true, force: true });
      server = await startOn(folder, address.replace("http://", ""));
    },
    async stop() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One process on its folder; its address once it listens. */
function startOn(folder: string, listen: string): Promise<ServerProcess<string>> {
  return startServer("prometheus-alertmanager", {
    args: [
      `--config.file=${join(folder, "alertmanager.yml")}`,
      `--storage.path=${join(folder, "data")}`,
      `--web.listen-address=${listen}`,
      "--cluster.listen-address=",
    ],
    output: "stderr",
    ready(line) {
      const listening = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
      return listening === undefined ? undefined : `http://${listening}`;
    },
  });
}
