// What the parts of the page have in common: finding elements, filling templates, and one answer of the river in words.
// Whatever a player, or who named a trial, could have written is put in as text, never as HTML.

export const byId = (id) => document.getElementById(id);

export function born(template) {
  return byId(template).content.firstElementChild.cloneNode(true);
}

export function put(parent, selector, text) {
  parent.querySelector(selector).textContent = text;
}

// For what is read out when it changes: the same words again are no change.
export function announce(id, words) {
  if (byId(id).textContent !== words) byId(id).textContent = words;
}

export function signed(number, digits = 2) {
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(digits)}`;
}

export const percent = (share) => `${Math.round(share * 100)} %`;

export const plain = (name) => name.replaceAll("_", " ");

// A named value, as one pair of a <dl>.
export function pair(name, value) {
  const both = document.createElement("div");
  both.append(Object.assign(document.createElement("dt"), { textContent: name }));
  both.append(Object.assign(document.createElement("dd"), { textContent: value }));
  return both;
}

const POLICIES = {
  P0: "P0 designer", P1: "P1 rank", P2: "P2 target", P3: "P3 graph", P4: "P4 bandit", explore: "exploring",
};

export const policy = (name) => POLICIES[name] ?? name;

// The rails (engagement_api/guardrails.py) as one would say them to somebody who looks over one's shoulder.
const RAILS = {
  range: "kept near the designer's river",
  odds: "kept neither hopeless nor too sure",
  dead_band: "too small a change to make",
  reversal: "waits for a second sign before it turns back",
  round_step: "one step at a time",
  session_sum: "enough change for one sitting",
  between_rounds: "not in the middle of a round",
  hint_gap: "a hint came a moment ago",
  hint_count: "enough hints for one sitting",
  reward_gap: "a reward came a moment ago",
  stale: "what is known is too old",
  drift: "back towards the designer's river",
  switched_off: "adaptation is switched off",
  opted_out: "asked to be left alone",
  held_out: "held out: the designer's river, whatever is tried",
};

export function grade(element, goal) {
  element.hidden = !goal;
  if (!goal) return;
  element.textContent = goal.data.grade;
  element.className = `grade ${goal.data.grade}`;
  element.title = `${signed(goal.data.difficulty)} logits`;
}

export function arm(data) {
  const trial = data.trial === "none" ? "" : ` of ${data.trial}`;
  return `${plain(data.arm)}${trial}`;
}

export function answer(goal) {
  const item = born("answer");
  const { data } = goal;
  const rails = Object.keys(data.evidence).filter((name) => name.startsWith("rail_")).map((name) => name.slice(5));
  grade(item.querySelector(".grade"), goal);
  put(item, ".because", data.because);
  put(item, ".player", goal.subject);
  put(item, ".policy", `${policy(data.policy)} · ${arm(data)} · goal ${data.revision}`);
  put(item, ".took", `${Math.max(0, new Date(goal.time) - new Date(data.cause.time))} ms`);
  put(item, ".rails", rails.map((rail) => RAILS[rail] ?? plain(rail)).join("; "));
  return item;
}
