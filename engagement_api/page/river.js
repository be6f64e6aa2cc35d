// The live page: asks once who is here, then hears of what happens (server-sent events).
// Whatever a player could have written is put in as text, never as HTML.

import "./failed.js";
import "./fleet.js";
import { announce, answer, born, byId, grade, percent, plain, put, signed } from "./pieces.js";
import { ask } from "./session.js";
import "./trial.js";
import { explain } from "./why.js";

const SHOWN = 60; // rows; a crowd is counted, not listed
const FEED = 40;
const FADES_MS = 30 * 60 * 1000; // a session ends after half an hour without an event
const AGAIN_MS = 3000;
const CHANNEL = 2; // logits from the middle of the flow scale to its end

const players = new Map(); // name -> {signal, goal, seen, row}
const goalTimes = [];
let due = false;

function known(name) {
  if (!players.has(name)) players.set(name, { signal: null, goal: null, seen: 0, row: null });
  return players.get(name);
}

function believe(signal) {
  const player = known(signal.subject);
  player.signal = signal;
  player.seen = Date.now();
  redrawSoon();
}

function newest(goal) {
  const player = known(goal.subject);
  if (player.goal && player.goal.data.revision >= goal.data.revision) return false;
  player.goal = goal;
  redrawSoon();
  return true;
}

function redrawSoon() {
  if (due) return;
  due = true;
  setTimeout(() => { due = false; redraw(); }, 200);
}

function redraw() {
  const now = Date.now();
  for (const [name, player] of players) {
    if (player.signal && now - player.seen > FADES_MS) { player.row?.remove(); players.delete(name); }
  }
  const here = [...players.values()].filter((player) => player.signal);
  // People first, then by name: rows that change places all the time cannot be read.
  const rank = (player) => (player.signal.playerkind === "human" ? 0 : 1);
  here.sort((a, b) => rank(a) - rank(b) || a.signal.subject.localeCompare(b.signal.subject));
  const part = sought();
  const found = here.filter((player) => player.signal.subject.toLowerCase().includes(part));
  const shown = new Set(found.slice(0, SHOWN));
  here.filter((player) => !shown.has(player)).forEach((player) => { player.row?.remove(); player.row = null; });
  const rows = byId("rows");
  [...shown].forEach((player, place) => {
    player.row ??= newRow(player);
    fill(player.row, player);
    if (rows.children[place] !== player.row) rows.insertBefore(player.row, rows.children[place] ?? null);
  });
  byId("nobody").hidden = here.length > 0;
  byId("table").hidden = shown.size === 0;
  announce("found", shown.size === here.length ? "" : `${shown.size} of ${here.length} shown`);
  byId("count").textContent = here.length;
  byId("alone").textContent = here.filter((player) => !player.signal.data.consent).length;
}

// The button in it is for the keyboard and for voices; its click is the row's click.
function newRow(player) {
  const row = born("row");
  row.addEventListener("click", () => explain(player.signal.subject));
  return row;
}

const sought = () => byId("who").value.trim().toLowerCase();

// A part of a name that only one player here has means that player; else the name is taken as it stands, because who
// went long ago is in the history and not on this page.
function find(event) {
  event.preventDefault();
  const name = byId("who").value.trim();
  const part = sought();
  const alike = [...players.keys()].filter((other) => other.toLowerCase().includes(part));
  if (name) explain(!players.has(name) && alike.length === 1 ? alike[0] : name);
}

function fill(row, { signal, goal }) {
  const belief = signal.data;
  put(row, ".player", signal.subject);
  const kind = row.querySelector(".kind");
  kind.textContent = signal.playerkind;
  kind.className = `kind pill ${signal.playerkind}`;
  row.querySelector(".consent").hidden = belief.consent;
  put(row, ".skill", signed(belief.skill));
  row.querySelector(".success .bar").style.setProperty("--share", `${Math.round(belief.success * 100)}%`);
  put(row, ".success b", percent(belief.success));
  const gap = belief.flow_gap;
  const channel = row.querySelector(".channel");
  channel.style.setProperty("--at", `${50 + (Math.max(-CHANNEL, Math.min(CHANNEL, gap)) / CHANNEL) * 50}%`);
  channel.className = `channel ${gap > 0.5 ? "easy" : gap < -0.5 ? "hard" : ""}`;
  put(row, ".flow b", gap > 0.5 ? "too easy" : gap < -0.5 ? "too hard" : "in flow");
  const streak = row.querySelector(".streak");
  streak.textContent = belief.streak === 0 ? "–" : `${belief.streak > 0 ? "▲" : "▼"} ${Math.abs(belief.streak)}`;
  streak.className = `streak ${belief.streak > 0 ? "up" : belief.streak < 0 ? "down" : ""}`;
  const pace = row.querySelector(".pace .pill");
  pace.textContent = plain(belief.pace_state);
  pace.className = `pill ${belief.pace_state}`;
  grade(row.querySelector(".grade"), goal);
}

function decided(goal) {
  if (!newest(goal)) return;
  goalTimes.push(Date.now());
  byId("silence").hidden = true;
  const item = answer(goal);
  item.classList.add("new");
  const feed = byId("feed");
  feed.prepend(item);
  while (feed.children.length > FEED) feed.lastElementChild.remove();
}

function showSwitch(on) {
  byId("switch").setAttribute("aria-checked", String(on));
  byId("switch-words").textContent = on ? "The river adapts" : "The river leaves all alone";
}

async function turn() {
  const on = byId("switch").getAttribute("aria-checked") !== "true";
  const response = await ask("/v1/adaptation", {
    method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ on }),
  });
  if (response.ok) showSwitch((await response.json()).on);
  else say("The switch could not be turned: the history does not answer.", true);
}

function say(words, away) {
  byId("link").textContent = words;
  byId("link").className = away ? "away" : "";
}

function loop({ loop, on }) {
  if (loop.n) {
    byId("p50").textContent = loop.p50.toFixed(1);
    byId("p99").textContent = loop.p99.toFixed(1);
  }
  showSwitch(on);
}

async function meet() {
  const response = await ask("/v1/players");
  if (!response.ok) return;
  for (const { signals, goal } of await response.json()) {
    believe(signals);
    if (goal) newest(goal);
  }
}

// A browser gives a stream up that was answered with anything but 200; whether that was a 401 it does not say.
async function refused() {
  const status = await ask("/v1/adaptation").then((answer) => answer.status, () => 0);
  if (status === 401) say("Sign in to look at this river", true);
  else setTimeout(open, AGAIN_MS);
}

function open() {
  const stream = new EventSource("/v1/stream");
  stream.onopen = () => { say("Live: the river, and why it changes", false); meet(); };
  stream.onerror = () => {
    say("The API is away; trying again…", true);
    if (stream.readyState === EventSource.CLOSED) refused();
  };
  stream.addEventListener("signals", (event) => JSON.parse(event.data).forEach(believe));
  stream.addEventListener("decisions", (event) => JSON.parse(event.data).forEach(decided));
  stream.addEventListener("loop", (event) => loop(JSON.parse(event.data)));
}

byId("switch").addEventListener("click", turn);
byId("who").addEventListener("input", redrawSoon);
byId("find").addEventListener("submit", find);
setInterval(() => {
  while (goalTimes.length && goalTimes[0] < Date.now() - 60_000) goalTimes.shift();
  byId("rate").textContent = goalTimes.length;
}, 1000);
open();
