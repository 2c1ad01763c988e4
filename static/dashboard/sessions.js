/* The list of who is talking. */

import { byId, config, write } from "./element.js";
import { count } from "./format.js";
import { drawSessions, linker } from "./rows.js";
import { Live, shownIn } from "./socket.js";

const link = linker(config());

new Live({ topic: "sessions" }, { onmessage: draw, onstatus: shownIn(byId("status")) }).open();

/** @param {import("./state.js").SessionsState} state */
function draw(state) {
  const { length } = state.sessions;
  write(byId("problems"), state.problems.join(" "));
  byId("problems").hidden = !state.problems.length;
  write(byId("count"), length === 1 ? "1 session" : `${count(length)} sessions`);
  byId("nobody").hidden = length > 0 || state.problems.length > 0;
  byId("table").hidden = length === 0;
  drawSessions(byId("sessions"), state.sessions, state.at, link);
}
