// A long text as a file, named by what it looks like.

export function asFile(text: string): File {
  const { name, type } = looksLike(text);
  return new File([text], name, { type });
}

function looksLike(text: string): { name: string; type: string } {
  if (/^\s*[[{]/.test(text) && isJson(text)) return { name: "paste.json", type: "application/json" };
  const marks = text.match(/^(#{1,4} |[-*] |\d+\. |```|> |\|.*\|$)/gm)?.length ?? 0;
  if (marks > 2 && /^(#{1,4} |```)/m.test(text)) return { name: "paste.md", type: "text/markdown" };
  return { name: "paste.txt", type: "text/plain" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
