// Your time: shows a moment in the reader's own zone. Without it the named zones are already on the page.
//
//   <div class="your-time" data-local-time-box hidden>
//     <dt>Your time</dt>
//     <dd class="num" data-local-time="2022-04-05T14:00:00Z" data-local-time-text="{time} ({zone})"></dd>
//   </div>
//
// data-local-time       the moment, ISO 8601 with Z or an offset
// data-local-time-text  optional, translated: where {time} and {zone} stand; default "{time} ({zone})"
// data-local-time-box   what to unhide; the element itself if there is none around it
// data-digits on <html> optional: the digits the page is set in, such as "arab"; default "latn", as Django writes them
//
// {time} is weekday, day, month, hour and minute in the page's language. {zone} is the zone's city and abbreviation
// ("Nairobi, GMT+3"); in a language not written in Latin letters, the zone's translated name, as city names come in
// English only. Anything that fails leaves the box hidden.
const root = document.documentElement;
// Plain "en" means American dates to a browser; the hub is written in British English.
const language = root.lang === "en" ? "en-GB" : root.lang;
// Browsers go on using the old spellings of these cities.
const spelling = { Calcutta: "Kolkata", Katmandu: "Kathmandu", Kiev: "Kyiv", Rangoon: "Yangon", Saigon: "Ho Chi Minh City" };
for (const out of document.querySelectorAll("[data-local-time]")) {
  try {
    const start = new Date(out.dataset.localTime);
    const format = (options) => new Intl.DateTimeFormat(language, {
      calendar: "gregory", numberingSystem: root.dataset.digits ?? "latn", ...options,
    });
    const named = (style) => format({ timeZoneName: style }).formatToParts(start).find((part) => part.type === "timeZoneName").value;
    const clock = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    const id = clock.resolvedOptions().timeZone;
    const latin = new Intl.Locale(language).maximize().script === "Latn";
    const city = /^(?!Etc\/).+\/(.+)$/.exec(id)?.[1].replaceAll("_", " ");
    const zone = !city ? named("short") : latin ? `${spelling[city] ?? city}, ${named("short")}` : named("longGeneric");
    const words = { "{time}": clock.format(start), "{zone}": zone };
    out.textContent = (out.dataset.localTimeText ?? "{time} ({zone})").replace(/\{(time|zone)\}/g, (name) => words[name]);
    (out.closest("[data-local-time-box]") ?? out).hidden = false;
  } catch {
    // A moment, language or zone this browser does not know: the named zones must do.
  }
}
