// A shared tablet: somebody who types is still there; without a touch it goes back to the first page.
const EVERY = 20_000;

export function watchTablet() {
  const box = document.querySelector("[data-tablet]");
  if (!box) return;
  const leave = box.querySelector("form");
  const token = leave.querySelector("[name=csrfmiddlewaretoken]").value;
  const idle = Number(box.dataset.idle) * 1000;
  let touched = Date.now();
  let told = touched;

  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
    document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
  }
  setInterval(() => {
    if (Date.now() - touched >= idle) {
      leave.requestSubmit();
    } else if (touched > told && Date.now() - told >= EVERY) {
      told = Date.now();
      fetch(box.dataset.here, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
    }
  }, 1000);
}
