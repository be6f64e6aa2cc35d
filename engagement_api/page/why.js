// Any player's why: what is believed, what the river is to become, and the last decisions with what they rest on.

import { answer, arm, byId, pair, percent, plain, policy, signed } from "./pieces.js";
import { ask } from "./session.js";

const seconds = (value) => `${value.toFixed(0)} s`;
const logits = (value) => signed(value);

// What each belief is called here, and how its value is said; a belief without a line is shown under its own name.
const BELIEFS = {
  skill: ["skill", logits], skill_sigma: ["unsure of it by", (value) => `± ${value.toFixed(2)}`],
  success: ["clears lately", percent], flow_gap: ["from the flow channel's middle", logits],
  streak: ["in a row", signedCount], last3: ["last three", lastThree],
  newest_outcome: ["newest round", String], rounds: ["rounds played", String],
  session_rounds: ["in this sitting", String], difficulty: ["difficulty of the last", logits],
  rapid: ["on rapid", String], attempt: ["attempt", String], stuck_s: ["on it for", seconds],
  in_round: ["paddling now", yesNo], consent: ["wants to be adapted to", yesNo],
  apm: ["strokes a minute", (value) => value.toFixed(0)], idle_share: ["idle", percent],
  input_entropy: ["variety of strokes", percent], intensity: ["tension", percent], pace_state: ["pacing", plain],
  swamp_rate: ["swampings a minute", (value) => value.toFixed(1)], lifespan_s: ["a life lasts", seconds],
  losses_alike: ["losses alike", String], lost_by: ["last lost by", String], suggested_hint: ["hint that fits", plain],
  absence_ratio: ["absence, of the usual", (value) => value.toFixed(1)], sessions: ["sittings", String],
  days: ["days since the first", (value) => value.toFixed(1)], quit_after_loss: ["quits after losses", logits],
  frustration: ["leaves if it is lost", percent], boredom: ["leaves if it is cleared", percent],
  engagement: ["rounds still to come", (value) => value.toFixed(1)],
};
const PACES = [[0.45, "a rest"], [0.8, "fewer rocks"]];

function signedCount(value) {
  return value === 0 ? "–" : `${Math.abs(value)} ${value > 0 ? "cleared" : "lost"}`;
}

function yesNo(value) {
  return value ? "yes" : "no";
}

function lastThree(bits) {
  return [4, 2, 1].map((bit) => (bits & bit ? "cleared" : "lost")).join(", ");
}

function believed(signals) {
  return Object.entries(signals.data).filter(([, value]) => value !== null).map(([name, value]) => {
    const [words, said] = BELIEFS[name] ?? [plain(name), (other) => String(other)];
    return pair(words, said(value));
  });
}

function wanted({ data, time }) {
  const pace = PACES.find(([most]) => data.pace <= most)?.[1] ?? "as the rapid was made";
  const pairs = [
    pair("next rapid", `class ${data.grade}, ${signed(data.difficulty)} logits`), pair("pace", pace),
    pair("policy", policy(data.policy)), pair("arm", arm(data)),
    pair("counts for its arm", yesNo(data.exposed)),
  ];
  if (data.control !== null) pairs.push(pair("as its designer drew it", `${signed(data.control)} logits`));
  if (data.propensity < 1) pairs.push(pair("chance of this choice", percent(data.propensity)));
  if (data.hint) pairs.push(pair("hint", plain(data.hint)));
  if (data.reward) pairs.push(pair("reward", plain(data.reward)));
  pairs.push(pair("decided", new Date(time).toLocaleTimeString()));
  return pairs;
}

function decision(goal) {
  const item = answer(goal);
  const evidence = item.querySelector(".evidence");
  evidence.hidden = false;
  for (const [name, value] of Object.entries(goal.data.evidence)) {
    if (!name.startsWith("rail_")) evidence.append(pair(plain(name), value));
  }
  return item;
}

function say(words) {
  byId("why-said").textContent = words;
  byId("why-said").hidden = words === "";
}

function clear(name) {
  byId("why-title").textContent = `Why the river answers ${name} as it does`;
  for (const list of ["why-beliefs", "why-goal", "why-list"]) byId(list).replaceChildren();
  byId("why").dataset.player = name;
  say("One moment…");
}

// Opens the dialog at once and fills it when the answer is there, unless another player was chosen meanwhile.
export async function explain(name) {
  clear(name);
  if (!byId("why").open) byId("why").showModal();
  let told = null;
  let status = 0;
  try {
    const response = await ask(`/v1/why?${new URLSearchParams({ player: name })}`);
    status = response.status;
    if (response.ok) told = await response.json();
  } catch { /* the API is away: said below */ }
  if (byId("why").dataset.player !== name) return;
  if (told === null) {
    say(status === 404 ? "Nobody of this name was ever on this river." : "The stores do not answer now; try again.");
    return;
  }
  say(told.signals === null ? "Not seen for half an hour; these were the last decisions." : "");
  if (told.signals) byId("why-beliefs").append(...believed(told.signals));
  if (told.goal) byId("why-goal").append(...wanted(told.goal));
  byId("why-list").append(...told.decisions.map(decision));
}
