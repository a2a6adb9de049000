// A table wider than its place scrolls, and what scrolls can be reached by keyboard.
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

export function watchTables(root) {
  for (const place of root.querySelectorAll(".table-responsive")) observer.observe(place);
}
