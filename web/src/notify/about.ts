import type { FileInfo } from "../wire/types";

/** Says in a few words what a message says or has; set by whoever shows files. */
export const glance: { about: (text: string, files: FileInfo[]) => Promise<string> } = {
  about: async () => "",
};
