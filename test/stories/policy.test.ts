import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { configOrRefuse, demoPlace, inClone } from "../../src/compose/config.ts";
import { healthChecks } from "../../src/compose/health.ts";
import { watchConfig } from "../../src/compose/watch-config.ts";
import { configFingerprint } from "../../src/config/fingerprint.ts";
import type { Log } from "../../src/domain/log.ts";
import { runChecks } from "../../src/ops/health.ts";
import { cardOf, codeOf, openRoom, quiet, type Room } from "./room.ts";

const patience = { timeout: 60_000 };

/** The demo on files that somebody edits while it runs. */
async function openOnFiles(log: Log = quiet) {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-files-"));
  mkdirSync(join(folder, "systems"));
  cpSync(inClone("demo/config"), folder, { recursive: true });
  cpSync(inClone("systems"), join(folder, "systems"), { recursive: true });
  const room = await openRoom({
    change: (config) => ({
      ...config,
      policy: {
        ...config.policy,
        channels: config.policy.channels.map((each) => ({ ...each, operator: each.id === "quiet" })),
      },
    }),
  });
  const place = { ...demoPlace, folder, systemFolders: [join(folder, "systems")] };
  const since = await configFingerprint(place);
  const watch = watchConfig({ place, variables: room.demo.env, bot: room.bot(), log, since, everyMs: 25 });
  onTestFinished(async () => {
    await watch.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...room,
    watch,
    place,
    edit(file: string, part: string, by: string) {
      const text = readFileSync(join(folder, file), "utf8");
      if (!text.includes(part)) throw new Error(`${file} does not hold ${part}`);
      writeFileSync(join(folder, file), text.replace(part, by));
    },
  };
}

/** The code of the request that the files opened. */
async function waitingCode(room: Pick<Room, "chat">): Promise<string> {
  return vi.waitFor(() => {
    const cards = room.chat.messages
      .map(({ content }) => content.card)
      .filter(({ title }) => title.startsWith("change-policy"));
    const code = /Request ([0-9A-F]{6})/.exec(cards.at(-1)?.footer ?? "")?.[1];
    if (code === undefined) throw new Error("no change waits");
    return code;
  }, patience);
}

const second = `
  - id: ana2
    name: Ana Two
    accounts: { console: [ana2] }
    grants: [{ role: approver, systems: "*" }]
`;

it("a people file edited under a running bot waits for two people, and the one before it rules meanwhile", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  const shown = JSON.stringify(room.copies(code)[0]);
  expect(shown).toContain('people: ana2 is new: name \\"Ana Two\\", accounts console ana2');
  expect(shown).toContain("New: Ana Two (ana2): read, respond, audit, approve in the tier critical on every system");
  expect(shown).toContain("May agree to this: Boris (boris), Chen (chen).");
  const whole = await room.says("boris", `confirm show ${code}`);
  expect(JSON.stringify(cardOf(whole))).toContain(
    "New: Ana Two (ana2): read, respond, audit, approve in the tier critical on every system",
  );
  expect(shown).not.toContain("Cancel");
  expect(JSON.stringify(cardOf(await room.says("boris", "status")))).toContain(`request ${code} waits`);
  // Whoever may not see the request learns that something waits, and no more.
  const hers = JSON.stringify(cardOf(await room.says("ana", "status")));
  expect(hers).toContain("differ from those in force");
  expect(hers).not.toContain(code);
  const ready = await runChecks(healthChecks(room.bot(), () => []).ready, 5_000);
  expect(ready).toMatchObject({ ok: true, checks: { policy: expect.stringContaining(`request ${code} waits`) } });

  expect(cardOf(await room.says("ana2", "status")).summary).toContain("nobody Wardroom knows");
  expect(cardOf(await room.says("ana", `confirm approve ${code}`)).summary).toContain("There is no request");
  await room.says("boris", `confirm approve ${code}`);
  await room.says("boris", `confirm approve ${code}`);
  expect(cardOf(await room.says("ana2", "status")).title).not.toContain("up");
  await room.says("chen", `confirm approve ${code}`);
  await room.settled(code, "done");
  expect(cardOf(await room.says("ana2", "confirm list")).title).toContain("Nothing waits");
  expect(JSON.stringify(cardOf(await room.says("ana", "status")))).not.toContain("differ from those in force");
});

it("a change that comes into force ends at once what was asked before it, in words, and asks anew for what follows a stop", async () => {
  const room = await openOnFiles();
  const stop = codeOf(cardOf(await room.says("chen", 'emergency-stop alphapulse reason:"it buys against the limit"')));
  await room.settled(stop, "done");
  const closeOuts = () =>
    [...new Set(room.chat.messages.map(({ content }) => content.card))].filter(({ title }) =>
      title.startsWith("close-out"),
    );
  await vi.waitFor(() => expect(closeOuts()).not.toEqual([]), patience);
  const first = codeOf(closeOuts()[0] ?? cardOf(await room.says("ana", "status")));
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  // Its card follows what is asked while it waits.
  const asked = codeOf(cardOf(await room.says("ana", "flatten alphapulse reason:drill")));
  const shows = (words: string) =>
    vi.waitFor(() => {
      for (const card of room.copies(code)) expect(JSON.stringify(card)).toContain(words);
    }, patience);
  await shows(`${asked}: flatten AlphaPulse-RL, waiting for approval, asked by Ana`);
  await shows(`${first}: close-out AlphaPulse-RL`);
  await room.says("boris", `confirm approve ${code}`);
  await shows("1 of 2 said yes: Boris.");
  await room.says("chen", `confirm approve ${code}`);
  await room.settled(code, "done");

  await room.settled(asked, "no longer valid");
  expect(room.copies(asked)[0]?.summary).toBe(
    'The approval rules changed since this was asked, so it is over; nothing was run. Ask again: run alphapulse flatten reason:"…".',
  );
  expect(room.copies(asked)[0]?.blocks.filter(({ kind }) => kind === "moment")).toMatchObject([{ label: "Ended" }]);
  await room.settled(first, "no longer valid");
  expect(room.copies(first)[0]?.summary).toContain("Wardroom asks for it anew by itself");
  await vi.waitFor(() => {
    const waiting = closeOuts().filter(({ title }) => title.endsWith("waiting for approval"));
    expect(waiting.map(codeOf)).not.toContain(first);
    expect(waiting).not.toEqual([]);
  }, patience);
  const anew = codeOf(
    closeOuts().find(({ title }) => title.endsWith("waiting for approval")) ?? cardOf(await room.says("ana", "status")),
  );
  // Who came in with the new rules agrees to what is asked under them, and to nothing that was asked before.
  expect(cardOf(await room.says("ana2", `confirm approve ${asked}`)).summary).toContain("no longer valid");
  await room.says("ana2", `confirm approve ${anew}`);
  await room.settled(anew, "done");
});

it("what is not about people and rules is in use at once, also while a change of these waits", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  room.edit("systems/alphapulse.yaml", "title: AlphaPulse-RL", "title: Alpha");
  await vi.waitFor(async () => {
    expect(cardOf(await room.says("ana", "status alphapulse")).title).toContain("Alpha is");
  }, patience);
  // Nothing about people has changed since: the same request waits.
  expect(room.copies(code)[0]?.title).toContain("waiting for approval");
});

it("a file that cannot be used leaves all as it was, and the operators are told what is wrong and when it is over", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "role: viewer", "role: viewr");
  const told = (words: string) =>
    vi.waitFor(() => {
      const cards = room.chat.messages
        .filter(({ place }) => place.channel === "quiet")
        .map(({ content }) => content.card);
      expect(cards.map(({ title, summary }) => `${title} ${summary ?? ""}`).join("\n")).toContain(words);
    }, patience);
  await told("Did you mean `viewer`?");
  await told("its people and rules stay in force");
  expect(JSON.stringify(cardOf(await room.says("chen", "status")))).toMatch(/people\.yaml:\d+:\d+: people/);
  // Who the files name is for those who see what concerns Wardroom itself.
  const hers = JSON.stringify(cardOf(await room.says("dana", "status")));
  expect(hers).toContain("cannot be used, so the configuration before them stays in use");
  expect(hers).not.toContain("people.yaml");
  expect(JSON.stringify(cardOf(await room.says("chen", "home")))).toContain("Did you mean `viewer`?");
  room.edit("people.yaml", "role: viewr", "role: viewer");
  await told("trouble with its configuration is over");
  expect(JSON.stringify(cardOf(await room.says("chen", "status")))).not.toContain("cannot be used");
});

it("a start on files that can be used ends what was told of those before it", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "role: viewer", "role: viewr");
  const files = async () => JSON.stringify(cardOf(await room.says("chen", "status")));
  await vi.waitFor(async () => expect(await files()).toContain("cannot be used"), patience);
  await room.watch.stop();
  room.edit("people.yaml", "role: viewr", "role: viewer");
  await room.restart();
  const since = await configFingerprint(room.place);
  const watch = watchConfig({ place: room.place, variables: room.demo.env, bot: room.bot(), log: quiet, since });
  onTestFinished(() => watch.stop());
  await vi.waitFor(async () => expect(await files()).not.toContain("cannot be used"), patience);
});

it("what could merely be better in one file is told as a warning, also while another file cannot be used", async () => {
  const said: { readonly level: string; readonly words: string }[] = [];
  const heard = (level: string) => (message: string, fields?: object) => {
    said.push({ level, words: `${message} ${JSON.stringify(fields)}` });
  };
  const log: Log = { ...quiet, warn: heard("warn"), error: heard("error"), child: () => log };
  const room = await openOnFiles(log);
  room.edit("systems/alphapulse.yaml", "probe: { backend: trader, path: /operations }", "");
  room.edit("people.yaml", "role: viewer", "role: viewr");
  const of = (level: string) => said.filter((each) => each.level === level).map(({ words }) => words);
  await vi.waitFor(() => expect(of("error").join("\n")).toContain("people.yaml"), patience);
  expect(of("error").join("\n")).not.toContain("alphapulse.yaml");
  expect(of("warn")).toContainEqual(expect.stringMatching(/could be better.*alphapulse\.yaml:\d+:\d+/));
});

it("a change that was denied says that the files still hold it, and how it is asked for again", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  await room.says("boris", `confirm deny ${code}`);
  await room.settled(code, "denied");
  expect(JSON.stringify(room.copies(code)[0])).toContain("the files hold this until somebody takes it out of them");
  expect(await room.watch.read({ again: false })).toMatchObject({
    waiting: expect.stringContaining("Denied by Boris. wardroom reload asks again."),
  });
  await room.watch.read({ again: true });
  expect(await waitingCode(room)).not.toBe(code);
});

it("files that leave fewer than two who decide are put to nobody, whoever would agree, and the operators learn who would be left", async () => {
  const room = await openOnFiles();
  const [both, one] = ["prsm, wardroom] }", "prsm] }"].map(
    (end) => `role: lead, systems: [pulseguard, alphapulse, logos, ${end}`,
  );
  if (both === undefined || one === undefined) throw new Error("the edit is not written");
  room.edit("people.yaml", both, one);
  const told = (words: string) =>
    vi.waitFor(() => {
      const cards = room.chat.messages.filter(({ place }) => place.channel === "quiet");
      expect(JSON.stringify(cards.map(({ content }) => content.card))).toContain(words);
    }, patience);
  await told(
    "It would leave only Boris (boris) to decide on people and rules. Nobody's yes in chat puts that in force",
  );
  await told("wardroom policy adopt --offline on its machine");
  const asked = () => room.chat.messages.filter(({ content }) => content.card.title.startsWith("change-policy"));
  expect(asked()).toEqual([]);
  expect(JSON.stringify(cardOf(await room.says("boris", "status")))).toContain("only Boris (boris)");
  // Who may not see what concerns Wardroom itself learns that they differ, and nobody's name.
  const hers = JSON.stringify(cardOf(await room.says("ana", "status")));
  expect(hers).toContain("differ from those in force");
  expect(hers).not.toContain("Boris");
  expect(await room.watch.read({ again: true })).toMatchObject({
    taken: true,
    waiting: expect.stringContaining("only Boris (boris)"),
  });
  expect(asked()).toEqual([]);
  room.edit("people.yaml", one, both);
  await told("trouble with its people and rules is over");
  expect(JSON.stringify(cardOf(await room.says("boris", "status")))).not.toContain("differ from those in force");
});

it("files that say again what rules take the change back", async () => {
  const room = await openOnFiles();
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  room.edit("people.yaml", second, "\n");
  await room.settled(code, "taken back");
  expect(room.copies(code)[0]?.summary).toBe("The files say again what is in force.");
});

it("a restart with other files does not put them in force either", async () => {
  const room = await openOnFiles();
  const before = (await room.bot().policyInForce()).revision;
  room.edit("people.yaml", "people:\n", `people:${second}`);
  const code = await waitingCode(room);
  const { config } = await configOrRefuse(room.place, room.demo.env);
  await room.restart(config);
  expect((await room.bot().policyInForce()).revision).toBe(before);
  expect(room.copies(code)[0]?.title).toContain("waiting for approval");
});
