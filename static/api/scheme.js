/* Swagger UI has dark colours under a class of its own, and leaves it to the page when that is set. A plain
   script in the head, and no module: it is there before anything is drawn. */

{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}
