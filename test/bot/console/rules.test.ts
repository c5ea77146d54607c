import { expect, test } from "vitest";
import { fileHeaders } from "../../../src/bot/console/file-answer.ts";
import { MessageStore } from "../../../src/bot/console/message-store.ts";
import { TokenBucket } from "../../../src/bot/console/rate.ts";
import { readTyped } from "../../../src/bot/console/typed.ts";
import { card } from "./fake-bot.ts";

test.each([
  ["status", false, { kind: "ask", text: "status", offset: 0 }],
  ["status", true, { kind: "say", text: "status", offset: 0 }],
  ["/ops status", true, { kind: "ask", text: "status", offset: 5 }],
  ["@Wardroom  status", false, { kind: "ask", text: "status", offset: 11 }],
  ["/opsstatus", false, { kind: "ask", text: "/opsstatus", offset: 0 }],
  ["> lunch", false, { kind: "say", text: "lunch", offset: 2 }],
  ["/ops > x", false, { kind: "ask", text: "> x", offset: 5 }],
] as const)("%s with say %s is read as it is meant", (line, say, typed) => {
  expect(readTyped(line, say)).toEqual(typed);
});

test("a bucket lets its burst through, then its rate", () => {
  const bucket = new TokenBucket({ burst: 2, perSecond: 4 }, 0);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, false]);
  expect([bucket.take(250), bucket.take(250)]).toEqual([true, false]);
  expect([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)]).toEqual([true, true, false]);
});

test("the oldest messages and files give way, and unread counts do not come back", () => {
  const store = new MessageStore(":memory:", { messagesPerChannel: 3, fileBytes: 10 });
  const add = (nonce: string, bytes: number) =>
    store.add({ nonce, channel: "c", at: 0, body: { kind: "card", card: card(nonce) } }, [
      { name: "f", mediaType: "text/plain", bytes: new Uint8Array(bytes) },
    ]).message;
  const messages = [add("a", 4), add("b", 4), add("c", 4), add("d", 4)];
  expect(store.page("c", "ana").messages.map((each) => each.nonce)).toEqual(["b", "c", "d"]);
  expect(messages.map((each) => store.filesOf(each.id).length)).toEqual([0, 0, 1, 1]);
  store.markRead("ana", "c", messages[3]?.touched ?? 0);
  expect(store.unread("ana", "c")).toBe(0);
  add("e", 1);
  expect(store.unread("ana", "c")).toBe(1);
  store.close();
});

test("what is private is in nobody else's page or count", () => {
  const store = new MessageStore(":memory:", { messagesPerChannel: 10, fileBytes: 10 });
  store.add({ nonce: "p", channel: "c", at: 0, audience: "ana", body: { kind: "card", card: card("private") } });
  expect([store.unread("ana", "c"), store.unread("ben", "c")]).toEqual([1, 0]);
  expect([store.page("c", "ana").messages.length, store.page("c", "ben").messages.length]).toEqual([1, 0]);
  store.close();
});

test("older pages bring the roots of what they hold", () => {
  const store = new MessageStore(":memory:", { messagesPerChannel: 1_000, fileBytes: 10 });
  const root = store.add({ nonce: "root", channel: "c", at: 0, body: { kind: "say", text: "root" } }).message;
  for (let i = 0; i < 200; i++) {
    store.add({ nonce: `n${i}`, channel: "c", at: 0, thread: root.id, body: { kind: "say", text: "reply" } });
  }
  const page = store.page("c", "ana");
  expect(page.more).toBe(true);
  expect(page.messages[0]?.id).toBe(root.id);
  store.close();
});

test.each([
  { name: "report.csv", mediaType: "text/csv; header=present", type: "text/csv; charset=utf-8", saved: "report.csv" },
  { name: "x.html", mediaType: "text/html", type: "application/octet-stream", saved: "x.html" },
  { name: "../../etc/passwd", mediaType: "text/plain", type: "text/plain; charset=utf-8", saved: "passwd" },
  { name: 'a"\r\nx: y.png', mediaType: "IMAGE/PNG", type: "image/png", saved: "a___x_ y.png" },
])("$name as $mediaType goes out to be saved", ({ name, mediaType, type, saved }) => {
  const headers = fileHeaders({ id: "i", message: "m", name, media_type: mediaType, size: 0, bytes: new Uint8Array() });
  expect(headers["content-type"]).toBe(type);
  expect(headers["content-disposition"]?.startsWith(`attachment; filename="${saved}"; filename*=UTF-8''`)).toBe(true);
  expect(headers["content-disposition"]).not.toMatch(/[\r\n]/);
});
