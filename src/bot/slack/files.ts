import type { Attachment } from "../../domain/messages/card.ts";
import type { Lane } from "../../domain/messages/lane.ts";
import { plainPost } from "./plain-post.ts";
import type { SlackWeb } from "./web.ts";

/** How long a file may take on its way. */
const uploadMs = 15_000;

interface Uploading {
  readonly web: SlackWeb;
  readonly lane: Lane;
}

/** Puts a file into Slack without showing it anywhere. Answers its id. */
export async function uploadFile(file: Attachment, { web, lane }: Uploading): Promise<string> {
  const { upload_url: address, file_id: id } = await web.call({
    method: "files.getUploadURLExternal",
    lane,
    send: (client) => client.files.getUploadURLExternal({ filename: file.name, length: file.bytes.length }),
  });
  if (address === undefined || id === undefined) throw new Error("Slack gave no address to upload to");
  const status = await plainPost(address, { body: file.bytes, type: "application/octet-stream", withinMs: uploadMs });
  if (status === undefined) throw new Error("Slack did not take the file in time");
  if (status >= 300) throw new Error(`Slack did not take the file: ${status}`);
  return id;
}

/** Makes uploaded files usable; with a channel, shows them there. */
export async function completeFiles(
  files: readonly { readonly id: string; readonly title: string }[],
  to: Uploading & { readonly channel?: string; readonly thread?: string },
): Promise<void> {
  const [first, ...rest] = files;
  if (!first) return;
  const { web, lane, channel, thread } = to;
  await web.call({
    method: "files.completeUploadExternal",
    lane,
    send: (client) => {
      if (channel === undefined) return client.files.completeUploadExternal({ files: [first, ...rest] });
      const shown = { files: [first, ...rest] as [typeof first, ...typeof rest], channel_id: channel };
      return thread === undefined
        ? client.files.completeUploadExternal(shown)
        : client.files.completeUploadExternal({ ...shown, thread_ts: thread });
    },
  });
}
