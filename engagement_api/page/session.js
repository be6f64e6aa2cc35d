// Signing in, where the river is closed: whoever asks through `ask` and hears 401 gets the question for a token.
// The token goes to the server once, and what comes back is a cookie that no script reads; it is renewed in time.

import { byId } from "./pieces.js";

const SESSION = "/v1/operator/session";
const JSON_BODY = { "Content-Type": "application/json" };

let renewal = null;

export async function ask(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 401) signIn();
  return answer;
}

function signIn() {
  if (!byId("session").open) byId("session").showModal();
}

function stayIn(seconds) {
  clearTimeout(renewal);
  renewal = setTimeout(renew, (seconds * 1000) / 2);
}

async function renew() {
  try {
    const answer = await fetch(SESSION, { method: "PUT" });
    if (answer.ok) stayIn((await answer.json()).expires_in);
    else if (answer.status === 401) signIn();
  } catch {
    stayIn(20); // the API is away: again in ten seconds
  }
}

async function show(event) {
  event.preventDefault();
  let words = "The server does not answer now; try again.";
  try {
    const body = JSON.stringify({ token: byId("token").value.trim() });
    const answer = await fetch(SESSION, { method: "POST", headers: JSON_BODY, body });
    const told = await answer.json();
    if (answer.ok) {
      sessionStorage.setItem(SESSION, "signed in");
      location.reload();
      return;
    }
    words = told.detail;
  } catch { /* said below */ }
  byId("session-said").textContent = words;
}

byId("sign-in").addEventListener("submit", show);
byId("session").addEventListener("cancel", (event) => event.preventDefault()); // there is nothing behind it to see

// A reload does not tell how old the cookie is: renewed at once, by whoever signed in with this page.
if (sessionStorage.getItem(SESSION)) renew();
