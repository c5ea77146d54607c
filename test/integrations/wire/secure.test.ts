import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { certificate } from "../../../demo/certificates.ts";
import { BackendError, isDefiniteRefusal } from "../../../src/domain/failure.ts";
import type { Endpoint } from "../../../src/integrations/wire/endpoint.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { json, openBackend, openHttp } from "../backend.ts";
import { type Connecting, hanging, openProxy, openSecureTarget, refusing } from "./secure-target.ts";

const address = "127.0.0.1";
const authority = certificate({ name: "Authority" });
const stranger = certificate({ name: "Stranger" });
const good = certificate({ name: "trader", by: authority, address });
const clientGood = certificate({ name: "bot", by: authority, address });
const clientStrange = certificate({ name: "bot", by: stranger, address });
const wantsClient = { ...good, ca: authority.cert, requestCert: true, rejectUnauthorized: true };

const files = {
  "ca.pem": authority.cert,
  "strange-ca.pem": stranger.cert,
  "no.pem": "hello",
  "empty.pem": "\n",
  "cut.pem": authority.cert.slice(0, 120),
  "bot.pem": clientGood.cert,
  "bot.key": clientGood.key,
  "strange.pem": clientStrange.cert,
  "strange.key": clientStrange.key,
};

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-tls-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

type Connection = Exclude<Endpoint, string | { backend: string }>;

function endpoint(port: number, more: Partial<Connection>, scheme = "https"): Endpoint {
  return { base: `${scheme}://${address}:${port}`, path: "/flatten", ...more };
}

const variables: Readonly<Record<string, string>> = { PROXY_USER: "wardroom", PROXY_PASSWORD: "plain@tulip:field" };

function send(url: Endpoint, deadlineMs = 5_000): Promise<unknown> {
  const http = openHttp({ secrets: createSecrets((name) => variables[name]) });
  return http.send({ backend: "trader", url, method: "POST", json: { all: true }, deadlineMs });
}

async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw error;
  return { said: error.message.replaceAll(/127\.0\.0\.1:\d+/g, "TARGET"), certain: isDefiniteRefusal(error) };
}

it("a target of an own authority is reached with its CA file, and one that wants a client certificate with ours", async () => {
  const folder = folderOf();
  const ca = join(folder, "ca.pem");
  const open = await openSecureTarget(good);
  expect(await send(endpoint(open.port, { ca }))).toMatchObject({ status: 200 });
  const closed = await openSecureTarget(wantsClient);
  const mtls = { cert: join(folder, "bot.pem"), key: join(folder, "bot.key") };
  expect(await send(endpoint(closed.port, { ca, auth: { mtls } }))).toMatchObject({ status: 200 });
});

it.each([
  ["of an own authority, without a CA file", good, undefined, "comes from no public authority; name the PEM file"],
  ["signed by itself", authority, undefined, "comes from no public authority; name the PEM file"],
  ["of another authority", good, "strange-ca.pem", "comes from no authority in FOLDER/strange-ca.pem; put its own"],
  [
    "that has expired",
    certificate({ name: "trader", by: authority, address, days: [-30, -1] }),
    "ca.pem",
    "its certificate, or that of its authority, has expired; have it renewed there",
  ],
  [
    "that is not valid yet",
    certificate({ name: "trader", by: authority, address, days: [2, 30] }),
    "ca.pem",
    "its certificate is not valid yet; check the clock",
  ],
  [
    "for another name",
    certificate({ name: "trader", by: authority, address: "10.0.0.1" }),
    "ca.pem",
    "its certificate is for another name; write the address with a name that the certificate holds",
  ],
])("a certificate %s is told with what to do, and nothing was sent", async (_, served, ca, words) => {
  const folder = folderOf();
  const target = await openSecureTarget({ cert: served.cert, key: served.key });
  const { said, certain } = await refusalOf(
    send(endpoint(target.port, ca === undefined ? {} : { ca: join(folder, ca) })),
  );
  expect(said.replaceAll(folder, "FOLDER")).toContain(words);
  expect(said).not.toContain("may have taken effect");
  expect(certain).toBe(true);
  expect(target.calls()).toBe(0);
});

it("a port that speaks plain HTTP is told as such", async () => {
  const plain = await openBackend(json({}));
  const { port } = new URL(plain.url);
  const { said, certain } = await refusalOf(send(endpoint(Number(port), { ca: join(folderOf(), "ca.pem") })));
  expect(said).toContain("what listens there does not speak TLS; check the port, or write http://");
  expect(said).not.toContain("may have taken effect");
  expect(certain).toBe(true);
});

it.each([
  [{ ca: "no.pem" }, "the file FOLDER/no.pem holds no certificate in PEM: give one that begins with"],
  [{ ca: "cut.pem" }, "the file FOLDER/cut.pem holds no certificate in PEM: give one that begins with"],
  [{ ca: "empty.pem" }, "the file FOLDER/empty.pem is empty: put in what it is to hold"],
  [{ ca: "gone.pem" }, "the file FOLDER/gone.pem cannot be read: check that it is there"],
  [{ cert: "gone.pem", key: "bot.key" }, "the file FOLDER/gone.pem cannot be read: check that it is there"],
  [{ cert: "bot.pem", key: "no.pem" }, "the file FOLDER/no.pem holds no private key in PEM: give one that begins"],
  [
    { cert: "bot.pem", key: "strange.key" },
    "the key FOLDER/strange.key does not belong to the certificate FOLDER/bot.pem",
  ],
])("files that will not do are told before anything is sent: %j", async (named, words) => {
  const folder = folderOf();
  const target = await openSecureTarget(good);
  const at = (name = "ca.pem"): string => join(folder, name);
  const mtls = "key" in named ? { auth: { mtls: { cert: at(named.cert), key: at(named.key) } } } : {};
  const ca = "ca" in named ? at(named.ca) : at();
  const { said, certain } = await refusalOf(send(endpoint(target.port, { ca, ...mtls })));
  expect(said.replaceAll(folder, "FOLDER")).toContain(`could not be sent: ${words}`);
  expect(certain).toBe(true);
  expect(target.calls()).toBe(0);
});

it.each(["TLSv1.2", "TLSv1.3"] as const)(
  "a client certificate that is missing is told as such, over %s",
  async (version) => {
    const target = await openSecureTarget({ ...wantsClient, maxVersion: version });
    const { said, certain } = await refusalOf(send(endpoint(target.port, { ca: join(folderOf(), "ca.pem") })));
    expect(said).toContain("as services do that want a client certificate; name one as mtls below auth");
    expect(said).not.toContain("may have taken effect");
    expect(certain).toBe(true);
    expect(target.calls()).toBe(0);
  },
);

it("where the target only hangs up on a client certificate after the call went out, that is what is said", async () => {
  const folder = folderOf();
  const target = await openSecureTarget({ ...wantsClient, minVersion: "TLSv1.3" });
  const mtls = { cert: join(folder, "strange.pem"), key: join(folder, "strange.key") };
  const { said, certain } = await refusalOf(
    send(endpoint(target.port, { ca: join(folder, "ca.pem"), auth: { mtls } })),
  );
  expect(said).toMatch(
    /lost the connection after .*, before an answer, as services also do that refuse a client certificate; it may have taken effect/,
  );
  expect(certain).toBe(false);
});

const proxied = { proxy: "http://${env:PROXY_USER}:${env:PROXY_PASSWORD}@127.0.0.1:" };

it("a proxy is asked for a tunnel with the password from the environment, and sees nothing else", async () => {
  const target = await openSecureTarget(good);
  const proxy = await openProxy();
  const ca = join(folderOf(), "ca.pem");
  expect(await send(endpoint(target.port, { ca, proxy: `${proxied.proxy}${proxy.port}` }))).toMatchObject({
    status: 200,
  });
  const authorization = `Basic ${Buffer.from("wardroom:plain@tulip:field").toString("base64")}`;
  expect(proxy.asked).toEqual([{ to: `127.0.0.1:${target.port}`, authorization }]);
});

it.each<[string, Connecting, string]>([
  ["wants to know who asks", refusing("407 Proxy Authentication Required"), "its proxy wants a user and a password"],
  ["refuses", refusing("403 Forbidden"), "its proxy refused the connection (403); let the proxy allow this address"],
  ["cannot reach the target", refusing("502 Bad Gateway"), "its proxy could not reach it (502)"],
  [
    "hangs up",
    (_request, socket) => void socket.destroy(),
    "its proxy ended the connection; check that proxy names one",
  ],
])("a proxy that %s is told, and nothing was sent", async (_, connecting, words) => {
  const target = await openSecureTarget(good);
  const proxy = await openProxy(connecting);
  const ca = join(folderOf(), "ca.pem");
  const { said, certain } = await refusalOf(
    send(endpoint(target.port, { ca, proxy: `${proxied.proxy}${proxy.port}` })),
  );
  expect(said).toContain(`could not be sent: ${words}`);
  expect(said).not.toContain("tulip");
  expect(certain).toBe(true);
  expect(target.calls()).toBe(0);
  await proxy.idle();
});

it("a proxy that hangs is told at the deadline, nothing was sent, and no connection stays open", async () => {
  const proxy = await openProxy(hanging);
  const target = await openSecureTarget(good);
  const ca = join(folderOf(), "ca.pem");
  const { said, certain } = await refusalOf(
    send(endpoint(target.port, { ca, proxy: `http://127.0.0.1:${proxy.port}` }), 300),
  );
  expect(said).toContain("got no connection through its proxy within");
  expect(said).not.toContain("may have taken effect");
  expect(certain).toBe(true);
  await proxy.idle();
});

it("a proxy where nothing listens is told as the proxy's fault", async () => {
  const ca = join(folderOf(), "ca.pem");
  const { said, certain } = await refusalOf(send(endpoint(9, { ca, proxy: "http://127.0.0.1:1" })));
  expect(said).toContain("could not connect to its proxy: connection refused");
  expect(certain).toBe(true);
});

it("behind a proxy, too, what was refused in the handshake was not sent, and what was sent may have happened", async () => {
  const folder = folderOf();
  const proxy = await openProxy();
  const through = { proxy: `http://127.0.0.1:${proxy.port}` };
  const strange = await openSecureTarget(good);
  const refused = await refusalOf(send(endpoint(strange.port, { ...through, ca: join(folder, "strange-ca.pem") })));
  expect(refused.said).toContain("comes from no authority in");
  expect(refused.certain).toBe(true);
  const cutting = await openSecureTarget(good, true);
  const lost = await refusalOf(send(endpoint(cutting.port, { ...through, ca: join(folder, "ca.pem") })));
  expect(lost.said).toContain("it may have taken effect");
  expect(lost.certain).toBe(false);
  expect(cutting.calls()).toBe(1);
});
