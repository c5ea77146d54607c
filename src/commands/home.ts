import { z } from "zod";
import { homeCard } from "../cards/home.ts";
import { defineCommand, viewerOf } from "../domain/commands/command.ts";
import { unusableFiles } from "../reads/configuration-trouble.ts";
import { firingNow } from "../reads/firing.ts";
import { visibleIncidents } from "../reads/incidents.ts";
import { toBeSettledBy, visibleRequests, waitsFor } from "../reads/requests.ts";
import { visibleSystems } from "../reads/visible-systems.ts";

/** What waits for the person stands first. A platform's home page shows the same. */
export const home = defineCommand({
  name: "home",
  summary: "What waits for you, and what is on fire",
  permission: "read",
  examples: ["home"],
  input: z.object({}),
  async run(_input, context) {
    const { store, systems, invocation } = context;
    const viewer = viewerOf(context);
    const [firing, open, incidents, files] = await Promise.all([
      firingNow(context, visibleSystems(systems, viewer)),
      visibleRequests(store, viewer),
      visibleIncidents(store, viewer),
      unusableFiles(store, viewer),
    ]);
    const yours = open.found.filter((each) => waitsFor(each, viewer));
    const toSettle = await toBeSettledBy(store, viewer, open.found);
    const isNamed = [...yours, ...toSettle].map(({ request }) => request.id);
    const others = open.found.filter(({ request }) => !isNamed.includes(request.id));
    const unreadable = [...open.unreadable, ...incidents.unreadable];
    return {
      private: true,
      card: homeCard(
        { files, firing, yours, toSettle, others, incidents: incidents.found, unreadable },
        invocation.now,
      ),
    };
  },
});
