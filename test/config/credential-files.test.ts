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
