// Definitions show on hover and focus by style alone; Escape hides one, and one that would leave
// the window is moved to the other side.
function place(event) {
  const term = event.target.closest?.(".term");
  if (!term) return;
  const width = term.querySelector(".term-text").offsetWidth || 320;
  term.classList.toggle("term-end", term.getBoundingClientRect().left + width > document.documentElement.clientWidth);
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
  document.addEventListener("keydown", hide);
}
