// Passkeys: asks the browser for one, writes its answer into the form, and sends the form.
//
// [data-passkey="get"]     proves who is there; a button inside it asks
// [data-passkey="create"]  makes a new one when its form is sent
// Both carry the options in data-options and hold one hidden input for the answer.
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function keys(list) {
  return (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));
}

function readable(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const told = Object.fromEntries(parts.filter((name) => response[name]).map((name) => [name, text(response[name])]));
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: told, clientExtensionResults: {} });
}

async function made(box) {
  const options = JSON.parse(box.dataset.options);
  options.challenge = bytes(options.challenge);
  if (box.dataset.passkey === "get") {
    options.allowCredentials = keys(options.allowCredentials);
    return readable(await navigator.credentials.get({ publicKey: options }));
  }
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = keys(options.excludeCredentials);
  return readable(await navigator.credentials.create({ publicKey: options }));
}

async function fill(box) {
  const input = box.querySelector("input[type=hidden]");
  const problem = box.querySelector("[data-passkey-problem]");
  try {
    input.value = await made(box);
    problem.hidden = true;
    return true;
  } catch {
    // Called off, timed out, or no such passkey here: the person tries again or takes another way.
    problem.hidden = false;
    return false;
  }
}

function watchGet(box) {
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (await fill(box)) box.closest("form").requestSubmit();
  });
}

function watchCreate(box) {
  const form = box.closest("form");
  form.addEventListener("submit", async (event) => {
    if (box.querySelector("input[type=hidden]").value) return;
    event.preventDefault();
    if (await fill(box)) form.requestSubmit();
  });
}

export function watchPasskeys(root) {
  for (const box of root.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    box.querySelector("[data-passkey-none]").hidden = true;
    if (box.dataset.passkey === "get") watchGet(box);
    else watchCreate(box);
  }
}
