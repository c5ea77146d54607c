import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { acknowledgeAlert } from "../../../src/acts/alerts/acknowledge.ts";
import { unacknowledgeAlert } from "../../../src/acts/alerts/unacknowledge.ts";
import { closeIncident } from "../../../src/acts/incidents/close-incident.ts";
import { openIncident } from "../../../src/acts/incidents/open-incident.ts";
import { acceptInvocation } from "../../../src/acts/messages/accept-invocation.ts";
import { answerInvocation } from "../../../src/acts/messages/answer-invocation.ts";
import { recordPlaceholder, recordSent } from "../../../src/acts/messages/record-sent.ts";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { claimLink } from "../../../src/acts/people/claim-link.ts";
import { confirmLink } from "../../../src/acts/people/confirm-link.ts";
import { offerLink } from "../../../src/acts/people/offer-link.ts";
import { removeLink } from "../../../src/acts/people/remove-link.ts";
import { withAcks } from "../../../src/reads/firing.ts";
import { requestAt } from "../../../src/reads/shown-at.ts";
import { alertCode } from "../../../src/records/ack.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";
import { policy } from "../../domain/approvals/request-fixtures.ts";
import { answeredEntry } from "../../fakes/journal-entry.ts";

// A delivery whose process died before it was answered is run again: what it did is done once, and told as done.

const place = { surface: "slack", channel: "C1" } as const;
const by = (name: string, invocation: string) => ({ person: name, name, account: `slack:${name}`, invocation });

function open() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-again-"));
  const store = openSqliteStore({ path: join(folder, "state.db") });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

it("an acknowledgement that is taken back again is nobody else's", async () => {
  const store = open();
  const named = { system: "trader", source: "rules", id: "a" };
  const alert = {
    ...named,
    code: alertCode(named),
    severity: "critical",
    ownSeverity: "P1",
    summary: "Stopped",
    since: await store.now(),
  } as const;
  const [first, back] = [by("ana", "1"), by("ana", "2")];
  await acknowledgeAlert(store, alert, first);
  expect(await acknowledgeAlert(store, alert, first)).toMatchObject({ fresh: true, ack: { by: { name: "ana" } } });
  expect(await acknowledgeAlert(store, alert, by("ana", "other"))).toMatchObject({ fresh: false });
  expect(await unacknowledgeAlert(store, alert.code, back)).toMatchObject({ by: { name: "ana" } });
  expect(await unacknowledgeAlert(store, alert.code, back)).toMatchObject({ by: { name: "ana" } });
  await acknowledgeAlert(store, alert, by("boris", "3"));
  await unacknowledgeAlert(store, alert.code, back);
  expect((await withAcks(store, [alert]))[0]?.ack?.by.name).toBe("boris");
});

it("an incident that it closed is told as closed", async () => {
  const store = open();
  await openIncident(store, { title: "It hangs", severity: "P2", system: undefined, place }, by("ana", "1"));
  const close = (invocation: string) => closeIncident(store, 1, "Over", by("ana", invocation));
  const closed = await close("2");
  expect(await close("2")).toEqual(closed);
  await expect(close("3")).rejects.toThrow("Incident 1 is closed");
});

it("an account that it claimed is told as claimed", async () => {
  const store = open();
  await adoptPolicy(store, policy());
  const code = await offerLink(store, { surface: "slack", id: "U9" });
  const claim = (invocation: string) =>
    claimLink(store, { code, place: { surface: "slack", channel: "C1" } }, by("ana", invocation));
  const claimed = await claim("1");
  expect(await claim("1")).toEqual(claimed);
  await expect(claim("2")).rejects.toThrow("That code is not known");
  const confirm = (invocation: string) =>
    confirmLink(
      store,
      { claim: claimed.id, card: () => ({ tone: "good", title: "Yours", blocks: [] }) },
      by("chen", invocation),
    );
  expect(await confirm("3")).toEqual(claimed);
  expect(await confirm("3")).toEqual(claimed);
  await expect(confirm("4")).rejects.toThrow("There is no such claim");
  const linked = { surface: "slack", id: "U9" } as const;
  const remove = (invocation: string) => removeLink(store, linked, by("chen", invocation));
  expect([await remove("5"), await remove("5"), await remove("6")]).toEqual([true, true, false]);
});

it("a request's card in its placeholder's place is known as the request's", async () => {
  const store = open();
  const [id, ref] = ["ab".repeat(16), { ...place, id: "1.1" }];
  const { record, revision } = await acceptInvocation(store, {
    key: "slack:T1:U1:E1",
    account: { surface: "slack", id: "U1" },
    place,
    content: { kind: "text", text: "flatten alphapulse" },
    question: false,
  });
  await recordPlaceholder(store, record, ref);
  const now = await store.now();
  const answered = await answerInvocation(store, record, {
    answer: {
      card: { tone: "warning", title: "Flatten", blocks: [] },
      files: [],
      private: false,
      subject: { kind: "request", request: id },
    },
    journal: answeredEntry(now),
    now,
    sendsItself: true,
    question: false,
    revision,
  });
  if (answered?.owed) await recordSent(store, answered.owed, { ref, subject: answered.subject });
  expect(await requestAt(store, ref)).toBe(id);
});

it("who was too slow to answer, so that another process did, answers nothing more", async () => {
  const store = open();
  const { record, revision } = await acceptInvocation(store, {
    key: "slack:T1:U1:E2",
    account: { surface: "slack", id: "U1" },
    place,
    content: { kind: "text", text: "status" },
    question: true,
  });
  const now = await store.now();
  const answer = async (title: string) =>
    answerInvocation(store, record, {
      answer: { card: { tone: "good", title, blocks: [] }, files: [], private: true },
      journal: answeredEntry(now),
      now,
      sendsItself: true,
      question: true,
      revision,
    });
  expect(await answer("by the other")).toMatchObject({ card: { title: "by the other" } });
  const { seq } = await store.head();
  expect(await answer("too late")).toBeUndefined();
  expect((await store.head()).seq).toBe(seq);
});
