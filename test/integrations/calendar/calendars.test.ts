import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createOnCallCalendars } from "../../../src/integrations/calendar/calendars.ts";
import { createHttp } from "../../../src/integrations/wire/http.ts";
import { createSecrets } from "../../../src/integrations/wire/secrets.ts";
import { calendarOf, event } from "./calendar-text.ts";

const between = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 8) };
const good = calendarOf(event("Ana", "DTSTART:20261102T080000Z", "DTEND:20261102T160000Z"));
const ofZone = { zone: "UTC", handover: "00:00" };

function reading() {
  const http = createHttp({ secrets: createSecrets(() => "t0ken-of-the-calendar") });
  onTestFinished(() => http.close());
  return createOnCallCalendars(http);
}

async function served(answer: (response: ServerResponse, token: string) => void): Promise<string> {
  const server = createServer((request, response) => answer(response, request.headers.authorization ?? ""));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/private-4711/oncall.ics?key=s3cret`;
}

const whyOf = async (text: string): Promise<string> => {
  const read = await reading().read({ ...ofZone, file: fileOf(text) }, between);
  return read.ok ? "it could be read" : read.detail;
};

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-calendar-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "oncall.ics");
  writeFileSync(file, text);
  return file;
}

it("a calendar is read from a file, and anew when it was written anew", async () => {
  const calendars = reading();
  const file = fileOf(good);
  const read = async () => {
    const answer = await calendars.read({ ...ofZone, file }, between);
    return answer.ok ? answer.value.map(({ title }) => title) : answer.detail;
  };
  expect(await read()).toEqual(["Ana"]);
  expect(await read()).toEqual(["Ana"]);
  writeFileSync(file, good.replace("Ana", "Boris"));
  expect(await read()).toEqual(["Boris"]);
  rmSync(file);
  expect(await read()).toBe(`${file}: does not exist`);
});

it("a calendar is fetched from an address, with its credential", async () => {
  const seen: string[] = [];
  const base = await served((response, token) => {
    seen.push(token);
    response.writeHead(200, { "content-type": "text/calendar; charset=utf-8" }).end(good);
  });
  const read = await reading().read({ ...ofZone, url: { base, auth: { bearer: "env:CALENDAR_TOKEN" } } }, between);
  expect(read).toMatchObject({ ok: true, value: [{ title: "Ana" }] });
  expect(seen).toEqual(["Bearer t0ken-of-the-calendar"]);
});

it.each([
  [
    "a page in its place",
    (response: ServerResponse) => response.end("<html><body>Sign in</body></html>"),
    "a web page",
  ],
  ["no right to it", (response: ServerResponse) => response.writeHead(403).end(), "403"],
  [
    "another host",
    (response: ServerResponse) => response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
    "another host",
  ],
  ["what is too long", (response: ServerResponse) => response.end("x".repeat(2_200_000)), "2"],
  ["what never ends", (response: ServerResponse) => response.write("BEGIN:VCALENDAR"), "4 s"],
])("%s is told, without what is secret in its address", async (_what, answer, words) => {
  const url = await served(answer);
  const read = await reading().read({ ...ofZone, url }, between);
  expect(read.ok).toBe(false);
  const detail = read.ok ? "" : read.detail;
  expect(detail).toContain(words);
  expect(detail).not.toContain("s3cret");
});

it("a rule that nobody can wait for is given up, and keeps nothing else waiting", async () => {
  const endless = calendarOf(
    event("Ana", "DTSTART:20260131T080000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"),
  );
  const [slow, quick] = [whyOf(endless), await whyOf(good)];
  expect(quick).toBe("it could be read");
  expect(await slow).toContain("its entries cannot be worked out within 4 s");
});

it("a file that is no calendar, or far too long, is told", async () => {
  expect(await whyOf("ana is on call")).toContain("it is no iCalendar");
  expect(await whyOf(`${good}${" ".repeat(2_200_000)}`)).toContain("longer than 2 MiB");
});
