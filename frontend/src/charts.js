// Draws the option that the server wrote. Colours are names ("$data"), looked up in the style of
// the page, so one option serves light, dark and print.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { csv, png, save, svg } from "./downloads.js";

use([
  AriaComponent,
  BarChart,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
  ScatterChart,
  TooltipComponent,
]);

function palette(element) {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const look = (name) => {
    probe.style.color = `var(--andon-chart-${name})`;
    return getComputedStyle(probe).color;
  };
  const known = new Map();
  return {
    of: (name) => known.get(name) ?? known.set(name, look(name)).get(name),
    done: () => probe.remove(),
  };
}

function painted(value, colours) {
  if (typeof value === "string") return /^\$[a-z]+$/.test(value) ? colours.of(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map((item) => painted(item, colours));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, colours)]));
  }
  return value;
}

function optionFor(figure, { texts, ...option }) {
  const colours = palette(figure);
  const result = painted(option, colours);
  colours.done();
  result.animation = false;
  result.tooltip.formatter = (found) => {
    const point = [found].flat()[0];
    return point.value?.[2] ?? texts[point.dataIndex] ?? "";
  };
  result.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, ...result.textStyle };
  return result;
}

export function mount(figure) {
  const canvas = figure.querySelector("[data-chart-canvas]");
  const option = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  canvas.hidden = false;
  const chart = init(canvas, null, { renderer: "svg" });
  const show = () => chart.setOption(optionFor(figure, option), { notMerge: true });
  show();
  canvas.setAttribute("role", "img");
  document.addEventListener("andon:theme", show);
  new ResizeObserver(() => chart.resize()).observe(canvas);
  figure.querySelector("[data-chart-table]").open = false;
  offer(figure, canvas);
}

function offer(figure, canvas) {
  const buttons = figure.querySelector("[data-chart-downloads]");
  const makers = { svg, png, csv };
  buttons.hidden = false;
  buttons.addEventListener("click", async (event) => {
    const kind = event.target.closest("[data-download]")?.dataset.download;
    if (kind) save(`${figure.id}.${kind}`, await makers[kind](figure, canvas));
  });
}
