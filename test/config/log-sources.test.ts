import { expect, it } from "vitest";
import { edited, linesOf, system } from "./config-folder.ts";

const log = (more: string): string => `logs: [{ id: main, file: app.log, root: /var/log, ${more} }]\n`;
const linesWith = (more: string) =>
  linesOf({ "systems/radar.yaml": edited(system, "identity:", `${log(more)}identity:`) });

it("a name that stands for no form of a time in plain lines is refused, with those that do", async () => {
  expect((await linesWith("format: plain, time: rfc3164")).join("\n")).toContain(
    "logs[0].time: is no name of a time of plain lines; write iso or python: with either, times of syslog, klog and Apache are found too. Correct `rfc3164`.",
  );
  expect((await linesWith("format: json, time: rfc3164")).join("\n")).not.toContain("logs[0]");
});

it("a zone that is none is refused", async () => {
  expect((await linesWith("format: plain, time: iso, zone: Asia/Singapur")).join("\n")).toContain(
    "logs[0].zone: there is no such zone; write its IANA name, as Europe/Berlin. Correct `Asia/Singapur`.",
  );
  expect((await linesWith("format: plain, time: iso, zone: Asia/Singapore")).join("\n")).not.toContain("logs[0]");
});
