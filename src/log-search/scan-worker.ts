import { parentPort } from "node:worker_threads";
import { errorCode } from "../domain/failure.ts";
import { rememberSecret } from "../domain/text/known-secrets.ts";
import { locateRange } from "./locate.ts";
import { scanPart } from "./read-records.ts";
import type { ScanAnswer, ScanOrder, Task } from "./scan-task.ts";

/** The entry of a scanning thread: one task in, one answer out. */
parentPort?.on("message", ({ task, secrets }: ScanOrder) => {
  for (const secret of secrets) rememberSecret(secret);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void answer(task).then((reply) => parentPort?.postMessage(reply));
});

async function answer(task: Task): Promise<ScanAnswer> {
  try {
    switch (task.kind) {
      case "locate":
        return { kind: "located", located: await locateRange(task) };
      case "scan":
        return { kind: "scanned", scanned: await scanPart(task) };
    }
  } catch (error) {
    const code = errorCode(error);
    return { kind: "failed", message: error instanceof Error ? error.message : String(error), code };
  }
}
