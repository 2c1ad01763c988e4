/* What both sides of a conversation say, from the moment at which somebody begins to watch. */

import { byId, element, write } from "./element.js";
import { Live, shownIn } from "./socket.js";

const SHOWN_MOST = 200;

/** @param {string} conversation */
export function captions(conversation) {
  const onstatus = shownIn(byId("watching"));
  new Live({ topic: "captions", conversation }, { onmessage: draw, onstatus }, { isSteady: false }).open();
}

/** @param {import("./socket.js").Message} message */
function draw(message) {
  if (message.type === "watching") return (byId("unwatched").hidden = message.running);
  if (message.type === "transcript_update") drawCaption(/** @type {any} */ (message));
}

/** @param {import("../voice/wire.js").TranscriptUpdate} caption */
function drawCaption({ role, reply, turn, text, is_final }) {
  const list = byId("captions");
  const key = `${role}-${reply ?? turn}`;
  const shown = list.querySelector(`[data-key="${key}"]`) ?? made(list, role, key);
  shown.classList.toggle("utterance--provisional", !is_final);
  write(shown.children[1], text);
  byId("no-captions").hidden = true;
  if (list.children.length > SHOWN_MOST) list.firstElementChild?.remove();
  list.scrollTop = list.scrollHeight;
}

/** @param {HTMLElement} list @param {string} role @param {string} key */
function made(list, role, key) {
  const who = element("div", { class: "utterance__meta" }, element("strong", {}, role === "user" ? "User" : "Assistant"));
  const words = element("div", { class: "utterance__text", dir: "auto" });
  const item = element("li", { class: `utterance utterance--${role}`, "data-key": key }, who, words);
  list.append(item);
  return item;
}
