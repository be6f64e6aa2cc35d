// The running trial: asked for every few seconds, because it is counted in SQL and not pushed.
// An arm's lift is drawn on one scale for all arms, with the zero in the middle; all that is drawn is also written.

import { announce, born, byId, policy, put, signed } from "./pieces.js";
import { ask } from "./session.js";

const EVERY_MS = 3000;
const NARROW = 0.1; // the scale never shows less than ten percent either way
const WIDE = 1; // and never more than a hundred
const SURE = 0.05;
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 200;
const HEIGHT = 22;

const more = (value) => `${signed(value * 100, 1)} %`;

function chance(p) {
  if (p < 0.0001) return "< 0.0001";
  return p > 0.99 ? "> 0.99" : p.toFixed(p < 0.01 ? 4 : 2);
}

function shape(kind, values) {
  const element = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
  return element;
}

// The interval as a bar with the estimate on it, beside the line where nothing would have changed.
function drawn({ lift, low, high }, reach) {
  const at = (value) => WIDTH / 2 + (Math.max(-reach, Math.min(reach, value)) / reach) * (WIDTH / 2 - 8);
  const picture = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "interval", "aria-hidden": "true" });
  picture.append(
    shape("line", { class: "axis", x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2 }),
    shape("line", { class: "zero", x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: HEIGHT }),
    shape("rect", { class: "reach", x: at(low), width: Math.max(at(high) - at(low), 1), y: 7, height: 8, rx: 4 }),
    shape("circle", { class: "estimate", cx: at(lift), cy: HEIGHT / 2, r: 5 }),
  );
  return picture;
}

function row(arm, reach) {
  const line = born("arm");
  put(line, ".arm", arm.name === "held_out" ? "held out" : arm.name);
  line.querySelector(".control").hidden = !arm.control;
  put(line, ".policy", policy(arm.policy));
  put(line, ".n", arm.n);
  put(line, ".meant", `${(arm.share * 100).toFixed(1)} % meant`);
  put(line, ".mean", arm.n ? arm.rounds.toFixed(2) : "–");
  if (arm.lift) {
    line.querySelector(".lift").prepend(drawn(arm.lift, reach));
    put(line, ".lift span", `${more(arm.lift.lift)} (${more(arm.lift.low)} to ${more(arm.lift.high)})`);
  } else {
    put(line, ".lift span", arm.control ? "what all others are held against" : "too few players yet");
  }
  const differs = arm.p !== null && arm.p < SURE;
  put(line, ".p", arm.p === null ? "–" : chance(arm.p));
  line.querySelector(".differs").hidden = !differs;
  return line;
}

function reachOf(arms) {
  const ends = arms.flatMap(({ lift }) => (lift ? [Math.abs(lift.low), Math.abs(lift.high)] : []));
  return Math.min(WIDE, Math.max(NARROW, ...ends));
}

function sayRatio({ alarm, p }, players) {
  const state = players === 0 ? "nobody" : alarm ? "alarm" : "fits";
  const words = {
    nobody: "Nobody was exposed yet.",
    fits: "✓ Who was exposed fits the shares that were meant.",
    alarm: "⚠ Alarm: who was exposed does not fit the shares. Something loses players of an arm: believe no figure below.",
  };
  announce("srm", words[state]);
  byId("srm").dataset.state = state;
  byId("srm-p").textContent = players ? `chi-square on ${players} players, p ${chance(p)}` : "";
}

function show({ trial, since, arms, srm }) {
  byId("untried").hidden = trial !== null;
  byId("tried").hidden = trial === null;
  byId("trial-name").textContent = trial === null ? "" : `: ${trial.name}`;
  if (trial === null) return;
  const burn = trial.burn_in ? `; the first ${trial.burn_in} rounds of a life are alike in all arms` : "";
  byId("trial-since").textContent = `since ${new Date(since).toLocaleString()}${burn}`;
  sayRatio(srm, arms.reduce((sum, arm) => sum + arm.n, 0));
  const reach = reachOf(arms);
  byId("arms").replaceChildren(...arms.map((arm) => row(arm, reach)));
  byId("lift-scale").textContent = `−${(reach * 100).toFixed(0)} % to +${(reach * 100).toFixed(0)} %`;
}

async function look() {
  let words = "The stores do not answer now: what stands here may be old.";
  try {
    const response = await ask("/v1/experiment");
    if (response.ok) {
      show(await response.json());
      words = "";
    }
  } catch { /* the API is away: said below */ }
  announce("trial-away", words);
  setTimeout(look, EVERY_MS);
}

look();
