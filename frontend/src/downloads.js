// A chart as a file, made in the browser from what is on the page.
function source(canvas) {
  const drawing = canvas.querySelector("svg").cloneNode(true);
  drawing.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  drawing.insertAdjacentHTML("afterbegin", `<rect width="100%" height="100%" fill="${surface(canvas)}"/>`);
  return new XMLSerializer().serializeToString(drawing);
}

function surface(canvas) {
  const card = canvas.closest(".card") ?? document.body;
  return getComputedStyle(card).backgroundColor;
}

export function svg(_figure, canvas) {
  return new Blob([source(canvas)], { type: "image/svg+xml" });
}

export async function png(_figure, canvas) {
  const image = new Image();
  image.src = URL.createObjectURL(svg(null, canvas));
  await image.decode();
  const board = document.createElement("canvas");
  board.width = canvas.clientWidth * 2;
  board.height = canvas.clientHeight * 2;
  board.getContext("2d").drawImage(image, 0, 0, board.width, board.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => board.toBlob(resolve, "image/png"));
}

// A cell that a spreadsheet would run as a formula gets an apostrophe; plain numbers stay numbers.
function cell(element) {
  const text = element.textContent.trim().replace(/\s+/g, " ");
  const inert = /^[=+\-@＝＋－＠]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
}

export function csv(figure) {
  const rows = [...figure.querySelectorAll("[data-chart-table] tr")];
  const lines = rows.map((row) => [...row.cells].map(cell).join(","));
  return new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" });
}

export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
