// What was refused: counts by reason, and the newest entries. What a stranger sent is put in as text, never as HTML.

import { born, byId, plain, put } from "./pieces.js";
import { ask } from "./session.js";

const EVERY_MS = 3000;

const WORDS = {
  too_large: "too large", too_many: "too many in one message", not_json: "no JSON", wrong_shape: "no event of ours",
  duplicate_key: "a key stands twice", too_old: "too old", in_the_future: "in the future", wrong_key: "wrong key",
  out_of_window: "too far behind", fold_failed: "broke the fold",
};

const words = (reason) => WORDS[reason] ?? plain(reason);

function row(reason, { failed, open, settled }, most) {
  const line = born("refused");
  put(line, "th", words(reason));
  line.querySelector(".bar").style.setProperty("--share", `${(failed / most) * 100}%`);
  line.querySelector(".bar").style.setProperty("--cleared", `${(open / most) * 100}%`);
  put(line, ".open", open);
  put(line, ".settled", settled);
  return line;
}

function entry(sample) {
  const item = born("entry");
  put(item, ".reason", words(sample.reason));
  item.querySelector(".reason").classList.toggle("done", !sample.open);
  put(item, ".detail", sample.detail);
  put(item, "code", sample.original);
  put(item, ".subject", sample.subject);
  put(item, ".id", sample.id);
  put(item, ".when", new Date(sample.time).toLocaleTimeString());
  put(item, ".size", `${sample.bytes} bytes`);
  put(item, ".stands", sample.open ? "open" : "settled");
  return item;
}

function show({ failed, open, settled, reasons, newest }) {
  byId("failed-none").hidden = failed > 0;
  byId("failed-some").hidden = failed === 0;
  byId("failed-sum").textContent = failed ? `${open} open, ${settled} settled` : "";
  const most = Math.max(1, ...Object.values(reasons).map((each) => each.failed));
  byId("failed-rows").replaceChildren(...Object.entries(reasons).map(([reason, count]) => row(reason, count, most)));
  byId("failed-newest").replaceChildren(...newest.map(entry));
}

async function look() {
  try {
    const answer = await ask("/v1/failed");
    if (answer.ok) show(await answer.json());
  } catch { /* the page says elsewhere that the API is away; what stands here stays */ }
  setTimeout(look, EVERY_MS);
}

look();
