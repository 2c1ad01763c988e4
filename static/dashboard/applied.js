/* How many running sessions of an agent go by its newest version. */

import { byId, config, write } from "./element.js";
import { drawSessions, linker } from "./rows.js";
import { Live, shownIn } from "./socket.js";

const given = config();
const link = linker(given);

new Live({ topic: "applied", agent: given.agent }, { onmessage: draw, onstatus: shownIn(byId("status")) }).open();

/** @param {import("./state.js").AppliedState} state */
function draw(state) {
  const { applied, of } = state;
  write(byId("problems"), state.problems.join(" "));
  byId("problems").hidden = !state.problems.length;
  write(byId("version"), String(state.version));
  write(byId("applied"), of ? `Applied in ${applied} of ${of} ${of === 1 ? "session" : "sessions"}` : "No session of this agent is running");
  const bar = /** @type {HTMLProgressElement} */ (byId("progress"));
  [bar.max, bar.value] = [of || 1, applied];
  bar.hidden = of === 0;
  byId("table").hidden = of === 0;
  drawSessions(byId("sessions"), state.sessions, state.at, link);
  for (const row of state.sessions) {
    const shown = document.querySelector(`[data-key="${row.conversation}"]`);
    shown?.classList.toggle("row--waiting", !row.applied);
  }
}
