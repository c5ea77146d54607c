import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { certificate } from "../../../demo/certificates.ts";
import { startKubernetes } from "../../../demo/kubernetes/start.ts";
import { createRandom } from "../../../demo/random.ts";
import { createHealthChecks } from "../../../src/integrations/health-checks.ts";
import { clusterAccesses } from "../../../src/integrations/kubernetes/kubeconfig.ts";
import { examineKubeconfigs } from "../../../src/integrations/kubernetes/kubeconfig-files.ts";
import { temporaryFolder } from "../../demo/rig.ts";
import { openBackends } from "../backend.ts";
import { systemWith } from "../systems.ts";

const Config = z.looseObject({
  clusters: z.array(z.looseObject({ name: z.string(), cluster: z.record(z.string(), z.string()) })),
  users: z.array(z.looseObject({ name: z.string(), user: z.record(z.string(), z.unknown()) })),
});

/** The demo's cluster over TLS, with a kubeconfig whose cluster and user are changed. */
async function clusterWith(changed: { readonly cluster?: object; readonly user?: (token: string) => object }) {
  const demo = await startKubernetes({
    port: 0,
    doorPort: 0,
    now: () => Date.now(),
    random: createRandom(7),
    isTicking: false,
  });
  onTestFinished(() => demo.stop());
  const folder = await temporaryFolder();
  const path = join(folder, "config");
  demo.writeConfig(path);
  const config = Config.parse(JSON.parse(readFileSync(path, "utf8")));
  const token = z.string().parse(config.users[0]?.user["token"]);
  const whole = {
    ...config,
    clusters: config.clusters.map((each) => ({ ...each, cluster: { ...each.cluster, ...changed.cluster } })),
    users: config.users.map((each) => (changed.user ? { ...each, user: changed.user(token) } : each)),
  };
  writeFileSync(path, JSON.stringify(whole));
  return { at: { namespace: "prsm-production", kubeconfig: path, timeoutMs: 3_000 }, folder };
}

async function health(at: object): Promise<unknown> {
  const kubernetes = { ...at, deployment: "prsm-api" };
  const system = systemWith({ health: [{ id: "api", timeout: "5s", kubernetes }] });
  const { components } = await createHealthChecks({ backends: openBackends() }).check(system);
  const reading = components[0]?.reading;
  return reading?.ok ? reading.value.detail : reading?.detail;
}

const based = (text: string): string => Buffer.from(text).toString("base64");

describe("a cluster over TLS", () => {
  it("is read", async () => expect(await health((await clusterWith({})).at)).toBe("3 of 3 available"));

  it("is not believed where another authority signed its certificate", async () => {
    const other = { "certificate-authority-data": based(certificate({ name: "another" }).cert) };
    const { at } = await clusterWith({ cluster: other });
    expect(await health(at)).toMatch(/certificate.*kubeconfig's certificate-authority/);
  });

  it("is not asked with a client certificate that is over, which check says too", async () => {
    const { cert, key } = certificate({ name: "bot", days: [-20, -10] });
    const user = () => ({ "client-certificate-data": based(cert), "client-key-data": based(key) });
    const { at } = await clusterWith({ user });
    expect(await health(at)).toMatch(/expired on \d{4}-\d\d-\d\d: renew its client certificate/);
    expect(await examineKubeconfigs({ backends: { k8s: { kubernetes: at } } })).toEqual([
      {
        place: ["backends", "k8s", "kubernetes", "kubeconfig"],
        message: expect.stringMatching(/the credential of context prsm in .*: expired on/),
        remedy: "Renew its client certificate.",
      },
    ]);
  });
});

describe("a program that gives a credential", () => {
  const withProgram = (script: string, token = "") => ({
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", script.replace("TOKEN", token)],
      interactiveMode: "Never",
    },
  });
  const credential = (parts: object) =>
    `console.log(JSON.stringify(${JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", ...parts })}))`;

  it("is started, and its token is sent", async () => {
    const { at } = await clusterWith({
      user: (token) => withProgram(credential({ status: { token: "TOKEN" } }), token),
    });
    expect(await health(at)).toBe("3 of 3 available");
  });

  it("that fails is told without what it said, and one that hangs is not waited for", async () => {
    const failing = await clusterWith({ user: () => withProgram("console.error('s3cret-4711'); process.exit(3)") });
    const said = await health(failing.at);
    expect(said).toMatch(/the credential of context prsm in .*: could not be had: its program or file failed/);
    expect(said).not.toContain("s3cret-4711");
    const hanging = await clusterWith({ user: () => withProgram("setTimeout(() => {}, 30000)") });
    expect(await health({ ...hanging.at, timeoutMs: 500 })).toMatch(/was not to be had in time/);
  });
});

async function userIs(user: object, folder?: string) {
  const home = folder ?? (await temporaryFolder());
  const path = join(home, "config");
  const file = {
    clusters: [{ name: "c", cluster: { server: "https://cluster.test" } }],
    users: [
      { name: "bot", user },
      { name: "another", user: { "token-file": "/nowhere" } },
    ],
    contexts: [{ name: "prod", context: { cluster: "c", user: "bot" } }],
    "current-context": "prod",
  };
  await writeFile(path, JSON.stringify(file));
  return { namespace: "shop", kubeconfig: path };
}

describe("a user of a kubeconfig", () => {
  it("has its token in a file beside it, as kubectl reads it: before any other, and as it stands there now", async () => {
    const folder = await temporaryFolder();
    const accesses = clusterAccesses({ home: folder, serviceAccount: folder });
    const at = await userIs({ tokenFile: "token", token: "old-token-4711" }, folder);
    await expect(accesses.of(at)).rejects.toThrow(/token: is not there, and the kubeconfig names it/);
    for (const token of ["first-token-4711", "second-token-4711"]) {
      await writeFile(join(folder, "token"), `${token}\n`);
      expect((await accesses.of(at)).headers).toEqual({ Authorization: `Bearer ${token}` });
    }
    await writeFile(join(folder, "token"), "\n");
    await expect(accesses.of(at)).rejects.toThrow(/token: is empty, and is to hold a token/);
  });

  it.each([
    ["nothing", {}, /has a user bot without a credential, so it would ask as nobody/],
    ["a name alone", { username: "ops" }, /without a credential/],
    ["what kubectl does not know", { "token-file": "/run/s3cret" }, /with token-file, which kubectl does not know/],
    ["a token that is no text", { token: 4711 }, /has a user bot whose token cannot be read/],
    [
      "groups to act with",
      { token: "t-4711", as: "ops", "as-groups": ["readers"] },
      /with as-groups, which is not sent/,
    ],
    ["a user to act as, in detail", { token: "t-4711", as: "ops", "as-uid": "7" }, /with as-uid, which is not sent/],
  ])("that has %s is refused, which check says too", async (_what, user, words) => {
    const at = await userIs(user);
    await expect(clusterAccesses().of(at)).rejects.toThrow(words);
    const [fault] = await examineKubeconfigs({ backends: { k8s: { kubernetes: at } } });
    expect(`${fault?.message}: ${fault?.remedy}`).toMatch(words);
  });

  it("is asked for as the one that it acts as", async () => {
    const { headers } = await clusterAccesses().of(await userIs({ token: "t-4711", as: "ops", "as-groups": [] }));
    expect(headers).toEqual({ Authorization: "Bearer t-4711", "Impersonate-User": "ops" });
  });

  it("is given by its program what is its own, also where another kubeconfig has a user of that name", async () => {
    const giving = (status: object) => ({
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: process.execPath,
        args: ["-p", JSON.stringify(JSON.stringify({ status }))],
      },
    });
    const accesses = clusterAccesses();
    for (const token of ["one-token-4711", "two-token-4711"]) {
      const { headers } = await accesses.of(await userIs(giving({ token })));
      expect(headers).toEqual({ Authorization: `Bearer ${token}` });
    }
    const none = await userIs(giving({}));
    await expect(accesses.of(none)).rejects.toThrow(/was given neither token nor certificate by its program/);
  });
});

it.each(["./bin/give", "bin/give"])(
  "a program at %s is the one in the kubeconfig's folder, as for kubectl",
  async (command) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "bin"));
    const credential = JSON.stringify({ status: { token: "own-token-4711" } });
    await writeFile(join(folder, "bin", "give"), `#!/bin/sh\necho '${credential}'\n`, { mode: 0o755 });
    const at = await userIs({ exec: { command } }, folder);
    expect((await clusterAccesses().of(at)).headers).toEqual({ Authorization: "Bearer own-token-4711" });
  },
);

describe("without a kubeconfig", () => {
  it("a pod's service account is taken, its token as it stands in the file now", async () => {
    const folder = await temporaryFolder();
    const accesses = clusterAccesses({ home: join(folder, "home"), serviceAccount: folder });
    const of = () => accesses.of({ namespace: "shop" });
    await expect(of()).rejects.toThrow(/\.kube\/config: is not there, and this is no pod with a service account/);
    const { cert } = certificate({ name: "cluster" });
    await writeFile(join(folder, "ca.crt"), cert);
    await writeFile(join(folder, "token"), "first-token-4711\n");
    expect(await of()).toMatchObject({
      server: "https://kubernetes.default.svc",
      headers: { Authorization: "Bearer first-token-4711" },
      whose: "the pod's service account",
    });
    await writeFile(join(folder, "token"), "second-token-4711\n");
    const later = await of();
    expect(later.headers).toEqual({ Authorization: "Bearer second-token-4711" });
    expect(later.tls.ca?.toString()).toBe(cert);
  });

  it("the one of the home folder is", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, ".kube"));
    const { at } = await clusterWith({});
    await writeFile(join(folder, ".kube", "config"), readFileSync(at.kubeconfig));
    const accesses = clusterAccesses({ home: folder, serviceAccount: folder });
    expect((await accesses.of({ namespace: "shop" })).whose).toMatch(/^the credential of context prsm in /);
  });
});

it("check says what is wrong with a kubeconfig that is named, and nothing of a variable", async () => {
  const { at, folder } = await clusterWith({});
  const faults = async (kubeconfig: string) =>
    (await examineKubeconfigs({ backends: { k8s: { kubernetes: { ...at, kubeconfig } } } })).map(
      ({ message, remedy }) => `${message} → ${remedy}`,
    );
  expect(await faults(at.kubeconfig)).toEqual([]);
  expect(await faults("${PRSM_KUBECONFIG}")).toEqual([]);
  expect(await faults("/nowhere/config")).toEqual([
    "/nowhere/config: is not there → Check the path that the backend names as kubeconfig.",
  ]);
  const bad = join(folder, "bad");
  writeFileSync(bad, "no: [kubeconfig");
  expect(await faults(bad)).toEqual([expect.stringMatching(/bad: is no kubeconfig → /)]);
});
