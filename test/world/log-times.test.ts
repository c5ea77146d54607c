import { before, type Case, dayMs, describeWorld, hourMs, iso } from "./world.ts";

const day = "since:2026-11-28T00:00Z until:2026-11-28T06:00Z";
const plain = 'logs: [{ id: main, file: app.log, root: "ROOT", format: plain, time: iso }]\n';
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");
const month = (at: Date): string => months[at.getUTCMonth()] ?? "";
const time = (at: Date): string => at.toISOString().slice(11, 19);
const slashed = (ago: number): string =>
  before(ago, (at) => at.toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " "));
const klog = (ago: number): string =>
  before(ago, (at) => `${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())} ${time(at)}.123456`);
const syslog = (ago: number): string =>
  before(ago, (at) => `${month(at)} ${String(at.getUTCDate()).padStart(2)} ${time(at)}`);
const apache = (ago: number): string =>
  before(ago, (at) => `${two(at.getUTCDate())}/${month(at)}/${at.getUTCFullYear()}:${time(at)} +0000`);

const cases: readonly Case[] = [
  {
    id: "zone-after-blank",
    system: plain,
    files: {
      "app.log":
        "2026-11-28 05:00:00.000 +0200 app[1] DEBUG: offset behind a blank\n2026-11-28 05:00:01.585 CET [2] db LOG: zone by name\n2026-11-28 05:00:02 UTC app[3] DEBUG: utc\n2026-11-28T05:00:03.000+02:00 x INFO colon offset\n2026-11-28 00:02:40 GMT+3 [4]: LOG: posix zone\n",
    },
    asked: [
      {
        ask: "logs zone-after-blank since:2026-11-28T03:00:00Z until:2026-11-28T03:00:01Z",
        says: ["1 line", "offset behind a blank"],
      },
      {
        ask: "logs zone-after-blank since:2026-11-28T04:00:01Z until:2026-11-28T04:00:02Z",
        says: ["1 line", "zone by name"],
      },
      { ask: "logs zone-after-blank since:2026-11-28T05:00:02Z until:2026-11-28T05:00:03Z", says: ["1 line", "utc"] },
      {
        ask: "logs zone-after-blank since:2026-11-28T03:02:40Z until:2026-11-28T03:02:41Z",
        says: ["1 line", "posix zone"],
      },
    ],
  },
  {
    id: "slash-date",
    system: plain,
    files: {
      "app.log": `${slashed(8 * dayMs)} [error] 31#31: *1 connect() failed while connecting to upstream\n${slashed(8 * dayMs - 1_000)} [notice] 31#31: signal process started\n${slashed(hourMs / 2)} [error] 31#31: *9 upstream timed out\n`,
    },
    asked: [
      { ask: "logs slash-date since:1h", says: ["1 line", "upstream timed out"] },
      { ask: "logs slash-date since:9d", says: ["3 lines", "signal process started"] },
    ],
  },
  {
    id: "klog-syslog-apache",
    system: plain,
    files: {
      "app.log": `I${klog(8 * dayMs)}       1 controller.go:42] synced\nE${klog(hourMs / 2)}       1 controller.go:42] failed to sync\n${syslog(8 * dayMs)} host1 app[12]: ERROR no disk\n${syslog(hourMs / 2)} host1 app[12]: ERROR no route\n10.0.0.1 - - [${apache(8 * dayMs)}] "GET /old HTTP/1.1" 200 12\n10.0.0.1 - - [${apache(hourMs / 2)}] "GET /new HTTP/1.1" 500 12\n`,
    },
    asked: [
      { ask: "logs klog-syslog-apache since:1h", says: ["3 lines", "failed to sync", "no route", "GET /new"] },
      { ask: "logs klog-syslog-apache since:1h level:error", says: ["2 lines", "failed to sync", "no route"] },
      { ask: "logs klog-syslog-apache since:9d", says: ["6 lines"] },
    ],
  },
  {
    id: "unreadable-time",
    system: plain,
    files: { "app.log": "yesterday at nine: ERROR one\nyesterday at ten: ERROR two\n" },
    asked: [
      { ask: "logs unreadable-time since:1h", says: ["time of 2 lines could not be read", "ERROR two"], never: ["▁"] },
    ],
  },
  {
    id: "date-in-continuation",
    system: 'logs: [{ id: main, file: app.log, root: "ROOT", format: plain, time: python }]\n',
    files: {
      "app.log":
        "2026-11-28 05:00:00,123 ERROR db: statement failed\nINSERT INTO fills VALUES ('2021-03-04 10:00:00', 'BTC', 0.5)\nON CONFLICT DO NOTHING\npsycopg2.OperationalError: deadlock detected\n2026-11-28 05:00:02,000 INFO db: retried\n",
    },
    asked: [
      { ask: `logs date-in-continuation ${day} level:error`, says: ["1 line", "deadlock detected"] },
      { ask: `logs date-in-continuation ${day}`, says: ["2 lines"] },
      { ask: `logs date-in-continuation ${day} match:deadlock`, says: ["1 line", "05:00:00"] },
    ],
  },
  {
    id: "local-time",
    system: 'logs: [{ id: main, file: app.log, root: "ROOT", format: plain, time: python, zone: Asia/Singapore }]\n',
    files: { "app.log": `${iso(-7 * hourMs).replace("T", " ")},000 ERROR from a host in UTC+8\n` },
    asked: [{ ask: "logs local-time since:2h", says: ["1 line", "from a host in UTC+8"] }],
  },
  {
    id: "clock-ahead",
    system: plain,
    files: {
      "app.log": `${iso(300_000)}Z INFO before\n${iso(-600_000)}Z ERROR written by a host whose clock is ahead\n`,
    },
    asked: [{ ask: "logs clock-ahead since:1h", says: ["1 line", "INFO before", "1 line is dated after now"] }],
  },
  {
    id: "date-alone",
    system: 'logs: [{ id: main, file: daily.csv, root: "ROOT", format: csv, time: date }]\n',
    files: {
      "daily.csv": `date,pnl\n${[3, 2, 1, 0].map((days) => `${iso(days * dayMs).slice(0, 10)},${days}.5\n`).join("")}`,
    },
    asked: [
      { ask: `logs date-alone since:${iso(dayMs).slice(0, 10)}`, says: ["2 lines", ",1.5", ",0.5"] },
      { ask: "logs date-alone since:2026-11-01 until:2026-11-02", says: ["no line"] },
    ],
  },
  {
    id: "dotted-date",
    system: 'logs: [{ id: main, file: mt.csv, root: "ROOT", format: csv, time: time }]\n',
    files: {
      "mt.csv": `time,symbol,profit\n${[8 * dayMs, hourMs / 2].map((ago) => `${slashed(ago).replaceAll("/", ".")},EURUSD,${ago}\n`).join("")}`,
    },
    asked: [{ ask: "logs dotted-date since:1h", says: ["1 line", "EURUSD,1800000"] }],
  },
];

describeWorld(cases);
