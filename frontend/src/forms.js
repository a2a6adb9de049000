// A form is sent once, says that it is being sent, and shows its errors first.
function sending(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.ariaBusy === "true") {
    event.preventDefault();
    return;
  }
  form.ariaBusy = "true";
  event.submitter?.classList.add("btn-loading");
}

function returned(event) {
  // The browser's back button shows the page as it was left.
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.ariaBusy = null;
  for (const button of document.querySelectorAll(".btn-loading")) button.classList.remove("btn-loading");
}

document.addEventListener("submit", sending);
window.addEventListener("pageshow", returned);

export function watchForms(root) {
  root.querySelector("[data-focus]")?.focus();
}
