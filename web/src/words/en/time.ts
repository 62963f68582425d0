// Dates and times as a reader of this language expects them; hours by the system's own habit (12 or 24).
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "full" });
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const startOf = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const time = {
  /** 9:41 */
  clock: (at: Date) => clock.format(at),
  /** Thursday 12 June 2026 at 09:41:07 */
  exact: (at: Date) => exactly.format(at),
  /** Today, Yesterday, Thursday 12 June, Thursday 12 June 2025 */
  day: (at: Date, now = new Date()) => {
    const days = Math.round((startOf(at) - startOf(now)) / 86_400_000);
    if (days === 0 || days === -1) return capital(relative.format(days, "day"));
    const words = at.getFullYear() === now.getFullYear() ? weekday.format(at) : full.format(at);
    return words.replace(",", "");
  },
};
