/**
 * The cluster of `pod-logs.ts`, in a process of its own so that its work is in nobody's figures: the demo's API with twenty pods
 * of one workload, an hour after they were made. Its time stands still, so that every question has the same answer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKubernetes } from "../demo/kubernetes/start.ts";
import { createRandom } from "../demo/random.ts";

const hourMs = 3_600_000;
let now = Date.now() - hourMs;
const demo = await startKubernetes({ port: 0, doorPort: 0, now: () => now, random: createRandom(7), isTicking: false });
const folder = mkdtempSync(join(tmpdir(), "wardroom-bench-"));
const kubeconfig = join(folder, "config");
demo.writeConfig(kubeconfig, "admin");
console.log(kubeconfig);
process.stdin
  .on("data", () => {
    // It was scaled: its pods are made and begin to write.
    for (let step = 0; step < 60; step += 1) {
      now += hourMs / 60;
      demo.live();
    }
    console.log("aged");
  })
  .once("end", () => {
    rmSync(folder, { recursive: true });
    process.exit();
  });
