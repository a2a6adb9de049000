// Light or dark: the system decides until someone chooses; the choice is kept in a cookie, so that
// the server draws the next page in it from the start.
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

export function currentTheme() {
  return root.dataset.bsTheme || (system.matches ? "dark" : "light");
}

function show() {
  root.dataset.themeNow = currentTheme();
  document.dispatchEvent(new CustomEvent("andon:theme"));
}

function choose(theme) {
  root.dataset.bsTheme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  show();
}

export function watchTheme() {
  for (const button of document.querySelectorAll("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", () => choose(currentTheme() === "dark" ? "light" : "dark"));
  }
  system.addEventListener("change", show);
  show();
}
