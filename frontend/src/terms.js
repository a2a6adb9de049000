// Definitions show on hover and focus by style alone; here they stay inside the window, are not cut
// off by a table that scrolls, and Escape hides them. A phone shows them at its lower edge.
const GAP = 8;
const phone = matchMedia("(max-width: 767.98px)");

function place(event) {
  const term = event.target.closest?.(".term");
  if (!term || phone.matches) return;
  const text = term.querySelector(".term-text");
  const word = term.getBoundingClientRect();
  const view = document.documentElement;
  text.style.position = "fixed";
  const left = Math.min(word.left, view.clientWidth - text.offsetWidth - GAP);
  const below = word.bottom + text.offsetHeight + GAP < view.clientHeight;
  text.style.left = `${Math.max(GAP, left)}px`;
  text.style.top = `${below ? word.bottom : word.top - text.offsetHeight}px`;
}

function follow() {
  const term = document.querySelector(".term:hover, .term:focus-within");
  if (term) place({ target: term });
}

function hide(event) {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:hover, .term:focus-within")) {
    term.classList.add("term-closed");
    const open = () => term.classList.remove("term-closed");
    term.addEventListener("mouseleave", open, { once: true });
    term.addEventListener("focusout", open, { once: true });
  }
}

export function watchTerms() {
  document.addEventListener("mouseover", place);
  document.addEventListener("focusin", place);
  document.addEventListener("scroll", follow, { capture: true, passive: true });
  document.addEventListener("keydown", hide);
}
