import { expect, it, vi } from "vitest";
import { type Case, describeWorld, iso } from "./world.ts";

const metric = (id: string, file: string): string =>
  `  - { id: ${id}, title: ${id}, source: { json: { url: "URL/${file}", path: /${id} } } }\n`;

const figures: readonly Case[] = [
  {
    id: "json-labelled-as-a-page",
    system: `metrics:\n${metric("value", "j.json")}`,
    http: { "j.json": { body: '{"value": 42}', type: "text/html; charset=UTF-8" } },
    asked: [{ ask: "metrics json-labelled-as-a-page", says: [/value +42 /] }],
  },
  {
    id: "json-nan",
    system: `metrics:
${metric("equity", "m.json")}${metric("sharpe", "m.json")}portfolio:
  http: URL/m.json
  positions: /positions
  fields: { symbol: symbol, side: side, quantity: qty, price: price }
`,
    http: {
      "m.json":
        '{"equity": 10250.5, "sharpe": NaN, "positions": [{"symbol":"BTC","side":"long","qty":0.5,"price":60000}]}',
    },
    asked: [
      { ask: "metrics json-nan", says: [/equity +10,2\d\d/, /sharpe +\? unknown/] },
      { ask: "portfolio json-nan", says: [/BTC +long .* 0\.5 +60,000/] },
    ],
  },
  {
    id: "decimals-as-text",
    system: `metrics:
${metric("totalWalletBalance", "acc.json").replace("id: totalWalletBalance", "id: wallet")}portfolio:
  http: URL/acc.json
  positions: /positions
  fields: { symbol: symbol, side: side, quantity: positionAmt, price: markPrice, entry: entryPrice }
  totals: [{ title: Wallet, path: /totalWalletBalance, unit: USDT }]
`,
    http: {
      "acc.json":
        '{"totalWalletBalance":"2048.5","positions":[{"symbol":"XYZUSDT","side":"SHORT","positionAmt":"-3.5","markPrice":"11.25","entryPrice":"11.5"}]}',
    },
    asked: [
      { ask: "metrics decimals-as-text", says: [/wallet +2,04[89]/] },
      { ask: "portfolio decimals-as-text", says: [/XYZUSDT +short .* 3\.5 +11\.25/, /2,04[89](?:\.5)? USDT/] },
    ],
  },
  {
    id: "side-both",
    system: `portfolio:
  http: URL/p.json
  positions: ""
  fields: { symbol: symbol, side: positionSide, quantity: amt, price: mark }
`,
    http: { "p.json": '[{"symbol":"XYZUSDT","positionSide":"BOTH","amt":-3.5,"mark":11.25}]' },
    asked: [{ ask: "portfolio side-both", says: [/XYZUSDT +short .* 3\.5/] }],
  },
  {
    id: "row-of-size-zero",
    system: `portfolio:
  http: URL/p.json
  positions: ""
  fields: { symbol: symbol, side: side, quantity: contracts, price: markPrice }
`,
    http: {
      "p.json":
        '[{"symbol":"BTC/USDT:USDT","side":"long","contracts":0.4,"markPrice":61000},{"symbol":"ETH/USDT:USDT","side":null,"contracts":0,"markPrice":2500}]',
    },
    asked: [{ ask: "portfolio row-of-size-zero", says: ["1 open", /BTC\/USDT:USDT +long .* 0\.4/], never: ["ETH"] }],
  },
  {
    id: "is-short",
    system: `portfolio:
  http: URL/status.json
  positions: ""
  fields: { symbol: pair, side: is_short, quantity: amount, price: current_rate, entry: open_rate, pnl: profit_abs }
`,
    http: {
      "status.json":
        '[{"trade_id":7,"pair":"ABC/USDT","is_open":true,"is_short":false,"amount":12.5,"open_rate":2,"current_rate":1.5,"profit_abs":-6.25}]',
    },
    asked: [{ ask: "portfolio is-short", says: [/ABC\/USDT +long .* 12\.5/] }],
  },
  {
    id: "tiny-amounts",
    system: `metrics:
${metric("funding", "p.json")}portfolio:
  http: URL/p.json
  positions: /positions
  fields: { symbol: s, side: side, quantity: q, price: p, entry: e, pnl: pnl }
`,
    http: {
      "p.json":
        '{"funding":1.25e-7,"positions":[{"s":"SHIB/USDT","side":"long","q":125000000.5,"p":0.00000812,"e":8.05e-6,"pnl":0.0000041},{"s":"BTC/USDT","side":"long","q":1.2e-7,"p":61000,"e":60990.123456}]}',
    },
    asked: [
      { ask: "metrics tiny-amounts", says: [/funding +(?:1\.25e-7|0\.000000125)/] },
      { ask: "portfolio tiny-amounts", says: ["0.00000812", "0.00000012", "0.0000041"] },
    ],
  },
  {
    id: "tiny-limits",
    system: `metrics:
  - { id: fee, title: Fee rate, source: { json: { url: "URL/m.json", path: /fee } }, warn: 0.00002, key: true }
`,
    http: { "m.json": '{"fee":0.000031}' },
    asked: [
      { ask: "metrics tiny-limits", says: ["! 0.000031", "warn above 0.00002"] },
      { ask: "metrics tiny-limits fee", says: ["Fee rate: 0.000031", "warn above 0.00002"], never: [/Lowest +0\n/] },
    ],
  },
  {
    id: "said-charset",
    system: `metrics:\n${metric("v", "v.json")}`,
    http: {
      "v.json": {
        body: Buffer.from('{"v": 3, "ort": "M\u00fcnchen"}', "latin1"),
        type: "application/json; charset=ISO-8859-1",
      },
    },
    asked: [{ ask: "metrics said-charset", says: [/v +3 /] }],
  },
  {
    id: "text-totals",
    system: `portfolio:
  http: URL/p.json
  positions: ""
  fields: { symbol: s, side: side, quantity: q, price: p, pnl: pnl }
  totals: [{ title: Equity, path: /0/eq, unit: USD }]
`,
    http: {
      "p.json":
        '[{"s":"BTC","side":"Long","q":0.5,"p":61000,"pnl":null,"eq":"123.4"},{"s":"ETH","side":"SELL","q":-2,"p":2500,"pnl":"-3.1"}]',
    },
    asked: [{ ask: "portfolio text-totals", says: [/Equity +123/, /BTC .*unknown/, /ETH .*-3\.10 USD/] }],
  },
];

const alertsOf = (fields: string, severities: string, more = ""): string =>
  `alerts:\n  - { id: src, poll: "URL/a.json", list: ${more}, fields: ${fields}, severities: ${severities} }\n`;
const nested = JSON.stringify([
  {
    fingerprint: "a1b2c3d4e5f60718",
    startsAt: `${iso(2 * 3_600_000)}.000Z`,
    status: { state: "active", silencedBy: [], inhibitedBy: [] },
    labels: { alertname: "MarginCallNear", severity: "critical" },
    annotations: { summary: "Margin ratio above 80 percent" },
  },
]);
const words = "{ critical: critical, warning: warning, info: info }";
const clock = (Date.parse(`${iso(3 * 3_600_000)}Z`) / 1_000).toFixed(0);

const alarms: readonly Case[] = [
  {
    id: "alert-by-dots",
    system: alertsOf(
      "{ id: fingerprint, severity: labels.severity, summary: annotations.summary, since: startsAt }",
      words,
      '""',
    ),
    http: { "a.json": nested },
    asked: [{ ask: "alerts alert-by-dots", says: ["✗", "Margin ratio above 80 percent", "critical"] }],
  },
  {
    id: "alert-by-pointer",
    system: alertsOf(
      "{ id: fingerprint, severity: /labels/severity, summary: /annotations/summary, since: startsAt }",
      words,
      '""',
    ),
    http: { "a.json": nested },
    asked: [{ ask: "alerts alert-by-pointer", says: ["✗", "Margin ratio above 80 percent", "critical"] }],
  },
  {
    id: "alert-since",
    system: alertsOf(
      "{ id: id, severity: sev, summary: name, since: clock }",
      '{ "4": critical, "2": warning }',
      "/problems",
    ),
    http: {
      "a.json": `{"problems":[{"id":"1","sev":"4","name":"epoch seconds as text","clock":"${clock}"},{"id":"2","sev":4,"name":"epoch ns as number","clock":${clock}000000000},{"id":"3","sev":"2","name":"zero time of Go","clock":"0001-01-01T00:00:00Z"},{"id":"4","sev":"2","name":"time without a zone","clock":"${iso(3 * 3_600_000).replace("T", " ")}"},{"id":"5","sev":"2","name":"epoch us","clock":${clock}000000}]}`,
    },
    asked: [
      {
        ask: "alerts alert-since",
        says: [
          /epoch seconds as text.*since 3 h/,
          /epoch ns as number.*since 3 h/,
          /time without a zone.*since 3 h/,
          /epoch us.*since 3 h/,
        ],
        never: [/zero time of Go.*since/],
      },
    ],
  },
  {
    id: "severity-in-another-case",
    system: alertsOf(
      "{ id: id, severity: severity, summary: summary }",
      "{ critical: critical, warning: warning }",
      "/alerts",
    ),
    http: {
      "a.json":
        '{"alerts":[{"id":"1","severity":"CRITICAL","summary":"Disk full"},{"id":"2","severity":"Critical","summary":"Queue stuck"}]}',
    },
    asked: [{ ask: "alerts severity-in-another-case", says: [/✗ .*Disk full/, /✗ .*Queue stuck/] }],
  },
  {
    id: "rows-that-are-over",
    system: `alerts:
  - { id: prom, poll: "URL/a.json", list: /data/alerts, when: { state: firing }, fields: { id: name, severity: severity, summary: summary, since: activeAt }, severities: { critical: critical } }
`,
    http: {
      "a.json":
        '{"status":"success","data":{"alerts":[{"name":"A","severity":"critical","state":"firing","summary":"really on","activeAt":"2026-11-28T05:00:00Z"},{"name":"B","severity":"critical","state":"resolved","summary":"over since an hour","activeAt":"2026-11-28T04:00:00Z"}]}}',
    },
    asked: [{ ask: "alerts rows-that-are-over", says: ["1 firing", "really on"], never: ["over since"] }],
  },
  {
    id: "alert-ids-of-19-digits",
    system: alertsOf("{ id: id, severity: severity, summary: summary }", "{ critical: critical }", "/alerts"),
    http: {
      "a.json":
        '{"alerts":[{"id":"1","severity":"critical","summary":"line one\\nline two `@everyone` <!channel> *b*"},{"id":"2","severity":null,"summary":null},{"id":1234567890123456789,"severity":"critical","summary":"number id"},{"id":1234567890123456790,"severity":"critical","summary":"another number id"}]}',
    },
    asked: [{ ask: "alerts alert-ids-of-19-digits", says: ["4 firing", ": number id", "another number id"] }],
  },
];

const health: readonly Case[] = [
  {
    id: "health-as-plain-text",
    system: `health:
  - { id: plain, http: "URL/degraded.txt" }
  - { id: word, http: "URL/healthy.txt", expect: { "": Healthy } }
`,
    http: { "degraded.txt": "Degraded", "healthy.txt": "Healthy" },
    asked: [{ ask: "status health-as-plain-text", says: [/plain +✗ down/, /word +✓ up/] }],
  },
  {
    id: "login-page",
    system: `health:\n  - { id: app, http: "URL/login" }\n`,
    http: {
      login: {
        body: "<!doctype html><html><body><form>Sign in</form></body></html>",
        type: "text/html",
      },
    },
    asked: [{ ask: "status login-page", says: [/app +\? unknown/, "login page"] }],
  },
  {
    id: "numbers-that-are-words",
    system: `health:
  - { id: app, http: "URL/v.json", expect: { /commit: 1234e8, /version: 1.10 } }
`,
    http: { "v.json": '{"commit":"1234e8","version":"1.10"}' },
    asked: [{ ask: "status numbers-that-are-words", says: [/app +✓ up/] }],
  },
  {
    id: "redirects",
    system: `health:
  - { id: slash, http: "URL/r1", expect: { /status: ok } }
  - { id: login, http: "URL/r2", expect: { /status: ok } }
  - { id: bare, http: "URL/r2" }
  - { id: secure, http: "URL/r3" }
`,
    http: {
      r1: { status: 308, location: "/well" },
      r2: { status: 302, location: "/redirects/login" },
      r3: { status: 301, location: "https://HOST/well" },
      login: { body: "<!doctype html><html>Sign in</html>", type: "text/html" },
    },
    asked: [
      {
        ask: "status redirects",
        says: [/slash +✓ up/, /login +\? unknown/, /bare +\? unknown/, /secure +\S .*https/],
        never: ["another host"],
      },
    ],
  },
];

const ids: readonly Case[] = [
  {
    id: "digits",
    system: `facts: [{ id: account, title: Account, json: { url: "URL/id.json", path: /account } }]
identity: { http: "URL/id.json", expect: { /account: 600000000000000002 } }
lists:
  backups: { title: Backups, json: { url: "URL/backups.json", path: /backups }, value: id }
operations:
  restore:
    summary: Restore a backup
    risk: change
    arguments: { backup: { type: text, title: Backup, from: backups, max: 60 } }
    steps: [{ id: restore, title: Restore, http: { method: POST, url: "URL/restore", json: { backup: "{backup}" } } }]
    verify: [{ id: ok, title: ok, watch: { json: { url: "URL/id.json", path: /ok }, is: "value == true", every: 1s, within: 30s } }]
`,
    http: {
      "id.json": '{"account": 600000000000000002, "ok": true}',
      "backups.json": '{"backups":[{"id":20000000000000003},{"id":600000000000000001}]}',
      restore: "{}",
    },
    asked: [{ ask: "status digits", says: [/Account +600000000000000002/] }],
  },
  {
    id: "neighbour",
    system: `identity: { http: "URL/id.json", expect: { /account: 600000000000000001 } }
operations:
  stop:
    summary: Stop it
    risk: change
    steps: [{ id: stop, title: Stop, http: { method: POST, url: "URL/stop" } }]
    verify: [{ id: ok, title: ok, watch: { json: { url: "URL/id.json", path: /ok }, is: "value == true", every: 1s, within: 30s } }]
`,
    http: { "id.json": '{"account": 600000000000000002, "ok": true}', stop: "{}" },
    asked: [
      {
        ask: 'run neighbour stop reason:"another account must be refused"',
        says: ["600000000000000002"],
        never: ["about to run"],
      },
    ],
  },
];

const world = describeWorld([...figures, ...alarms, ...health, ...ids]);

it("neither rounds the id of a backup to its neighbour's, nor takes the neighbour's for it", async () => {
  expect(await world.says('run digits restore backup:20000000000000004 reason:"a test of ids"')).toContain("no backup");
  expect(await world.says('run digits restore backup:20000000000000003 reason:"a test of ids"')).toContain("approved");
  await vi.waitFor(() => expect(world.sent).toEqual(['/digits/restore {"backup":"20000000000000003"}']), {
    timeout: 60_000,
    interval: 50,
  });
});
