import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";

const database = new DatabaseSync(z.string().parse(workerData));

parentPort?.on("message", () => {
  try {
    database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  } catch {
    // The log keeps what was not copied, and a disk that fails is told to the next commit that waits for it.
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage("copied");
});
