import { expect, it, vi } from "vitest";
import { imageOf } from "../../demo/kubernetes/registry.ts";
import { type Kubectl, kubectlWith } from "../demo/kubectl.ts";
import { cardOf, codeOf, openRoom, type Room } from "./room.ts";

const patience = { timeout: 60_000, interval: 200 };

/** The demo's cluster, to which somebody else speaks as well. */
async function openClusterRoom() {
  const room = await openRoom();
  const kubectl = kubectlWith(room.demo.env["PRSM_KUBECONFIG"] ?? "");
  const change = async (...args: readonly string[]): Promise<void> => {
    expect(await kubectl(...args, "-n", "prsm-production")).not.toContain("error:");
  };
  return { room, kubectl, change };
}

/** Replicas and image of both, as they are to be. */
async function wanted(kubectl: Kubectl): Promise<string> {
  const columns = "custom-columns=N:.metadata.name,R:.spec.replicas,I:.spec.template.spec.containers[0].image";
  return kubectl("get", "deployments", "prsm-api", "prsm-worker", "-n", "prsm-production", "-o", columns);
}

async function asked(room: Room, text: string): Promise<string> {
  return codeOf(cardOf(await room.says("ana", `${text} reason:"the new release is slow"`)));
}

it("what somebody else scales or rolls out before the yes is left as it is, and what was asked for is asked for anew", async () => {
  const { room, kubectl, change } = await openClusterRoom();
  const none = await asked(room, "scale prsm api 0");
  await change("scale", "deployment/prsm-api", "--replicas=5");
  await room.says("boris", `confirm approve ${none} name:prsm-api`);
  await room.settled(none, "no longer valid");
  expect(room.copies(none)[0]?.summary).toContain("replicas 3 → 5");

  const back = await asked(room, "rollback prsm api,worker");
  await change("set", "image", "deployment/prsm-api", `prsm-api=${imageOf("v1.5.2")}`);
  await change("set", "image", "deployment/prsm-worker", `prsm-worker=${imageOf("v1.5.2")}`);
  const theirs = await wanted(kubectl);
  await room.says("boris", `confirm approve ${back}`);
  await room.settled(back, "no longer valid");
  expect(room.copies(back)[0]?.summary).toContain("Ask again.");
  expect(await wanted(kubectl)).toBe(theirs);
  expect(theirs).toMatch(/prsm-api +5 /);
});

it("what somebody else scales or rolls out while it is waited for ends the wait at once, with what they did", async () => {
  const { room, kubectl, change } = await openClusterRoom();
  // It never becomes ready, so that what is waited for does not come before somebody comes between.
  const digest = imageOf("v1.5.1").split("@")[1] ?? "";
  const deploy = await asked(room, `deploy prsm ${digest}`);
  await room.says("boris", `confirm approve ${deploy}`);
  const says = (code: string, words: RegExp) =>
    vi.waitFor(async () => {
      const shown = JSON.stringify(cardOf(await room.says("ana", `confirm show ${code}`)));
      expect(shown).toMatch(words);
    }, patience);
  await says(deploy, /not yet/);
  await change("set", "image", "deployment/prsm-worker", `prsm-worker=${imageOf("v1.5.2")}`);
  const theirs = await wanted(kubectl);
  await says(deploy, /it was changed meanwhile/);
  expect(await wanted(kubectl)).toBe(theirs);

  const settling = codeOf(
    cardOf(await room.says("ana", `confirm settle ${deploy} failed evidence:"somebody set the worker by hand"`)),
  );
  await room.says("boris", `confirm approve ${settling} seen:"kubectl shows their image"`);
  await room.settled(settling, "done");

  // Half of its pods never become ready either, so that it waits as well.
  const more = await asked(room, "scale prsm api 5");
  await says(more, /not yet/);
  await change("scale", "deployment/prsm-api", "--replicas=4");
  await says(more, /it is to have 4 pods, not 5: it was scaled meanwhile/);
  expect(await wanted(kubectl)).toMatch(/prsm-api +4 /);
});
