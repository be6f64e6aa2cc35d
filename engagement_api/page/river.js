// The live page: asks once who is here, then hears of what happens (server-sent events).
// Whatever a player could have written is put in as text, never as HTML.

const SHOWN = 60; // rows; a crowd is counted, not listed
const FEED = 40;
const FADES_MS = 30 * 60 * 1000; // a session ends after half an hour without an event
const CHANNEL = 2; // logits from the middle of the flow scale to its end

const byId = (id) => document.getElementById(id);
const players = new Map(); // name -> {signal, goal, seen, row}
const goalTimes = [];
let due = false;

function born(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

function put(parent, selector, text) {
  parent.querySelector(selector).textContent = text;
}

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
  here.slice(SHOWN).forEach((player) => { player.row?.remove(); player.row = null; });
  const rows = byId("rows");
  here.slice(0, SHOWN).forEach((player, place) => {
    player.row ??= newRow(player);
    fill(player.row, player);
    if (rows.children[place] !== player.row) rows.insertBefore(player.row, rows.children[place] ?? null);
  });
  byId("nobody").hidden = here.length > 0;
  byId("table").hidden = here.length === 0;
  byId("count").textContent = here.length;
  byId("alone").textContent = here.filter((player) => !player.signal.data.consent).length;
}

function newRow(player) {
  const row = born("row");
  const open = () => explain(player.signal.subject);
  row.addEventListener("click", open);
  row.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
  return row;
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
  put(row, ".success b", `${Math.round(belief.success * 100)} %`);
  const gap = belief.flow_gap;
  const channel = row.querySelector(".channel");
  channel.style.setProperty("--at", `${50 + (Math.max(-CHANNEL, Math.min(CHANNEL, gap)) / CHANNEL) * 50}%`);
  channel.className = `channel ${gap > 0.5 ? "easy" : gap < -0.5 ? "hard" : ""}`;
  put(row, ".flow b", gap > 0.5 ? "too easy" : gap < -0.5 ? "too hard" : "in flow");
  const streak = row.querySelector(".streak");
  streak.textContent = belief.streak === 0 ? "–" : `${belief.streak > 0 ? "▲" : "▼"} ${Math.abs(belief.streak)}`;
  streak.className = `streak ${belief.streak > 0 ? "up" : belief.streak < 0 ? "down" : ""}`;
  const pace = row.querySelector(".pace .pill");
  pace.textContent = belief.pace_state.replace("_", " ");
  pace.className = `pill ${belief.pace_state}`;
  grade(row.querySelector(".grade"), goal);
}

function signed(number) {
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;
}

function grade(element, goal) {
  element.hidden = !goal;
  if (!goal) return;
  element.textContent = goal.data.grade;
  element.className = `grade ${goal.data.grade}`;
  element.title = `${signed(goal.data.difficulty)} logits`;
}

function answer(goal) {
  const item = born("answer");
  const rails = Object.keys(goal.data.evidence).filter((name) => name.startsWith("rail_"));
  grade(item.querySelector(".grade"), goal);
  put(item, ".because", goal.data.because);
  put(item, ".player", goal.subject);
  put(item, ".policy", `${goal.data.policy} · ${goal.data.arm.replace("_", " ")} · goal ${goal.data.revision}`);
  put(item, ".took", `${Math.max(0, new Date(goal.time) - new Date(goal.data.cause.time))} ms`);
  put(item, ".rails", rails.map((name) => name.slice(5).replace("_", " ")).join(", "));
  return item;
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

async function explain(name) {
  const list = byId("why-list");
  byId("why-title").textContent = `Why the river answers ${name} as it does`;
  list.replaceChildren();
  byId("why").showModal();
  const response = await fetch(`/v1/players/${encodeURIComponent(name)}/decisions?limit=20`);
  if (!response.ok) { list.textContent = "The history does not answer now."; return; }
  for (const goal of await response.json()) {
    const item = answer(goal);
    const evidence = item.querySelector(".evidence");
    evidence.hidden = false;
    for (const [key, value] of Object.entries(goal.data.evidence)) {
      if (key.startsWith("rail_")) continue;
      const pair = document.createElement("div");
      pair.append(Object.assign(document.createElement("dt"), { textContent: key.replaceAll("_", " ") }));
      pair.append(Object.assign(document.createElement("dd"), { textContent: value }));
      evidence.append(pair);
    }
    list.append(item);
  }
}

function showSwitch(on) {
  byId("switch").setAttribute("aria-checked", String(on));
  byId("switch-words").textContent = on ? "The river adapts" : "The river leaves all alone";
}

async function turn() {
  const on = byId("switch").getAttribute("aria-checked") !== "true";
  const response = await fetch("/v1/adaptation", {
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
  const response = await fetch("/v1/players");
  if (!response.ok) return;
  for (const { signals, goal } of await response.json()) {
    believe(signals);
    if (goal) newest(goal);
  }
}

function open() {
  const stream = new EventSource("/v1/stream");
  stream.onopen = () => { say("Live: the river, and why it changes", false); meet(); };
  stream.onerror = () => say("The API is away; trying again…", true);
  stream.addEventListener("signals", (event) => JSON.parse(event.data).forEach(believe));
  stream.addEventListener("decisions", (event) => JSON.parse(event.data).forEach(decided));
  stream.addEventListener("loop", (event) => loop(JSON.parse(event.data)));
}

byId("switch").addEventListener("click", turn);
setInterval(() => {
  while (goalTimes.length && goalTimes[0] < Date.now() - 60_000) goalTimes.shift();
  byId("rate").textContent = goalTimes.length;
}, 1000);
open();
