import { expect, it, vi } from "vitest";
import { z } from "zod";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const codeIn = (text: string): string => /Request ([0-9A-F]{6})/.exec(text)?.[1] ?? "";

/** Asked again and again, as somebody does who waits for it. */
async function comes(talk: Talk, question: string, words: RegExp): Promise<string> {
  return vi.waitFor(
    async () => {
      const { text } = await talk.asks("ana", question);
      expect(text).toMatch(words);
      return text;
    },
    { timeout: 60_000, interval: 1_500 },
  );
}

/** The other person reads it on Discord and says yes there. */
async function approvedOnDiscord(house: House, code: string): Promise<void> {
  const discord = discordTalk(house);
  await vi.waitFor(() => expect(discord.channel().some(({ text }) => text.includes(code))).toBe(true), 60_000);
  expect((await discord.presses("boris", "Approve")).text).toContain("Boris approved");
}

/** Both cards of a request come to say this. */
async function settled(house: House, code: string, title: string): Promise<void> {
  const copies = (talk: Talk) => talk.channel().filter(({ text }) => text.includes(code) && text.includes(title));
  for (const talk of [slackTalk(house), discordTalk(house)])
    await vi.waitFor(() => expect(copies(talk)).toHaveLength(1), { timeout: 60_000, interval: 250 });
}

it("a bad deploy is found by status, events and logs, and rolled back by two people to what ran before (PR1, PR5, PR8)", async () => {
  const house = await openHouse();
  const [slack, discord] = [slackTalk(house), discordTalk(house)];
  house.demo.kubernetes.release("v1.5.0");
  await comes(slack, "status prsm", /PRSM is degraded[^]*CrashLoopBackOff/);
  expect((await slack.asks("ana", "events prsm")).text).toContain("BackOff");
  expect((await discord.asks("ana", "logs prsm crash")).text).toContain("FTNS_LEDGER_URL is not set");
  expect((await slack.asks("ana", "pods prsm")).text).toContain("CrashLoopBackOff");
  // The table of pods before it comes with a file, which may be heard as its answer.
  await slack.asks("ana", 'rollback prsm api,worker reason:"the new release crashes"');
  const waiting = () => slack.channel().find(({ text }) => text.includes("rollback PRSM: waiting for approval"));
  const text = await vi.waitFor(() => z.string().parse(waiting()?.text), { timeout: 60_000, interval: 100 });
  expect(text).toMatch(/prsm-api: revision 5 to 4; prsm-worker: revision 4 to 3/);
  const code = codeIn(text);
  await approvedOnDiscord(house, code);
  await settled(house, code, "rollback PRSM: done");
  await comes(slack, "status prsm", /PRSM is up/);
});

it("scale prsm api 0 waits for a second person, and the way back does not (PR6)", async () => {
  const house = await openHouse();
  const slack = slackTalk(house);
  const asked = await slack.asks("ana", 'scale prsm api 0 reason:"nothing may answer now"');
  expect(asked.text).toContain("waiting for approval");
  expect(asked.text).toContain("prsm-api: 3 to 0 replicas");
  const discord = discordTalk(house);
  const bare = await discord.asks("boris", `confirm approve ${codeIn(asked.text)}`);
  expect(bare.text).toContain(`confirm approve ${codeIn(asked.text)} name:prsm-api`);
  const yes = await discord.asks("boris", `confirm approve ${codeIn(asked.text)} name:prsm-api`);
  expect(yes.text).toContain("Boris approved");
  await settled(house, codeIn(asked.text), "scale PRSM: done");
  const back = await slack.asks("ana", 'scale prsm api 3 reason:"it may answer again"');
  expect(back.text).toContain("Needs no approval");
  await settled(house, codeIn(back.text), "scale PRSM: done");
});

it("shutdown takes two and the typed name, empties what answers and computes, and leaves the data stores (PR6)", async () => {
  const house = await openHouse();
  const slack = slackTalk(house);
  const asked = await slack.asks("ana", 'shutdown prsm reason:"nothing may run now"');
  expect(asked.text).toContain("prsm-api: 3 to 0 replicas; prsm-worker: 3 to 0");
  const code = codeIn(asked.text);
  const wrong = await slack.asks("boris", `confirm approve ${code} name:prsm-api`);
  expect(wrong.text).toContain("Nothing was decided");
  await slack.asks("boris", `confirm approve ${code} name:prsm`);
  await settled(house, code, "shutdown PRSM: done");
  // What was told to end may take its time to be gone.
  expect(await comes(slack, "pods prsm", /PRSM, Pods: 5 rows/)).toContain("postgres-replica-0");
  await comes(
    slack,
    "status prsm",
    new RegExp(`API and Worker were scaled to 0 by Ana's request ${code} \\(shutdown\\), .*; PRSM is down`),
  );
});

it("an image goes by its digest, a tag alone is refused, and what would change is told before anybody is asked (PR7)", async () => {
  const slack = slackTalk(await openHouse());
  const tag = await slack.asks("ana", 'deploy prsm latest reason:"the new release"');
  expect(tag.text).toContain("An image has to be given by its digest");
  const digest = `sha256:${"a".repeat(64)}`;
  const deploy = await slack.asks("ana", `deploy prsm ${digest} --dry-run`);
  expect(deploy.text).toContain("set image of prsm-worker in deployment prsm-worker");
  expect(deploy.text).toContain("Nobody was asked");
  const resources = await slack.asks("ana", "run prsm resources service:api cpu:250m memory:1Gi --dry-run");
  expect(resources.text).toContain("prsm-api: 500m to 250m of processor, 512Mi to 1Gi of memory");
});
