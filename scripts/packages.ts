import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Real programs that the tests run against. Any one of `programs` will do; `debian` is the package that has it. */
const needed = [
  { programs: ["redis-server"], debian: "redis-server", why: "the store's contract" },
  { programs: ["chromium-headless-shell", "chromium"], debian: "chromium-headless-shell", why: "the console" },
  { programs: ["prometheus"], debian: "prometheus", why: "what is asked in PromQL" },
  { programs: ["prometheus-alertmanager"], debian: "prometheus-alertmanager", why: "what posts its alerts" },
  { programs: ["pg_ctlcluster"], debian: "postgresql", why: "what is read of PostgreSQL" },
  { programs: ["git"], debian: "git", why: "the tags of a repository" },
  { programs: ["kubectl"], debian: "kubernetes-client", why: "the simulated Kubernetes" },
] as const;

/** Debian's packages start their services; a test machine wants the programs only. */
const servicePolicy = "/usr/sbin/policy-rc.d";

/** Installs what is missing when it may. Returns false, having said what to do, when it may not or could not. */
export function providePackages(): boolean {
  const missing = needed.filter((item) => !item.programs.some(isInstalled));
  if (missing.length === 0) return true;
  const packages = missing.map((item) => item.debian);
  const names = missing.map((item) => `${item.programs.join(" or ")} (${item.why})`).join(", ");
  if (!isInstalled("apt-get")) {
    console.log(`The tests need ${names}. Install them with this system's package manager.`);
    return false;
  }
  const install = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0) {
    console.log(`The tests need ${names}. Install them, then run the tests again:`);
    console.log(`  sudo apt-get update && sudo ${install}`);
    return false;
  }
  console.log(`Installing ${packages.join(", ")} for the tests.`);
  return withoutServices(() => runs("apt-get update") && runs(install)) && missing.every(isThere);
}

function isThere(item: (typeof needed)[number]): boolean {
  const there = item.programs.some(isInstalled);
  if (!there) console.log(`${item.debian} was installed, yet there is no ${item.programs.join(" or ")} in PATH.`);
  return there;
}

function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function withoutServices(install: () => boolean): boolean {
  // Another policy on this machine is someone's decision: it stays.
  const ours = !existsSync(servicePolicy);
  if (ours) writeFileSync(servicePolicy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return install();
  } finally {
    if (ours) rmSync(servicePolicy, { force: true });
  }
}

function runs(line: string): boolean {
  const [program = "", ...args] = line.split(" ");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const result = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
  if (result.status !== 0) console.log(`${line} failed.`);
  return result.status === 0;
}
