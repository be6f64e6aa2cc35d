// Everybody together: asked for every few seconds, because these figures are put together from sketches, not pushed.
// Retention that nobody can know yet is a dash, and every estimate says how far it may be off.

import { born, byId, percent, put } from "./pieces.js";
import { ask } from "./session.js";

const EVERY_MS = 5000;
const RUNGS = 12; // rapids in the funnel; the rest is in /v1/fleet

const duration = (ms) => (ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`);

function tell(name, text, hint = "") {
  const place = byId(`fleet-${name}`);
  place.textContent = text;
  place.title = hint;
}

function back(name, { n, back: came, share }) {
  tell(name, share === null ? "–" : percent(share), share === null ? "Nobody's day is over yet" : `${came} of ${n}`);
}

function rung({ rapid, started, cleared }, most) {
  const row = born("rung");
  put(row, "th", rapid);
  row.querySelector(".bar").style.setProperty("--share", `${(started / most) * 100}%`);
  row.querySelector(".bar").style.setProperty("--cleared", `${(cleared / most) * 100}%`);
  put(row, "td:last-child", `${cleared} / ${started}`);
  return row;
}

function show(told) {
  tell("now", told.players_now, `${told.sessions_now} sessions`);
  tell("day", told.dau, `${told.sessions_today} sessions, ${told.began_today} new players`);
  tell("week", told.wau);
  tell("month", told.mau);
  back("d1", told.d1);
  back("d7", told.d7);
  const { p50_ms: p50, p95_ms: p95, p99_ms: p99, n } = told.latency;
  tell("late", n ? `${duration(p50)} / ${duration(p99)}` : "–", n ? `p95 ${duration(p95)}, over ${n} events` : "");
  tell("error", `Counts ± ${(told.error.counts * 100).toFixed(1)} % (one standard error, exact while few), latency ± ${percent(told.error.latency)}`);
  const most = Math.max(1, ...told.funnel.map((each) => each.started));
  byId("funnel-rows").replaceChildren(...told.funnel.slice(0, RUNGS).map((each) => rung(each, most)));
  byId("funnel").hidden = told.funnel.length === 0;
}

async function look() {
  try {
    const answer = await ask("/v1/fleet");
    if (answer.ok) show(await answer.json());
  } catch { /* the page says elsewhere that the API is away; these figures stay as they were */ }
  setTimeout(look, EVERY_MS);
}

look();
