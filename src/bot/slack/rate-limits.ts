import type { Pace } from "../chat/pacing.ts";

/** Calls a minute for a workspace, by Slack's tiers: docs.slack.dev/apis/web-api/rate-limits. */
export const slackPerMinute: Readonly<Record<string, number>> = {
  "chat.update": 50,
  "chat.postEphemeral": 100,
  "chat.delete": 50,
  "conversations.history": 50,
  "conversations.replies": 50,
  "conversations.join": 50,
  "conversations.open": 50,
  "conversations.create": 20,
  "conversations.invite": 50,
  "conversations.list": 20,
  "conversations.setTopic": 20,
  "bookmarks.add": 20,
  "bookmarks.list": 50,
  "pins.add": 20,
  "files.getUploadURLExternal": 100,
  "files.completeUploadExternal": 100,
  "users.info": 100,
  "usergroups.list": 20,
  "views.open": 100,
  "views.publish": 100,
};
/** "Generally one message a second in a channel, with short bursts; a workspace has several hundred a minute." */
export const slackInChannel: Pace = { perSecond: 1, burst: 5 };
export const slackInWorkspace: Pace = { perSecond: 10, burst: 50 };

/** The part of a minute's calls that may be made at once. */
const atOnce = 0.2;

/** What a method may be called: in no minute, however it lies, more often than its tier says. Other methods by the workspace's. */
export function slackPace(method: string): Pace {
  const perMinute = slackPerMinute[method];
  if (perMinute === undefined) return slackInWorkspace;
  const burst = Math.ceil(perMinute * atOnce);
  // What is drawn at once after a quiet time comes on top of what comes back within the minute.
  return { perSecond: (perMinute - burst) / 60, burst };
}
