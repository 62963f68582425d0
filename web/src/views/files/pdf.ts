// The reader of PDF files, fetched when somebody first looks into one. Its worker is a file of our own: the page's policy
// allows nothing else, no code out of text, no other place.
import {
  getDocument,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
  PDFWorker,
} from "pdfjs-dist/build/pdf.min.mjs";
import address from "pdfjs-dist/build/pdf.worker.min.mjs?url";
import { fileUrl } from "../../wire/files";
import type { FileId } from "../../wire/types";

export type { PDFDocumentProxy };

type Policy = { createScriptURL(url: string): string };
declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

/** The only script address that this page ever makes out of a string: its own worker. */
const policy = window.trustedTypes?.createPolicy("parlour", {
  createScriptURL(url) {
    if (url !== address) throw new TypeError("not our worker");
    return url;
  },
});

function work(): Worker {
  return new Worker(policy ? policy.createScriptURL(address) : address, { type: "module" });
}

export function openPdf(id: FileId): PDFDocumentLoadingTask & { end: () => void } {
  const port = work();
  const task = getDocument({
    url: fileUrl(id),
    worker: PDFWorker.create({ port }),
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    // What the file brings itself is drawn; nothing else is fetched for it.
    disableAutoFetch: true,
    stopAtErrors: false,
  });
  const end = () => {
    void task.destroy().finally(() => port.terminate());
  };
  return Object.assign(task, { end });
}
