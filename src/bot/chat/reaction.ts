/** ✅ under a message about alerts says the same as `ack` with all of them; it is asked of nothing else, and approves nothing. */
export const reactionCommand = "ack";
/** What that is called on Slack, and what it is on Discord. */
export const reactionNames = { slack: "white_check_mark", discord: "✅" } as const;
