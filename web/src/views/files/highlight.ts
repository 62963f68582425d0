// Code in colours: highlight.js finds the pieces, and hands them over as data. Its HTML is never made.
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scss from "highlight.js/lib/languages/scss";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

/** A tint is one of the eight hues of people, whose contrast holds in every theme. */
export type Token = { text: string; look: "" | "word" | "note" | "tint"; hue?: string };

const LANGUAGES = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  lua,
  makefile,
  php,
  python,
  ruby,
  rust,
  scss,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};

/** Collects what the highlighter says, in the order of the text. */
class Collector {
  readonly tokens: Token[] = [];
  #open: string[] = [];
  addText(text: string): void {
    if (text === "") return;
    // The innermost that we have a look for: a name inside a string is drawn as a string.
    const look = this.#open.map(lookOf).findLast((one) => one !== undefined);
    this.tokens.push({ text, look: "", ...look });
  }
  startScope(scope: string): void {
    this.#open.push(scope);
  }
  endScope(): void {
    this.#open.pop();
  }
  __addSublanguage(other: Collector): void {
    this.tokens.push(...other.tokens);
  }
  openNode(scope: string): void {
    this.startScope(scope);
  }
  closeNode(): void {
    this.endScope();
  }
  finalize(): void {}
  toHTML(): string {
    return "";
  }
}

const HUES: Record<string, string> = {
  string: "blue",
  regexp: "blue",
  char: "blue",
  link: "blue",
  number: "violet",
  literal: "violet",
  symbol: "violet",
  title: "teal",
  function: "teal",
  class: "teal",
  type: "ochre",
  built_in: "ochre",
  attr: "teal",
  attribute: "teal",
  property: "teal",
  variable: "clay",
  name: "clay",
  tag: "clay",
  "selector-tag": "clay",
  "selector-class": "teal",
  "selector-id": "teal",
  addition: "fern",
  deletion: "rose",
  section: "teal",
  bullet: "violet",
};

function lookOf(scope: string): Omit<Token, "text"> | undefined {
  const kind = scope.split(".")[0] ?? "";
  if (/^(keyword|selector-pseudo|doctag|operator)$/.test(kind)) return { look: "word" };
  if (/^(comment|quote|meta|prolog)$/.test(kind)) return { look: "note" };
  const hue = HUES[kind];
  return hue === undefined ? undefined : { look: "tint", hue };
}

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
hljs.configure({ __emitter: Collector } as unknown as Parameters<typeof hljs.configure>[0]);

export function highlight(text: string, language: string): Token[] {
  const { _emitter } = hljs.highlight(text, { language, ignoreIllegals: true });
  const { tokens } = _emitter as unknown as Collector;
  // Half of a highlighter must not eat a letter of what somebody wrote.
  return tokens.map((token) => token.text).join("") === text ? tokens : [{ text, look: "" }];
}
