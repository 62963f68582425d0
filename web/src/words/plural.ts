// Plurals by the language's own rules, numbers and dates by Intl. A catalogue in another language brings its own locale.

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** `{n}` stands for the number, written as the language writes it. */
export function plurals(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace("{n}", numbers.format(n));
}

export const plural = plurals("en");
export const numbers = new Intl.NumberFormat("en");
const and = new Intl.ListFormat("en", { type: "conjunction" });
/** "Ana, Bo, and Cy" */
export const listed = (names: string[]): string => and.format(names);
