// Draws an option as SVG where there is no browser: on paper. The engine that runs this has no
// page, no network and no files; it gets the colours and gives back the drawing.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, LineChart, MarkLineComponent, SVGRenderer, ScatterChart]);

function painted(value, colours) {
  if (typeof value === "string") return /^\$[a-z]+$/.test(value) ? colours[value.slice(1)] : value;
  if (Array.isArray(value)) return value.map((item) => painted(item, colours));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, painted(item, colours)]));
  }
  return value;
}

globalThis.draw = (text, width, height, colours, font) => {
  const { texts, tooltip, aria, ...option } = JSON.parse(text);
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ ...painted(option, JSON.parse(colours)), animation: false, textStyle: { fontFamily: font } });
  const drawing = chart.renderToSVGString();
  chart.dispose();
  return JSON.stringify(drawing);
};
