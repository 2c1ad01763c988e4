/* The web pages that a reply rests on, as links. What they are called comes from those pages: it is shown as
   text, and only plain web addresses become links. */

/** @typedef {import("./wire.js").Source} Source */

const SOURCES_MAX = 10;

/** @param {readonly Source[]} sources @returns {HTMLLIElement[]} */
export function links(sources) {
  return sources.filter(({ url }) => site(url)).slice(0, SOURCES_MAX).map(link);
}

/**
 * What the site is called; empty for what is no web address.
 * @param {string} url
 */
export function site(url) {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return "";
  return new URL(url).hostname.replace(/^www\./, "");
}

/** @param {Source} source */
function link({ title, url }) {
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.className = "sources__title";
  anchor.textContent = title || site(url);
  const item = document.createElement("li");
  item.append(anchor);
  if (anchor.textContent !== site(url)) item.append(siteName(url));
  return item;
}

/** @param {string} url */
function siteName(url) {
  const name = document.createElement("span");
  name.className = "sources__site";
  name.textContent = site(url);
  return name;
}
