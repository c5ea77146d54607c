import { gzipSync, zstdCompressSync } from "node:zlib";
import { type Case, describeWorld, hourMs, iso } from "./world.ts";

const day = "since:2026-11-28T00:00Z until:2026-11-28T06:00Z";
const plain = 'logs: [{ id: main, file: app.log, root: "ROOT", format: plain, time: iso }]\n';
const json = (more: string, file = "app.json"): string =>
  `logs: [{ id: main, file: ${file}, root: "ROOT", format: json, ${more} }]\n`;
const esc = "\u001b";
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

const levels: readonly Case[] = [
  {
    id: "colours",
    system: `logs:
  - { id: main, file: app.log, root: "ROOT", format: plain, time: iso }
  - { id: json, file: app.json, root: "ROOT", format: json, time: ts, level: level, message: msg }
`,
    files: {
      "app.log": `${esc}[2m2026-11-28T05:00:00.000000Z${esc}[0m ${esc}[31mERROR${esc}[0m ${esc}[2mengine${esc}[0m: order rejected\n${esc}[2m2026-11-28T05:00:01.000000Z${esc}[0m ${esc}[32m INFO${esc}[0m ${esc}[2mengine${esc}[0m: ok\n`,
      "app.json":
        '{"level":"\\u001b[31mERROR\\u001b[0m","ts":"2026-11-28T05:00:00.000Z","msg":"order rejected"}\n{"level":"\\u001b[34mINFO\\u001b[0m","ts":"2026-11-28T05:00:01.000Z","msg":"fine"}\n',
    },
    asked: [
      { ask: `logs colours ${day} level:error`, says: ["1 line", "order rejected"] },
      { ask: `logs colours json ${day} level:error`, says: ["1 line", "order rejected"] },
      { ask: `logs colours json ${day}`, says: ["2 lines"] },
    ],
  },
  {
    id: "zerolog-console",
    system: plain,
    files: {
      "app.log": `${esc}[90m2026-11-28T05:00:00Z${esc}[0m ${esc}[31mERR${esc}[0m ${esc}[1mfailed${esc}[0m ${esc}[36merror=${esc}[0m${esc}[31mboom${esc}[0m\n`,
    },
    asked: [
      { ask: `logs zerolog-console ${day} level:error`, says: ["1 line", "failed"], never: ["U+001B"] },
      { ask: `logs zerolog-console ${day} where:error=boom`, says: ["1 line"] },
    ],
  },
  {
    id: "level-words",
    system: plain,
    files: {
      "app.log":
        '2026-11-28T05:00:00Z fail: Microsoft.AspNetCore[1] request failed\n2026-11-28T05:00:01Z [ERR] serilog short\n2026-11-28T05:00:02Z ERR zerolog console\n2026-11-28T05:00:03Z FTL zerolog fatal\n2026-11-28T05:00:04Z lvl=eror msg="log15"\n2026-11-28T05:00:05Z {"level":"error","msg":"json inside a CRI line"}\n2026-11-28T05:00:06.000000000Z stderr F {"severity":"ERROR","message":"cri"}\n2026-11-28T05:00:07Z EROR geth style\n2026-11-28T05:00:08Z E/ActivityManager: android\n2026-11-28T05:00:09Z level=error msg=plain\n2026-11-28T05:00:10Z dpanic: zap\n',
    },
    asked: [{ ask: `logs level-words ${day} level:error`, says: ["11 lines"] }],
  },
  {
    id: "mongo-letters",
    system: json('time: "t.$date", level: s, message: msg'),
    files: {
      "app.json":
        '{"t":{"$date":"2026-11-28T05:00:00.123+00:00"},"s":"E","c":"NETWORK","msg":"accept failed"}\n{"t":{"$date":"2026-11-28T05:00:01.123+00:00"},"s":"I","c":"NETWORK","msg":"ok"}\n{"t":{"$date":"2026-11-28T05:00:02.123+00:00"},"s":"F","c":"-","msg":"fatal assertion"}\n',
    },
    asked: [{ ask: `logs mongo-letters ${day} level:error`, says: ["2 lines", "fatal assertion", "accept failed"] }],
  },
  {
    id: "docker-json",
    system: json("time: time, message: log, level: level"),
    files: {
      "app.json":
        '{"log":"{\\"level\\":\\"error\\",\\"msg\\":\\"inner\\"}\\n","stream":"stderr","time":"2026-11-28T05:00:00.123456789Z"}\n{"log":"\\u001b[31mERROR\\u001b[0m plain inner\\n","stream":"stderr","time":"2026-11-28T05:00:01.1Z"}\n{"log":"INFO fine\\n","stream":"stdout","time":"2026-11-28T05:00:02Z"}\n',
    },
    asked: [{ ask: `logs docker-json ${day} level:error`, says: ["2 lines", "inner"], never: ["fine"] }],
  },
  {
    id: "syslog-priority",
    system: plain,
    files: {
      "app.log":
        "<11>1 2026-11-28T05:00:03.003Z host1 app 12 ID47 - user error, severity 3\n<14>1 2026-11-28T05:00:04.003Z host1 app 12 ID47 - user info\n",
    },
    asked: [{ ask: `logs syslog-priority ${day} level:error`, says: ["1 line", "severity 3"] }],
  },
  {
    id: "unknown-level",
    system: json("time: time, level: level, message: msg"),
    files: {
      "app.json":
        '{"time":"2026-11-28T05:00:00Z","level":"dreadful","msg":"a word nobody knows"}\n{"time":"2026-11-28T05:00:01Z","msg":"nothing said"}\n{"time":"2026-11-28T05:00:02Z","level":"info","msg":"mild"}\n',
    },
    asked: [
      {
        ask: `logs unknown-level ${day} level:error`,
        says: ["1 line", "a word nobody knows", "1 line without a level was left out"],
      },
    ],
  },
];

const forms: readonly Case[] = [
  {
    id: "json-traceback",
    system: json("time: timestamp, level: level, message: event"),
    files: {
      "app.json":
        '{"timestamp":"2026-11-28T05:00:00Z","level":"info","event":"starting"}\nTraceback (most recent call last):\n  File "/srv/bot/main.py", line 24, in <module>\n    run()\nRuntimeError: exchange refused the key\n{"timestamp":"2026-11-28T05:00:05Z","level":"info","event":"restarted"}\n',
    },
    asked: [
      { ask: `logs json-traceback ${day} level:error`, says: ["RuntimeError: exchange refused", "Traceback"] },
      { ask: `logs json-traceback ${day} match:RuntimeError`, says: ["1 line"] },
    ],
  },
  {
    id: "json-key-twice",
    system: json("time: time, level: level, message: message"),
    files: {
      "app.json":
        '{"level":"info","time":"2026-11-28T05:00:00Z","message":"outer","level":"error"}\n{"level":"info","time":"2026-11-28T05:00:00Z","message":"two times","time":"2026-11-27T05:00:00Z"}\n',
    },
    asked: [
      { ask: `logs json-key-twice ${day}`, says: ["1 line", "outer"], never: ["two times"] },
      { ask: `logs json-key-twice ${day} level:error`, says: ["1 line", "outer"] },
      { ask: "logs json-key-twice since:2026-11-27T04:00Z until:2026-11-27T06:00Z", says: ["1 line", "two times"] },
    ],
  },
  {
    id: "json-pretty",
    system: json("time: time, level: level, message: msg"),
    files: {
      "app.json":
        '{\n  "time": "2026-11-28T05:00:00Z",\n  "level": "error",\n  "msg": "pretty printed"\n}\n{\n  "time": "2026-11-28T05:00:01Z",\n  "level": "info",\n  "msg": "fine"\n}\n',
    },
    asked: [
      { ask: `logs json-pretty ${day} level:error`, says: ["1 line", "pretty printed"] },
      { ask: `logs json-pretty ${day} match:fine`, says: ["1 line", "fine"] },
      { ask: `logs json-pretty ${day}`, says: ["2 lines"] },
    ],
  },
  {
    id: "nul-head",
    system: plain,
    files: {
      "app.log": Buffer.concat([
        Buffer.alloc(5 << 20),
        Buffer.from("2026-11-28T05:00:00Z ERROR after copytruncate\n2026-11-28T05:00:01Z INFO second\n"),
      ]),
    },
    asked: [
      { ask: `logs nul-head ${day}`, says: ["2 lines", "after copytruncate"], never: ["U+0000"] },
      { ask: `logs nul-head ${day} level:error`, says: ["1 line", "after copytruncate"] },
      { ask: `logs nul-head ${day} match:copytruncate`, says: ["1 line"], never: ["U+0000"] },
    ],
  },
  {
    id: "utf-16",
    system: plain,
    files: { "app.log": utf16(`${iso(hourMs / 2)}Z ERROR from powershell\r\n${iso(hourMs / 3)}Z INFO ok\r\n`) },
    asked: [
      { ask: "logs utf-16 since:1h", says: ["2 lines", "from powershell"], never: ["U+0000"] },
      { ask: "logs utf-16 since:1h level:error match:powershell", says: ["1 line", "from powershell"] },
    ],
  },
];

const rotation: readonly Case[] = [
  {
    id: "rotated-names",
    system: plain,
    files: {
      "app.log": "2026-11-28T05:00:00Z INFO newest\n",
      "app.log.1": "2026-11-28T01:00:00Z INFO dot one\n",
      "app.log.2026-11-28_02": "2026-11-28T02:00:00Z INFO python hourly\n",
      "app.log-20261128-1795838400": "2026-11-28T04:00:00Z INFO epoch suffix\n",
      "app.log-20261128-03+0200.gz": gzipSync("2026-11-28T01:30:00Z INFO hour with zone\n"),
      "app.log-20261128-120700.zst": zstdCompressSync("2026-11-28T00:30:00Z INFO in zstd\n"),
      "app-2026-11-28.log": "2026-11-28T00:20:00Z INFO date before the ending\n",
      "app.log-20261126.xz": Buffer.from("fd377a585a000004", "hex"),
      "app.logger": "2026-11-28T00:10:00Z INFO of another\n",
    },
    asked: [
      {
        ask: `logs rotated-names ${day}`,
        says: ["7 lines", "epoch suffix", "hour with zone", "in zstd", "before the ending", "app.log-20261126.xz"],
        never: ["of another"],
      },
    ],
  },
  {
    id: "copytruncate-copy",
    system: plain,
    files: {
      "app.log": "2026-11-28T05:00:00Z ERROR once\n2026-11-28T05:00:01Z INFO two\n2026-11-28T05:00:02Z INFO three\n",
      "app.log.1": "2026-11-28T05:00:00Z ERROR once\n2026-11-28T05:00:01Z INFO two\n",
    },
    asked: [{ ask: `logs copytruncate-copy ${day}`, says: ["3 lines"] }],
  },
];

describeWorld([...levels, ...forms, ...rotation]);
