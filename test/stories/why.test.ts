import { expect, it, vi } from "vitest";
import type { Card } from "../../src/domain/messages/card.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const reason = 'reason:"the desk is ready again"';

function wordsOf(card: Card): string {
  const items = card.blocks.flatMap((block) => (block.kind === "list" ? block.items.map(({ text }) => text) : []));
  return [card.title, card.summary, ...items].join("\n");
}

async function asked(room: Room, text: string, account = "ana"): Promise<string> {
  return wordsOf(cardOf(await room.says(account, text)));
}

async function stop(room: Room): Promise<string> {
  const code = codeOf(cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"')));
  await room.settled(code, "done");
  return code;
}

it("a resume is refused as it is asked for while the emergency stop is latched, and why says so before", async () => {
  const room = await openRoom();
  const refused = "the emergency stop is latched; reset it first: run alphapulse reset-stop";
  await stop(room);
  const told = await asked(room, "why resume alphapulse");
  expect(told).toContain("resume: you may ask, but it would be refused now");
  expect(told).toContain(`It would be refused: AlphaPulse-RL: ${refused}`);
  expect(told).toContain("1 approver or 1 lead (tier critical). Who could agree: Boris, Chen.");
  expect(await asked(room, "why run alphapulse resume")).toContain(refused);
  expect(await asked(room, `resume alphapulse ${reason}`)).toContain(refused);
  const opened = await room.bot().store.list("request", "openedAt");
  expect(JSON.stringify(opened)).not.toContain("/resume_trading");
  const reset = await asked(room, "why run alphapulse reset-stop");
  expect(reset).toContain("run: you may");
  expect(reset).toContain("It would wait for 1 approver or 1 lead (tier critical).");
});

it("what its conditions rest on and cannot be read is told as not known", async () => {
  const room = await openRoom();
  await room.demo.alphapulse.trading.fail({ kind: "error", only: "reads", times: 100 });
  const told = await asked(room, "why resume alphapulse");
  expect(told).toContain("resume: you may ask, but whether it would go ahead is not known");
  expect(told).toMatch(/Not known: .*AlphaPulse-RL.*Until it can be read it would be refused\./);
});

it("an operation that reads its system is judged as its system stands", async () => {
  const room = await openRoom();
  expect(await asked(room, "why run alphapulse maintenance-on")).toContain("It would wait for 1 approver or 1 lead");
  room.demo.alphapulse.setPositions([]);
  await vi.waitFor(
    async () => expect(await asked(room, "why run alphapulse maintenance-on")).toContain("Nobody else has to agree"),
    60_000,
  );
});

it("what has arguments is judged whole only with them, and says how", async () => {
  const room = await openRoom();
  expect(await asked(room, "why run alphapulse restart-service")).toContain(
    "What it needs of the system is checked with its arguments: run alphapulse restart-service service:… --dry-run",
  );
});

it("why of an operation with no command of its own says how it is asked for", async () => {
  const room = await openRoom();
  const told = await asked(room, "why reset-stop");
  expect(told).toContain("reset-stop is not a command of its own.");
  expect(told).toContain('run alphapulse reset-stop reason:"…"');
  expect(await asked(room, "why rollback-one prsm")).toContain('run prsm rollback-one service:… reason:"…"');
  expect(await asked(room, "why reset-stop", "nobody-known")).not.toContain("alphapulse");
  const scaled = await asked(room, "why scale prsm service:api n:4");
  expect(scaled).toContain("it would start at once or wait for 1 approver or 1 lead (tier critical)");
  expect(scaled).toContain("scale prsm service:api n:4 --dry-run");
});

it("help of an operation with no command of its own tells what it does and takes, who asks and who agrees", async () => {
  const room = await openRoom();
  const help = async (text: string, account = "ana") => JSON.stringify(cardOf(await room.says(account, text)));
  const told = await help("help reset-stop");
  expect(told).toContain("reset-stop is not a command of its own. It is asked for with run:");
  expect(told).toContain(
    `AlphaPulse-RL: ${room.config.systems.find(({ id }) => id === "alphapulse")?.operations["reset-stop"]?.summary}.`,
  );
  expect(told).toContain('run alphapulse reset-stop reason:\\"…\\"');
  expect(told).toContain("It takes the right to ask. Who may ask for it here: Ana, Chen.");
  expect(told).toContain("It would wait for 1 approver or 1 lead (tier critical). Who could agree: Boris, Chen.");
  const one = await help("help rollback-one prsm");
  expect(one).toContain('["service","yes","one of');
  expect(one).not.toContain("alphapulse");
  // The manual's checklist stands beside the operation, also where that is a command of its own (PR4, AP14).
  expect(await help("help release prsm")).toMatch(/The whole procedure[^]*1\. Review[^]*stage prsm <tag>[^]*two hours/);
  expect(await help("help maintenance-on")).toMatch(
    /The whole procedure[^]*full backup comes first[^]*resume alphapulse/,
  );
  const barred = await help("help reset-stop", "dana");
  expect(barred).toContain("which you may not do here");
  expect(barred).toContain("Dana may not ask on alphapulse. It takes the role operator or lead for alphapulse.");
  expect(await help("help reset-stop", "nobody-known")).not.toContain("alphapulse");
});

it("help of a command that somebody may not use says which right it takes and who has it", async () => {
  const room = await openRoom();
  const told = await asked(room, "help emergency-stop");
  expect(told).toContain("emergency-stop is a command that you may not use here: Stop trading at once");
  expect(told).toContain("Ana may not stop on alphapulse. It takes the role lead for alphapulse. Who may here: Chen.");
  expect(told).not.toContain("not a command");
  expect(await asked(room, "help audit")).toContain("audit is a command that you may not use here");
  expect(await asked(room, "help nosuch")).toContain("There is no command nosuch");
});

it("the operations of a system are told whole, and only its own", async () => {
  const room = await openRoom();
  const whole =
    "flatten, emergency-stop, close-out, stop-trader, maintenance-on, resume, reset-stop, set-mode, start-paper, watch-trading, update, restart, restart-service, backup, drill, restore, restore-config";
  expect(await asked(room, "help run")).toContain(`alphapulse: ${whole}`);
  const form = JSON.stringify(await room.says("ana", "run alphapulse"));
  expect(form).toContain("resume, reset-stop and 10 more");
  expect(form).not.toContain("rollback");
});

it("the form of an operation offers the systems that have it, and a stop says who reads its reason", async () => {
  const room = await openRoom();
  const restore = JSON.stringify(await room.says("ana", "restore"));
  expect(restore).toContain('"alphapulse"');
  expect(restore).not.toContain('"pulseguard"');
  const stopForm = JSON.stringify(await room.says("chen", "emergency-stop"));
  expect(stopForm).toContain("Why now? It stands on the card and on record.");
  expect(stopForm).not.toContain("who approve");
});

it("what has one value only is told as that, with what to do instead", async () => {
  const room = await openRoom();
  const told = JSON.stringify(await room.says("ana", `rollback prsm api ${reason}`));
  expect(told).toContain("It can only be");
  expect(told).toContain("run prsm rollback-one service:api");
  expect(told).not.toContain("Did you mean");
});

it("whoever stopped a trader is told the way back, on the card and in its status", async () => {
  const room = await openRoom();
  const code = await stop(room);
  const reset = 'run alphapulse reset-stop reason:"…"';
  await vi.waitFor(
    async () => {
      const card = JSON.stringify(cardOf(await room.says("chen", `confirm show ${code}`)).blocks);
      expect(card).toMatch(/It is followed by request [0-9A-F]{6} \(close-out\)/);
      expect(card).toMatch(
        /Next, in this order:.*close-out: request [0-9A-F]{6} is waiting.*alphapulse reset-stop.*so resume is not needed/,
      );
      expect(card).not.toContain("run alphapulse resume");
    },
    { timeout: 60_000 },
  );
  expect(await asked(room, "status alphapulse")).toContain(reset);
  const opened = codeOf(cardOf(await room.says("ana", `run alphapulse reset-stop ${reason}`)));
  expect(await asked(room, `why confirm approve ${opened}`, "boris")).toContain("the last yes that it needs");
  await room.says("boris", `confirm approve ${opened}`);
  await room.settled(opened, "done");
  expect(await asked(room, "status alphapulse")).not.toContain("reset-stop");
});

it("who may settle what nobody could prove is told by the rules of settling", async () => {
  const room = await openRoom();
  const none = await asked(room, "why confirm settle");
  expect(none).toContain("It takes two people who looked");
  expect(none).toContain("No outcome is open that you may see here");
  const code = codeOf(cardOf(await room.says("ana", 'flatten alphapulse reason:"the exchange is halting"')));
  expect(await asked(room, `why confirm settle ${code} failed`)).toContain(`Request ${code} has nothing to settle`);
  expect(await asked(room, `why confirm who ${code}`)).toContain(`${code}, flatten AlphaPulse-RL: yes`);
  expect(await asked(room, "why confirm who ABCDEF")).toContain("There is no request");
});

it("what there is not is told as that, and never as what somebody may or may not do", async () => {
  const room = await openRoom();
  const flaten = "AlphaPulse-RL has no operation flaten. Did you mean flatten?";
  expect(await asked(room, "why run alphapulse flaten")).toContain(flaten);
  expect(await asked(room, "why run alphapulse flaten", "dana")).toContain(flaten);
  expect(await asked(room, "why flatten prsm")).toContain("PRSM has no operation flatten. It has: ");
  for (const typed of ["why resume nosuch", "why run nosuch flatten", "why status nosuch"])
    expect(await asked(room, typed)).toContain(
      "There is no system nosuch that you may see here. There are alphapulse, logos, prsm, pulseguard.",
    );
  expect(await asked(room, "why flatten alphapuls")).toContain("Did you mean alphapulse?");
  expect(await asked(room, "why logs source:api")).toContain("alphapulse: yes");
});

it("an operation that there is not is told before what is missing", async () => {
  const room = await openRoom();
  const told = async (text: string) => {
    const given = await room.says("ana", text);
    expect(given.form).toBeUndefined();
    return wordsOf(cardOf(given));
  };
  expect(await told("run alphapulse flaten")).toContain("AlphaPulse-RL has no operation flaten. Did you mean flatten?");
  expect(await told("flatten prsm")).toContain("PRSM has no operation flatten. It has: ");
  expect(await told("rollback alphapulse")).toContain("AlphaPulse-RL has no operation rollback");
  expect(wordsOf(cardOf(await room.says("dana", "run alphapulse flaten")))).toContain("Dana may not ask");
});

it("who gave a reason is not asked whether they meant it", async () => {
  const room = await openRoom();
  const told = await asked(room, `flatten alphapulse now ${reason}`);
  expect(told).toContain('flatten does not know what "now" is for.');
  expect(told).toContain("inside the quotes of reason, which is given already");
  expect(told).not.toContain("Did you mean");
  expect(await asked(room, "flatten alphapulse the exchange halts")).toContain('Did you mean reason:"…"?');
  expect(await asked(room, `flatten alphapulse reasn:halting ${reason}`)).toContain("reason is given already");
});

it("help of an operation that several systems have tells what each of them does, and takes", async () => {
  const room = await openRoom();
  const help = async (text: string) => JSON.stringify(cardOf(await room.says("ana", text)));
  const both = await help("help rollback");
  expect(both).toContain("PRSM: Roll the API and the worker back to the image before.");
  expect(both).toContain("rollback prsm services:… reason");
  expect(both).toContain("Run the images of a stable tag, of every service.");
  expect(both).toContain("rollback logos tag:… reason");
  const one = await help("help scale prsm");
  expect(one).toContain("Change how many pods of the API or the worker run.");
  expect(one).not.toContain("Change how many containers of a service run");
});
