import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { acceptInvocation } from "../../src/acts/messages/accept-invocation.ts";
import { answerInvocation, type InvocationAnswer } from "../../src/acts/messages/answer-invocation.ts";
import { recordPlaceholder } from "../../src/acts/messages/record-sent.ts";
import { SlackCourier } from "../../src/bot/slack/courier.ts";
import { SlackWeb } from "../../src/bot/slack/web.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { createLog } from "../../src/ops/log.ts";
import { createMeasurements } from "../../src/ops/metrics.ts";
import { openSqliteStore } from "../../src/store/sqlite/store.ts";
import { startNoticeWorkers } from "../../src/workers/deliver.ts";
import { policy } from "../domain/approvals/request-fixtures.ts";
import { answeredEntry } from "../fakes/journal-entry.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";

const patience = { timeout: 60_000, interval: 20 };

/** An answer that was committed while its placeholder stood in a channel, and whose sender then died. */
async function left(answer: InvocationAnswer, { gone = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-placeholder-"));
  const store = openSqliteStore({ path: join(folder, "state.db") });
  const slack = await startFakeSlack();
  const log = createLog({ level: "silent" });
  const { meter } = createMeasurements();
  const troubles = { raise: () => {}, clear: () => {} };
  const courier = new SlackCourier(
    new SlackWeb({ token: slack.botToken, apiUrl: slack.apiUrl, troubles, log, meter }),
    log,
  );
  const ana = slack.world.addUser({ name: "ana" });
  const place = { surface: "slack", channel: slack.world.addChannel({ name: "ops" }) } as const;
  const { record, revision } = await acceptInvocation(store, {
    key: `slack:T1:${ana}:E1`,
    account: { surface: "slack", id: ana },
    place,
    content: { kind: "text", text: "home" },
    question: false,
  });
  const working = { card: { tone: "neutral", title: "Working…", blocks: [] }, files: [], nonce: "working" } as const;
  const placeholder = await courier.post(place, working);
  await recordPlaceholder(store, record, placeholder);
  if (gone) await courier.remove(placeholder);
  const now = await store.now();
  await answerInvocation(store, record, {
    answer,
    journal: answeredEntry(now),
    now,
    sendsItself: false,
    question: false,
    revision,
  });
  const workers = startNoticeWorkers({
    store,
    log,
    meter,
    surface: "slack",
    surfaces: knownSurfaces,
    outlets: new Map([["slack", { courier, remover: courier }]]),
    policyInForce: async () => policy(),
  });
  onTestFinished(async () => {
    await Promise.all([...workers.values()].map((each) => each.stop()));
    await store.close();
    await slack.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { alone: () => slack.ephemerals(ana), open: () => slack.messages(place.channel) };
}

it.each([false, true])("a private answer stays private, and its placeholder goes (gone already: %s)", async (gone) => {
  const card = { tone: "neutral", title: "For Ana alone", blocks: [] } as const;
  const { alone, open } = await left({ card, files: [], private: true }, { gone });
  await vi.waitFor(() => expect(alone().map(({ text }) => text)).toEqual(["For Ana alone"]), patience);
  expect(open()).toEqual([]);
});

it("an answer that takes its placeholder's place brings its files", async () => {
  const file = { name: "lines.txt", mediaType: "text/plain", bytes: new Uint8Array(5).fill(65) };
  const card = { tone: "neutral", title: "Lines", blocks: [{ kind: "file", file: file.name }] } as const;
  const { open } = await left({ card, files: [file], private: false });
  const names = () => open().flatMap((message) => message.files.map(({ name }) => name));
  await vi.waitFor(() => expect(names()).toEqual(["lines.txt"]), patience);
  expect(open()[0]?.text).toBe("Lines");
});
