"""Results as pictures: one ECharts option each, for the browser, for SVG and for PDF."""
