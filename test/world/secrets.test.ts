import { type Case, describeWorld, hourMs, iso } from "./world.ts";

const day = "since:2026-11-28T00:00Z until:2026-11-28T06:00Z";
const plain = 'logs: [{ id: main, file: app.log, root: "ROOT", format: plain, time: iso }]\n';
const esc = "\u001b";
const hex = "0123456789abcdef".repeat(3);
const listenKey = "tulip0orchid1lilac2poppy3daisy4aster5viola6peony7lupin8";
const telegram = "1234567890:AAFxxTulipOrchid_0123456789-abcdefghi";

const cases: readonly Case[] = [
  {
    id: "secret-in-colour",
    system: plain,
    files: {
      "app.log": `${esc}[2m2026-11-28T05:00:00.000000Z${esc}[0m ${esc}[32m INFO${esc}[0m ${esc}[2mauth${esc}[0m: login ${esc}[3mpassword${esc}[0m${esc}[2m=${esc}[0mhunter2-Tulip ${esc}[3mapi_key${esc}[0m${esc}[2m=${esc}[0m"k-4471-orchid"\n2026-11-28T05:00:01Z INFO login password=hunter2-Tulip api_key="k-4471-orchid"\n`,
    },
    asked: [
      { ask: `logs secret-in-colour ${day}`, says: ["2 lines", "[redacted]"], never: ["hunter2", "orchid"] },
      { ask: `logs secret-in-colour ${day} match:hunter2`, says: ["no line"] },
    ],
  },
  {
    id: "telegram-token",
    system: plain,
    files: {
      "app.log": `2026-11-28 05:00:00,100 - httpx - INFO - HTTP Request: POST https://api.telegram.org/bot${telegram}/getUpdates "HTTP/1.1 200 OK"\n2026-11-28 05:00:01,100 - INFO - token is ${telegram}\n`,
    },
    asked: [{ ask: `logs telegram-token ${day}`, says: ["bot[redacted]/getUpdates"], never: ["Tulip"] }],
  },
  {
    id: "rpc-keys",
    system: plain,
    files: {
      "app.log": `2026-11-28T05:00:00Z WARN rpc slow https://mainnet.infura.io/v3/${hex.slice(0, 32)}
2026-11-28T05:00:01Z WARN rpc slow https://old-blue-sun.quiknode.pro/${hex.slice(0, 40)}/
2026-11-28T05:00:02Z WARN rpc slow https://rpc.ankr.com/eth/${hex}
2026-11-28T05:00:03Z WARN rpc slow wss://ethereum-mainnet.core.chainstack.com/${hex.slice(0, 32)}
2026-11-28T05:00:05Z INFO ws open wss://stream.binance.com:9443/ws/${listenKey}
2026-11-28T05:00:06Z INFO {"listenKey":"${listenKey}"}
2026-11-28T05:00:08Z INFO headers OK-ACCESS-SIGN: c2lnbmVkLWJ5LW1l OK-ACCESS-PASSPHRASE: lilac-and-poppy
`,
    },
    asked: [
      { ask: `logs rpc-keys ${day}`, says: ["7 lines"], never: ["0123456789abcdef", "tulip0", "c2lnbmVk", "lilac"] },
    ],
  },
  {
    id: "secret-in-utf-16",
    system: plain,
    files: { "app.log": Buffer.from(`\ufeff${iso(hourMs / 2)}Z INFO password=hunter2-Tulip\r\n`, "utf16le") },
    asked: [{ ask: "logs secret-in-utf-16 since:1h", says: ["1 line", "password=[redacted]"], never: ["Tulip"] }],
  },
];

describeWorld(cases);
