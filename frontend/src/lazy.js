// Charts are drawn when they come into view; their code is loaded only on pages that have one.
const seen = new WeakSet();

async function draw(figure) {
  const { mount } = await import(figure.dataset.module);
  mount(figure);
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      observer.unobserve(entry.target);
      draw(entry.target);
    }
  },
  { rootMargin: "300px" },
);

export function watchCharts(root) {
  for (const figure of root.querySelectorAll("[data-chart]")) {
    if (seen.has(figure)) continue;
    seen.add(figure);
    observer.observe(figure);
  }
}
