import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { certificate } from "../../demo/certificates.ts";
import { createCertificates } from "../../src/integrations/certificates.ts";
import { closedUrl, openBackends } from "./backend.ts";
import { kubeconfig } from "./kubernetes/cluster.ts";
import { systemWith } from "./systems.ts";
import { openSecureTarget } from "./wire/secure-target.ts";

const address = "127.0.0.1";
const authority = certificate({ name: "Authority" });
const fresh = certificate({ name: "fresh", by: authority, address, days: [-1, 60] });
const over = certificate({ name: "over", by: authority, address, days: [-60, -3] });
const ours = certificate({ name: "bot", by: authority, address, days: [-1, 12] });

function file(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-certificates-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** In days from now, as they were made. */
async function seen(parts: Parameters<typeof systemWith>[0]): Promise<Record<string, number | string>> {
  const found = await createCertificates(openBackends()).of(systemWith(parts), 5_000);
  return Object.fromEntries(
    found.map(({ of, endsAt, unread = "" }) => [
      of,
      endsAt === undefined ? unread : Math.round((endsAt - Date.now()) / 86_400_000),
    ]),
  );
}

it("of each address with TLS it is known until when its certificate is good, also where that is over or wants one of us", async () => {
  const [good, old, strict] = await Promise.all([
    openSecureTarget(fresh),
    openSecureTarget(over),
    openSecureTarget({ ...fresh, ca: authority.cert, requestCert: true, rejectUnauthorized: true }),
  ]);
  const cert = file("bot.pem", ours.cert);
  const mtls = { cert, key: file("bot.key", ours.key) };
  const found = await seen({
    health: [
      { id: "api", http: `https://${address}:${good.port}/health` },
      { id: "again", http: `https://${address}:${good.port}/ready` },
      { id: "old", http: { base: `https://${address}:${old.port}`, path: "/health" } },
      { id: "strict", http: { base: `https://${address}:${strict.port}`, auth: { mtls }, path: "/health" } },
      { id: "plain", http: `http://${address}:${good.port}/health` },
    ],
    links: { manual: "https://127.0.0.2:1/manual" },
  });
  expect(found).toEqual({
    [`${address}:${good.port}`]: 60,
    [`${address}:${old.port}`]: -3,
    [`${address}:${strict.port}`]: 60,
    [cert]: 12,
  });
  // Nothing was asked of any of them.
  expect([good, old, strict].map(({ calls }) => calls())).toEqual([0, 0, 0]);
});

it("what cannot be looked at says why, and keeps nothing else from being told", async () => {
  const closed = (await closedUrl()).replace("http:", "https:");
  const missing = "/nowhere/bot.pem";
  const found = await seen({
    health: [
      { id: "gone", http: `${closed}/health` },
      { id: "behind", http: { base: "https://127.0.0.2:8443", path: "/", proxy: "http://127.0.0.1:3128" } },
      { id: "ours", http: { base: "http://127.0.0.1:9", path: "/", auth: { mtls: { cert: missing, key: missing } } } },
    ],
  });
  expect(found).toEqual({
    [new URL(closed).host]: "could not connect: connection refused",
    "127.0.0.2:8443": "it is reached through a proxy, behind which certificates are not looked at",
    [missing]: expect.stringContaining(missing),
  });
});

it("a cluster's certificate and the one that its kubeconfig presents are among them", async () => {
  const target = await openSecureTarget(fresh);
  const based = (text: string): string => Buffer.from(text).toString("base64");
  const at = kubeconfig(`https://${address}:${target.port}`, {
    users: [
      {
        name: "bot",
        user: { "client-certificate-data": based(ours.cert), "client-key-data": based(ours.key) },
      },
    ],
  });
  const found = await seen({
    health: [{ id: "api", kubernetes: { namespace: "shop", kubeconfig: at, deployment: "api" } }],
  });
  expect(found[`${address}:${target.port}`]).toBe(60);
  expect(Object.values(found)).toEqual([60, 12]);
});
