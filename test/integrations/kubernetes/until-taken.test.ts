import { describe, expect, it } from "vitest";
import { type Handler, json } from "../backend.ts";
import { deployment, group, set } from "./cluster.ts";
import { type Sent, scale, scaleAt, step, taking } from "./step-bench.ts";

const at = `${group}/deployments/api`;
const conflict = json({ kind: "Status", reason: "Conflict", message: "the object has been modified" }, 409);
/** As a patch is answered whose `test` does not hold. */
const untrue = json({ kind: "Status", message: "the server rejected our request due to an error in our request" }, 422);

const image = `api@sha256:${"a".repeat(64)}`;
const setImage = { setImage: { deployment: "api", container: "api", image, from: "api:bad" } };
const scaling = { scale: { deployment: "api", replicas: 5 } };
const undo = { undo: { deployment: "api", toRevision: 2, image: "api:good", from: "api:bad" } };

/** Each change meets what is written in between: what `write` makes of the deployment that is read next. */
async function crossed(spec: object, write: (time: number) => object, answer: Handler = conflict) {
  const sent: Sent[] = [];
  const known: Record<string, unknown> = { [scaleAt]: scale(2) };
  const handler = taking(sent, known, (request, response) => {
    known[at] = write(sent.length);
    answer(request, response);
  });
  const { run } = await step(handler, spec);
  const { outcome, detail } = await run();
  return { outcome, detail, sent };
}

function written(time: number, spec: object = {}, metadata: object = {}) {
  const now = deployment({ spec });
  return { ...now, metadata: { ...now.metadata, resourceVersion: String(700 + time), ...metadata } };
}
const grown = (time: number, spec: object) => written(time, spec, { generation: 7 + time });
const ofTemplate = (annotations: object) => {
  const { template } = deployment().spec;
  return { template: { ...template, metadata: { ...template.metadata, annotations } } };
};

describe("a change that is crossed each time that it is sent", () => {
  it.each([
    ["an image", setImage, /what its pods are made from/],
    ["a restart", { restart: { deployment: "api" } }, /what its pods are made from/],
    ["a scale", scaling, /how many pods it is to have/],
    ["a pause", { pause: { deployment: "api" } }, /whether its rollout is paused/],
  ])("says of what only its controller writes that nobody changed it: %s", async (_what, spec, words) => {
    const { outcome, detail, sent } = await crossed(spec, (time) => written(time));
    expect(sent).toHaveLength(4);
    expect(outcome).toBe("refused");
    expect(detail).toMatch(
      /^deployment api was written to each of the 4 times .* \(nothing but how it is\), so nothing was changed/,
    );
    expect(detail).toMatch(words);
    expect(detail).not.toContain("somebody else");
  });

  it("tells what an autoscaler writes from what the change is about", async () => {
    const scaled = (time: number) => grown(time, { replicas: 2 + time });
    const { outcome, detail } = await crossed(setImage, scaled);
    expect(outcome).toBe("refused");
    expect(detail).toMatch(/written to .* \(replicas 2 → 6\).*Nobody changed what its pods are made from/);
    const scale4 = await crossed(scaling, scaled);
    expect(scale4.detail).toMatch(/was changed by somebody else meanwhile \(replicas 2 → 6\), so nothing was changed/);
  });

  it.each([
    ["another template", (time: number) => grown(time, ofTemplate({ restartedAt: `${time}` })), /\(template/],
    [
      "one that was made anew",
      (time: number) => written(time, {}, { uid: "u-other" }),
      /was made anew by somebody else/,
    ],
  ])("tells a change of somebody else as one: %s", async (_what, write, words) => {
    const { outcome, detail } = await crossed({ restart: { deployment: "api" } }, write);
    expect(outcome).toBe("refused");
    expect(detail).toMatch(words);
    expect(detail).toMatch(/by somebody else/);
  });

  it("is sent again where what it tests has moved, and not where the patch itself is wrong", async () => {
    const moved = await crossed(undo, (time) => grown(time, { replicas: 2 + time }), untrue);
    expect(moved.sent).toHaveLength(4);
    expect(moved.detail).toMatch(/Nobody changed what its pods are made from/);
    const wrong = await crossed(undo, (time) => written(time), untrue);
    expect(wrong.sent).toHaveLength(1);
    expect(wrong).toMatchObject({ outcome: "refused", detail: expect.stringContaining("422") });
  });

  it("is sent as what was read since is, once nobody writes in between", async () => {
    const sent: Sent[] = [];
    const known: Record<string, unknown> = { [`${group}/replicasets`]: { items: [set(2, "api:good")] } };
    const handler = taking(sent, known, (request, response) => {
      known[at] = grown(sent.length, { replicas: 9 });
      (sent.length < 2 ? untrue : json(deployment()))(request, response);
    });
    const { run } = await step(handler, undo);
    expect(await run()).toMatchObject({ outcome: "done" });
    expect(sent[1]?.body).toContainEqual({ op: "test", path: "/metadata/generation", value: 8 });
  });
});
