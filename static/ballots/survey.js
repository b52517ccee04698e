// The answer page of a survey. Without this file it works as a plain form; with it the answer goes
// without cookies, under a number that this page drew, and a phone knows that it has answered.

const KEY = (box) => `survey-${box}`;

function remembered(box) {
  try {
    return localStorage.getItem(KEY(box)) !== null;
  } catch {
    return false; // private windows
  }
}

function remember(box) {
  try {
    localStorage.setItem(KEY(box), "1");
  } catch {
    // then it asks again as if for the first time
  }
}

function drawn() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(words) {
  const place = document.getElementById("said");
  place.textContent = words;
  place.hidden = !words;
}

function lock(form, locked) {
  form.querySelectorAll("button").forEach((button) => button.toggleAttribute("disabled", locked));
}

function submitPlainly(form, answer) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "answer";
  field.value = answer;
  form.append(field);
  form.submit();
}

async function send(form, answer) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set("answer", answer);
  lock(form, true);
  say(form.dataset.wait);
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      body: fields,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    if (reply.redirected) {
      location.replace(reply.url);
      return;
    }
    submitPlainly(form, answer); // refused: the server says why on a page
    return;
  } catch {
    // the network; the same number makes the next press count once
  }
  lock(form, false);
  say(form.dataset.offline);
}

const form = document.querySelector("form[data-box]");
if (form) {
  document.getElementById("already").hidden = !remembered(form.dataset.box);
  form.elements.token.value = drawn();
  form.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    send(form, event.submitter.value);
  });
}
const said = document.querySelector("[data-said]");
if (said) remember(said.dataset.said);
