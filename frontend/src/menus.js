// Menus are <details>, and the list of places is a link's target: here they learn to close again.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function toggle(event) {
  const link = event.target.closest("[data-toggles]");
  if (!link) return;
  event.preventDefault();
  const shown = document.getElementById(link.hash.slice(1)).classList.toggle("show");
  link.setAttribute("aria-expanded", String(shown));
}

function escape(event) {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
}

export function watchMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("click", toggle);
  document.addEventListener("keydown", escape);
}
