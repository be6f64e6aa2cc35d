// Draws what load/charts.py says with Plotly: every plot on the same time axis, read and zoomed together.

"use strict";
const run = JSON.parse(document.getElementById("run").textContent);
const plots = () => run.charts.map((chart) => document.getElementById(chart.name));
const DASHES = { line: "solid", area: "solid", dash: "dash", dot: "dot", limit: "longdash" };
const inWords = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"); // Plotly reads some tags in names
let together = false; // one plot tells the others; what they answer must not come back
let place = -1;
let zoomed = "{}";

function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function frame(unit, more) {
  const narrow = window.innerWidth < 640;
  const axis = { gridcolor: ink("line"), linecolor: ink("line"), zeroline: false, automargin: false };
  return {
    paper_bgcolor: ink("paper"), plot_bgcolor: ink("paper"),
    font: { family: "system-ui, sans-serif", size: narrow ? 11 : 13, color: ink("ink") },
    margin: { l: narrow ? 44 : 68, r: 12, t: 34, b: 40 }, // the same for all, or their axes would not stand in line
    legend: { orientation: "h", y: -0.18, x: 0 },
    hovermode: "x unified",
    hoverlabel: { bgcolor: ink("panel"), bordercolor: ink("line"), font: { color: ink("ink") } },
    showlegend: true,
    ...more,
    xaxis: { ...axis, ...more.xaxis },
    yaxis: { ...axis, rangemode: "tozero", title: { text: narrow ? "" : unit, font: { size: 12 } }, ...more.yaxis },
  };
}

// A second between two without a value has no line to either side, and would not be seen.
function lonely(values, at) {
  return (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
}

function trace(curve) {
  const colour = ink(`c${curve.colour % 8}`);
  const area = curve.style === "area";
  return {
    type: "scatter", mode: "lines+markers", name: inWords(curve.name), x: run.at, y: curve.values,
    marker: { color: colour, size: curve.values.map((_, at) => (lonely(curve.values, at) ? 5 : 0)), line: { width: 0 } },
    line: { color: colour, width: area ? 1 : 2, dash: DASHES[curve.style] },
    ...(area ? { stackgroup: "parts", stackgaps: "infer zero" } : {}),
    connectgaps: false, hovertemplate: "%{y:,.4~g}",
  };
}

function known(chart) {
  return chart.curves.flatMap((curve) => curve.values).filter((value) => value !== null);
}

function logarithmic(chart) {
  const values = known(chart);
  const wide = Math.max(...values) / Math.min(...values) > 300;
  const decades = [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6];
  const tickvals = decades.flatMap((power) => (wide ? [1] : [1, 2, 5]).map((digit) => digit * 10 ** power));
  return { type: "log", tickvals, tickformat: ",~g" };
}

function faults() {
  const colour = ink("c7");
  const end = run.at.at(-1);
  const shapes = run.faults.flatMap((fault) => [
    { type: "rect", xref: "x", yref: "paper", x0: fault.begin, x1: fault.end, y0: 0, y1: 1,
      fillcolor: colour, opacity: 0.13, line: { width: 0 }, layer: "below" },
    { type: "line", xref: "x", yref: "paper", x0: fault.begin, x1: fault.begin, y0: 0, y1: 1,
      line: { color: colour, width: 1.5 } },
  ]);
  const annotations = run.faults.map((fault, index) => ({
    x: fault.begin, y: 1, xref: "x", yref: "paper", text: `${inWords(fault.name)} ended`, showarrow: false,
    xanchor: fault.begin > 0.7 * end ? "right" : "left", yanchor: "bottom", yshift: 13 * (index % 2), font: { color: colour, size: 11 },
  }));
  return { shapes, annotations };
}

const buttons = [["toImage", "zoom2d", "pan2d", "resetScale2d"]]; // named one by one: among Plotly's own, one uploads
const options = { responsive: true, displaylogo: false, modeBarButtons: buttons };

function draw() {
  zoomed = "{}";
  for (const chart of run.charts) {
    const layout = frame(chart.unit, {
      ...faults(),
      xaxis: { range: [0, run.at.at(-1)], ticksuffix: ` ${run.unit}`, hoverformat: ".5~g" },
      yaxis: chart.log ? logarithmic(chart) : { tickformat: Math.max(...known(chart)) < 10 ? "~g" : "~s" },
    });
    Plotly.react(chart.name, chart.curves.map(trace), layout, options);
  }
  if (run.tries.length) drawSearch();
}

function drawSearch() {
  const numbers = run.tries.map((_, index) => index + 1);
  const found = (holds, name, symbol, colour) => ({
    type: "scatter", mode: "markers", name, x: numbers, y: run.tries.map((each) => (each.holds === holds ? each.players : null)),
    marker: { symbol, size: 12, color: ink(colour) }, hovertemplate: "%{y:,} players",
  });
  const path = { type: "scatter", mode: "lines", x: numbers, y: run.tries.map((each) => each.players),
    line: { color: ink("c6"), width: 1, dash: "dot" }, showlegend: false, hoverinfo: "skip" };
  const layout = frame("players", { xaxis: { dtick: 1, tickprefix: "try " }, yaxis: { tickformat: "~s" } });
  Plotly.react("search", [path, found(true, "held", "circle", "held"), found(false, "broke", "x", "failed")], layout, options);
}

function tellOthers(self, tell) {
  if (together) return;
  together = true;
  try {
    for (const plot of plots()) if (plot !== self) tell(plot);
  } finally {
    together = false;
  }
}

const showAt = (x) => (plot) => Plotly.Fx.hover(plot, { xval: x }, "xy");

function step(chart, by) {
  place = Math.min(Math.max(place + by, 0), run.at.length - 1);
  tellOthers(null, showAt(run.at[place]));
  const values = chart.curves.map((curve) => `${curve.name} ${curve.values[place] ?? "nothing"}`);
  document.getElementById("said").textContent = `${chart.title} at ${run.at[place]} ${run.unit}: ${values.join(", ")}`;
}

function listen() {
  for (const chart of run.charts) {
    const plot = document.getElementById(chart.name);
    plot.on("plotly_hover", (event) => tellOthers(plot, showAt(event.points[0].x)));
    plot.on("plotly_unhover", () => tellOthers(plot, (other) => Plotly.Fx.unhover(other)));
    plot.on("plotly_relayout", (change) => {
      const zoom = Object.fromEntries(Object.entries(change).filter(([name]) => name.startsWith("xaxis.")));
      const told = JSON.stringify(zoom);
      if (told === "{}" || told === zoomed) return; // Plotly says so later, and of those who were only told, too
      zoomed = told;
      tellOthers(plot, (other) => Plotly.relayout(other, zoom));
    });
    plot.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) { event.preventDefault(); step(chart, by); }
    });
  }
}

draw();
listen();
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
