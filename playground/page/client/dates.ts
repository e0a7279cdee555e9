/** The only place that writes Slack's date tokens as local times. https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export interface DateContext {
  now: number;
  locale?: string | undefined;
  timeZone?: string | undefined;
}

/** Fills `{date_short}`, `{time}` … in a token's format with the local form of that second. */
export function showDate(format: string, seconds: number, at: DateContext): string {
  const forms = formsOf(seconds * 1000, at);
  return format.replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => forms[name]?.() ?? whole);
}

/** The hour and minute of a message's `ts`. */
export function clockTime(ts: string, at: DateContext): string {
  return showDate("{time}", Number.parseFloat(ts), at);
}

function formsOf(ms: number, at: DateContext): Readonly<Record<string, () => string>> {
  const date = new Date(ms);
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(at.locale, { ...options, timeZone: at.timeZone }).format(date);
  const day = { day: "numeric", month: "long", year: "numeric" } as const;
  const short = { day: "numeric", month: "short", year: "numeric" } as const;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const pretty = (other: () => string) => () => nearDay(ms, at) ?? other();
  const forms = {
    date_num: () => isoDay(ms, at),
    date: () => write(day),
    date_short: () => write(short),
    date_long: () => write({ ...day, weekday: "long" }),
    time: () => write(time),
    time_secs: () => write({ ...time, second: "2-digit" }),
    ago: () => ago(ms, at),
  };
  return {
    ...forms,
    date_pretty: pretty(forms.date),
    date_short_pretty: pretty(forms.date_short),
    date_long_pretty: pretty(forms.date_long),
  };
}

function isoDay(ms: number, at: DateContext): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: at.timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(ms));
}

function nearDay(ms: number, at: DateContext): string | null {
  const dayMs = 86_400_000;
  const day = isoDay(ms, at);
  if (day === isoDay(at.now, at)) return "today";
  if (day === isoDay(at.now - dayMs, at)) return "yesterday";
  return day === isoDay(at.now + dayMs, at) ? "tomorrow" : null;
}

function ago(ms: number, at: DateContext): string {
  const seconds = Math.round((ms - at.now) / 1000);
  const write = new Intl.RelativeTimeFormat(at.locale, { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 60) return write.format(seconds, "second");
  if (size < 3600) return write.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return write.format(Math.round(seconds / 3600), "hour");
  return write.format(Math.round(seconds / 86_400), "day");
}
