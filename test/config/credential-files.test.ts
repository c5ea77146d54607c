import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { certificate } from "../../demo/certificates.ts";
import { edited, problemsOf, system, variables } from "./config-folder.ts";

const own = certificate({ name: "bot", address: "127.0.0.1" });
const old = certificate({ name: "bot", address: "127.0.0.1", days: [-30, -2] });

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = { "own.pem": own.cert, "own.key": own.key, "old.pem": old.cert, "old.key": old.key, "no.pem": "hello" };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
  writeFileSync(join(folder, "open.key"), own.key);
  chmodSync(join(folder, "open.key"), 0o644);
  return folder;
}

async function told(connection: string): Promise<readonly string[]> {
  const folder = folderOf();
  const yaml = edited(
    system,
    "health:\n",
    `backends:\n  trader: { http: { base: "\${RADAR_URL}", ${connection.replaceAll("AT", folder)} } }\nhealth:\n`,
  );
  const problems = await problemsOf({ "systems/radar.yaml": yaml }, { variables });
  return problems.map(({ severity, line, path, message, remedy }) =>
    `${severity} ${line} ${path}: ${message}. ${remedy}`.replaceAll(folder, "AT"),
  );
}

it("files that are in order are not told", async () => {
  expect(
    await told("ca: AT/own.pem, auth: { mtls: { cert: AT/own.pem, key: AT/own.key }, bearer: file:AT/no.pem }"),
  ).toEqual([]);
});

const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);

it.each([
  ["ca: AT/gone.pem", "ca: the file AT/gone.pem cannot be read. Check that it is there and that the bot may read it."],
  ["ca: AT/no.pem", "ca: the file AT/no.pem holds no certificate in PEM. Give one that begins with "],
  ["ca: AT/old.pem", `ca: the certificate in AT/old.pem expired on ${day}. Renew it.`],
  [
    "auth: { mtls: { cert: AT/own.pem, key: AT/old.key } }",
    "auth.mtls: the key AT/old.key does not belong to the certificate AT/own.pem. Give the two that were made together.",
  ],
  [
    "auth: { mtls: { cert: AT/old.pem, key: AT/old.key } }",
    `auth.mtls: the certificate in AT/old.pem expired on ${day}. Renew it.`,
  ],
  [
    "auth: { mtls: { cert: AT/own.pem, key: AT/open.key } }",
    "auth.mtls: every user of this machine may read the key AT/open.key. Take that right away: chmod o-r AT/open.key",
  ],
  [
    "auth: { bearer: file:AT/gone }",
    "auth.bearer: the file AT/gone cannot be read. Check that it is there and that the bot may read it.",
  ],
])("a file that will not do is a warning where it is named: %s", async (connection, words) => {
  const lines = await told(connection);
  expect(lines).toEqual([expect.stringContaining(`warning 4 backends.trader.http.${words}`)]);
});

const programs = `id: scripts
title: Scripts
backends:
  shell: { exec: { cwd: "\${RADAR_HOME}" } }
health:
  - { id: disk, exec: { backend: shell, command: [./check-disk.sh] } }
`;

it("a program that is not there is told where it is named, unless only the demo that does not run would have it", async () => {
  const home = folderOf();
  const reading = { variables: { ...variables, RADAR_HOME: home }, simulated: ["RADAR_HOME"] };
  const [found, ...others] = await problemsOf({ "systems/scripts.yaml": programs }, reading);
  expect(found && `${found.severity} ${found.line}: ${found.message}`).toBe(
    `warning 6: the program ${home}/check-disk.sh is not there (ENOENT)`,
  );
  expect(others).toEqual([]);
  expect(await problemsOf({ "systems/scripts.yaml": programs }, { ...reading, standIns: true })).toEqual([]);
});

const everywhere = `id: scripts
title: Scripts
backends:
  shell: { exec: { cwd: "\${RADAR_HOME}" }, identity: { file: marker, is: scripts } }
health:
  - { id: disk, exec: { backend: shell, command: [./gone-health.sh] } }
lists:
  services:
    title: Services
    exec: { backend: shell, command: [./gone-list.sh], lines: { value: 1 } }
queries:
  - id: backups
    title: Backups
    exec: { backend: shell, command: [./gone-query.sh], lines: { columns: { name: 1 } } }
operations:
  sweep:
    summary: Sweeps
    risk: change
    read:
      now: { exec: { backend: shell, command: [./gone-read.sh], lines: true } }
    steps:
      - id: sweep
        title: Sweep
        exec:
          backend: shell
          command: [./gone-step.sh]
          probe: { command: [./gone-probe.sh] }
    verify:
      - id: swept
        title: It is swept
        watch:
          exec: { backend: shell, command: [./gone-watch.sh], lines: true }
          is: value == 0
`;

it("what is warned of is named by the keys that the file has, wherever it stands", async () => {
  const home = folderOf();
  const problems = await problemsOf(
    { "systems/scripts.yaml": everywhere },
    { variables: { ...variables, RADAR_HOME: home } },
  );
  const lines = problems.map(
    ({ line, column, path, message }) => `${line}:${column} ${path}: ${message.replaceAll(home, "AT")}`,
  );
  expect(lines).toEqual([
    "6:50 health[0].exec.command: the program AT/gone-health.sh is not there (ENOENT)",
    "10:38 lists.services.exec.command: the program AT/gone-list.sh is not there (ENOENT)",
    "14:38 queries[0].exec.command: the program AT/gone-query.sh is not there (ENOENT)",
    "20:47 operations.sweep.read.now.exec.command: the program AT/gone-read.sh is not there (ENOENT)",
    "26:20 operations.sweep.steps[0].exec.command: the program AT/gone-step.sh is not there (ENOENT)",
    "27:29 operations.sweep.steps[0].exec.probe.command: the program AT/gone-probe.sh is not there (ENOENT)",
    "32:44 operations.sweep.verify[0].watch.exec.command: the program AT/gone-watch.sh is not there (ENOENT)",
  ]);
});

it("a credential that a metric's own source names is told where the metric has it", async () => {
  const yaml = edited(
    system,
    'url: "${RADAR_URL}/m"',
    'url: { base: "${RADAR_URL}", path: /m, auth: { bearer: "file:/gone/token" } }',
  );
  const problems = await problemsOf({ "systems/radar.yaml": yaml }, { variables });
  expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual(["6 metrics[0].source.json.url.auth.bearer"]);
});
