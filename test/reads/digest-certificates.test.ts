import { expect, it } from "vitest";
import { AlertsInFile, routingOf } from "../../src/domain/alerts/routing.ts";
import type { SeenCertificate } from "../../src/domain/systems/certificates.ts";
import { certificatesSection } from "../../src/reads/digests/certificates.ts";
import { fakeSystemPorts, policy } from "../commands/fixtures.ts";
import { scratchStore } from "../fakes/scratch-store.ts";
import { systemWith } from "../integrations/systems.ts";

const day = 86_400_000;
const now = Date.parse("2026-11-30T07:00:00Z");

async function sectionOf(certificates: readonly SeenCertificate[], within?: number) {
  const ports = {
    store: scratchStore({ now }),
    policy,
    routing: routingOf(AlertsInFile.parse({}), []),
    alerts: { listed: async () => [], judged: async () => [] },
    systems: { ...fakeSystemPorts(), certificates: { of: async () => certificates } },
  };
  const times = { from: now - day, to: now, zone: "UTC", before: { from: 0, to: 0 }, weekAgo: undefined };
  const options = { section: "certificates" as const, ...(within !== undefined && { within }) };
  return certificatesSection.find({ options, systems: [systemWith({})], recordedSince: 0, ...times }, ports);
}

it("what ends soon stands before all else, the first to end first, and what cannot be read is unavailable", async () => {
  const found = await sectionOf([
    { of: "api.example:443", endsAt: now + 60 * day },
    { of: "old.example", endsAt: now - 3 * day },
    { of: "soon.example", endsAt: now + 10 * day },
    { of: "gone.example", unread: "could not connect: connection refused" },
  ]);
  expect(found).toMatchObject({
    isPartial: true,
    words: "3 certificates; the first to end: old.example ended on 2026-11-27, 3 d ago: renew it",
    attention: [
      { text: "Certificate: old.example ended on 2026-11-27, 3 d ago: renew it", tone: "bad" },
      { text: "Certificate: soon.example ends on 2026-12-10, in 10 d: renew it", tone: "warning" },
    ],
    lines: [
      { tone: "bad" },
      { tone: "warning" },
      { text: "api.example:443 until 2027-01-29, 60 d", tone: "good" },
      { text: "gone.example: unavailable, could not connect: connection refused", tone: "unknown" },
    ],
  });
});

it("says how long before the end it is told where the section says so", async () => {
  const certificates = [{ of: "api.example", endsAt: now + 60 * day }];
  expect(await sectionOf(certificates, 90 * day)).toMatchObject({
    attention: [{ text: "Certificate: api.example ends on 2027-01-29, in 60 d: renew it", tone: "warning" }],
  });
  expect(await sectionOf(certificates)).toMatchObject({ attention: [] });
});

it("of certificates that cannot be read at all none is called good, and where there are none that is said", async () => {
  expect(await sectionOf([{ of: "gone.example", unread: "no answer within 5 s" }])).toMatchObject({
    unavailable: "gone.example: unavailable, no answer within 5 s",
  });
  expect(await sectionOf([])).toMatchObject({ words: "no address with TLS is named", lines: [] });
});
