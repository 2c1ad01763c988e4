/* One running session: how it stands, what both sides say, and what steers it. */

import { captions } from "./captions.js";
import { Editor } from "./editor.js";
import { byId, config, write } from "./element.js";
import { lasting } from "./format.js";
import { press } from "./post.js";
import { drawPhase, version } from "./rows.js";
import { Live, shownIn } from "./socket.js";

/** @typedef {import("./state.js").SessionRow} SessionRow */

const given = config();
const editor = edited();
/** @type {NodeListOf<HTMLFormElement>} */
const onlyWhileItRuns = document.querySelectorAll("form[data-steers=say], form[data-steers=end]");
const SURE = "End this conversation? The user is hung up on.";

new Live({ topic: "sessions" }, { onmessage: draw, onstatus: shownIn(byId("status")) }).open();
if (given.reads) captions(given.conversation);
for (const form of document.querySelectorAll("form[data-steers]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(/** @type {HTMLFormElement} */ (form));
  });
}

/** @param {import("./state.js").SessionsState} state */
function draw(state) {
  const found = state.sessions.find((row) => row.conversation === given.conversation);
  byId("running").hidden = !found;
  const isOver = !found && !state.problems.length;
  byId("over").hidden = !isOver;
  for (const form of onlyWhileItRuns) form.hidden = isOver;
  if (found) drawRow(found, state.at);
}

/** @param {SessionRow} row @param {number} at */
function drawRow(row, at) {
  drawPhase(byId("phase"), row.phase);
  write(byId("since"), lasting(at - row.since));
  write(byId("turn"), String(row.turn));
  write(byId("context-version"), version(row));
  write(byId("browser"), row.connected ? "connected" : "away");
}

/** @param {HTMLFormElement} form */
async function send(form) {
  if (form.dataset.steers === "end" && !confirm(SURE)) return;
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const draft = editor?.text.value ?? "";
  const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const answer = await press(button, form.action, fields);
  if (!answer) return;
  write(byId("said"), answer.text);
  byId("said").classList.toggle("note--error", !answer.ok);
  if (answer.ok) sent(form, answer, draft);
}

/** @param {HTMLFormElement} form @param {Record<string, any>} answer @param {string} draft what stood in the editor */
function sent(form, answer, draft) {
  if (form.dataset.steers === "context") return editor?.saved(draft, answer.version);
  form.reset();
  if ("context" in answer) editor?.changed(answer.context, answer.version);
}

/** The context of the conversation, where one may read it. @returns {Editor | null} */
function edited() {
  const text = document.querySelector("form[data-steers=context] textarea");
  const seen = document.querySelector("form[data-steers=context] [name=seen]");
  const isHere = text instanceof HTMLTextAreaElement && seen instanceof HTMLInputElement;
  return isHere ? new Editor(text, seen) : null;
}
