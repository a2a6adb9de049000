// htmx swaps pages that refuse kindly as well, and says so when the server cannot be reached.
const REFUSALS = new Set([400, 403, 404, 409, 422]);

function allowRefusals(event) {
  if (REFUSALS.has(event.detail.xhr.status) && event.detail.serverResponse.includes('id="main"')) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
}

function complain() {
  const box = document.getElementById("messages");
  if (!box) return;
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.setAttribute("role", "alert");
  alert.textContent = document.body.dataset.unreachable;
  box.replaceChildren(alert);
}

export function watchHtmx(enhance) {
  document.addEventListener("htmx:beforeSwap", allowRefusals);
  document.addEventListener("htmx:sendError", complain);
  document.addEventListener("htmx:responseError", complain);
  document.addEventListener("htmx:afterSettle", (event) => enhance(event.detail.elt));
}
