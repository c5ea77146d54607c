import { type Case, describeWorld } from "./world.ts";

const day = "since:2026-11-28T00:00Z until:2026-11-28T06:00Z";
const csv = (more: string): string => `logs: [{ id: main, file: t.csv, root: "ROOT", format: csv, ${more} }]\n`;

const cases: readonly Case[] = [
  {
    id: "header-again",
    system: csv("time: timestamp, show: [symbol, side, pnl]"),
    files: {
      "t.csv":
        "timestamp,symbol,side,pnl\n2026-11-28T04:00:00Z,BTC,buy,1.5\ntimestamp,symbol,side,pnl\n2026-11-28T04:10:00Z,ETH,sell,-0.5\ntimestamp,symbol,side,leverage,pnl\n2026-11-28T04:20:00Z,SOL,buy,3,2.5\n2026-11-28T04:30:00Z,SOL,sell,3,0.5\n",
    },
    asked: [
      {
        ask: `logs header-again ${day}`,
        says: ["4 lines", /SOL +sell +0\.5/, /ETH +sell +-0\.5/],
        never: ["could not be read"],
      },
      { ask: `logs header-again ${day} count-by:symbol`, says: [/BTC +1/, /ETH +1/, /SOL +2/] },
      { ask: `logs header-again ${day} where:symbol=SOL`, says: ["2 lines"] },
      { ask: `logs header-again ${day} where:leverage=3`, says: ["2 lines"] },
      { ask: `logs header-again ${day} where:nothing=3`, says: ["no column", "leverage"] },
    ],
  },
  {
    id: "blank-after-comma",
    system: csv("time: timestamp"),
    files: {
      "t.csv":
        'timestamp, name, utilization.gpu [%], note\n2026-11-28 04:00:00.123, Tesla T4, 35 %, "a, b"\n2026-11-28 04:00:10.123, Tesla T4, 37 %, plain\n',
    },
    asked: [
      { ask: `logs blank-after-comma ${day} where:name="Tesla T4"`, says: ["2 lines"] },
      { ask: `logs blank-after-comma ${day} where:note="a, b"`, says: ["1 line"], never: ["could not be read"] },
      { ask: `logs blank-after-comma ${day} count-by:name`, says: [/Tesla T4 +2/] },
    ],
  },
  {
    id: "semicolons",
    system: csv("time: Zeit"),
    files: { "t.csv": "\ufeffZeit;Symbol;Menge\r\n2026-11-28 04:00:00;BTC;0,5\r\n" },
    asked: [
      { ask: `logs semicolons ${day}`, says: ["1 line", "BTC;0,5"] },
      { ask: `logs semicolons ${day} where:Menge=0,5 fields:Menge`, says: ["1 line"] },
    ],
  },
  {
    id: "tabs",
    system: csv("time: at"),
    files: { "t.csv": "at\tsymbol\n2026-11-28 04:00:00\tBTC\n" },
    asked: [{ ask: `logs tabs ${day} where:symbol=BTC`, says: ["1 line"] }],
  },
  {
    id: "trailing-comma",
    system: csv("time: timestamp"),
    files: { "t.csv": "timestamp,symbol,qty\n2026-11-28 04:00:00,BTC,0.5,\n2026-11-28 04:01:00,ETH,2,\n" },
    asked: [{ ask: `logs trailing-comma ${day} where:symbol=BTC`, says: ["1 line"], never: ["could not be read"] }],
  },
];

describeWorld(cases);
