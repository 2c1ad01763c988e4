// Tells the server the browser's time zone, so that “today” means the user's today.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll("[data-browser-time-zone]")) {
  if (zone && field instanceof HTMLInputElement) field.value = zone;
}
