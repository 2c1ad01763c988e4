/* What a button does: a POST with the page's CSRF token, answered by a sentence. */

const BROKEN = "The server did not answer. It may have been done all the same: look before you try again.";
const NOT_ALLOWED = "You may not do that. Reload the page to see what you may.";

/** @typedef {{ok: boolean, text: string} & Record<string, any>} Answer */

/**
 * What a button is pressed for. Pressed again meanwhile it does nothing, which is null; it is not
 * disabled, since it would lose the focus.
 * @param {HTMLButtonElement} button @param {string} address @param {Record<string, string>} fields
 * @returns {Promise<Answer | null>}
 */
export async function press(button, address, fields) {
  if (button.ariaDisabled === "true") return null;
  button.ariaDisabled = "true";
  const answer = await post(address, fields);
  button.ariaDisabled = null;
  return answer;
}

/** @param {string} address @param {Record<string, string>} fields @returns {Promise<Answer>} */
async function post(address, fields) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
    return { ok: answer.ok, ...(await sentence(answer)) };
  } catch {
    return { ok: false, text: BROKEN };
  }
}

/** @param {Response} answer @returns {Promise<{text: string}>} */
async function sentence(answer) {
  if (answer.type === "opaqueredirect") return { text: "You are no longer logged in. Reload the page." };
  if (answer.status === 403) return { text: NOT_ALLOWED };
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  return isJson ? answer.json() : { text: BROKEN };
}

function token() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.getAttribute("value") ?? "";
}
