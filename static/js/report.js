// Draws the figures of a report from their numbers. Each has its table beside it; colours come from the page.
(() => {
  const LINE_WIDTH = { individual: 0.8, main: 2.5, second: 1.5, event: 1.5 };
  const HEIGHT = 340;
  const A_ROW = 15;
  const NARROW = 520;
  const charts = [];

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    return { individual: read("quiet"), main: read("accent"), second: read("ink"), event: read("act-now"), ink: read("ink"), line: read("line"), band: read("fine-ground"), paper: read("paper") };
  };

  const axis = (spec, ink, horizontal, narrow) => ({
    name: spec.unit ? `${spec.title}, ${spec.unit}` : spec.title,
    nameLocation: "middle", nameGap: horizontal ? 28 : 42,
    nameTextStyle: { color: ink.ink }, axisLine: { show: true, lineStyle: { color: ink.ink } },
    ...(spec.categories.length
      ? { type: "category", data: spec.categories, inverse: !horizontal, name: "", axisTick: { show: false }, axisLabel: { color: ink.ink, interval: 0, fontSize: narrow ? 9 : 10, rotate: horizontal ? 90 : 0, width: narrow ? 90 : 220, overflow: "truncate" }, splitLine: { show: false } }
      : { type: "value", min: spec.low ?? null, max: spec.high ?? null, axisLabel: { color: ink.ink }, splitLine: { lineStyle: { color: ink.line, opacity: 0.5 } } }),
  });

  // From low to high, along y, or along x where the y axis has names: a line broken after each of them.
  const spread = (series, ink, sideways) => {
    const known = series.points.filter((point) => point.low !== null && point.high !== null);
    if (!known.length) return [];
    const ends = (point) => (sideways ? [[point.low, point.y], [point.high, point.y]] : [[point.x, point.low], [point.x, point.high]]);
    const edge = (side) => known.map((point) => [point.x, point[side]]);
    const line = (data, more) => ({ type: "line", name: series.name, data, silent: true, symbol: "none", z: 4, lineStyle: { color: ink[series.role], width: 1.5, ...more }, itemStyle: { color: ink[series.role] } });
    if (series.form === "steps") return ["low", "high"].map((side) => ({ ...line(edge(side), { width: 1, type: [4, 3] }), step: "end" }));
    return [line(known.flatMap((point) => [...ends(point), [null, null]]), {})];
  };

  const drawn = (series, ink, sideways) => {
    const data = series.points.map((point) => ({ value: [point.x, point.y], said: point.label || series.name }));
    const colour = ink[series.role];
    const base = { name: series.name, data, itemStyle: { color: colour }, cursor: "default" };
    if (series.form === "bars") return { ...base, type: "bar", barCategoryGap: "10%" };
    if (series.form === "points" || series.form === "intervals") return { ...base, type: "scatter", z: 5, symbol: series.role === "event" ? "diamond" : series.form === "intervals" ? "rect" : "circle", symbolSize: series.role === "event" ? 11 : 7 };
    const faint = series.role === "individual";
    return {
      ...base, type: "line", step: series.form === "steps" ? "end" : false, symbol: sideways || faint ? "none" : "circle", symbolSize: 5, silent: faint, z: faint ? 2 : 3,
      lineStyle: { color: sideways ? ink.individual : colour, width: sideways ? 6 : LINE_WIDTH[series.role], opacity: faint ? 0.55 : 1 },
    };
  };

  const bands = (figure, ink) => {
    if (!figure.bands.length) return [];
    const side = figure.y.categories.length ? "xAxis" : "yAxis";
    const data = figure.bands.map((band) => [{ [side]: band.low, name: band.label }, { [side]: band.high }]);
    return [{ type: "line", data: [], silent: true, markArea: { silent: true, itemStyle: { color: ink.band, opacity: 0.7 }, label: { color: ink.ink, position: "insideTopRight" }, data } }];
  };

  const options = (figure, width) => {
    const ink = colours();
    const narrow = width < NARROW;
    const sideways = figure.y.categories.length > 0;
    return {
      animation: false, textStyle: { color: ink.ink },
      grid: { left: narrow && sideways ? 100 : sideways ? 230 : 58, right: 16, top: 14, bottom: figure.x.categories.length ? 52 : 46 },
      tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: ink.paper, borderColor: ink.line, textStyle: { color: ink.ink }, formatter: (item) => item.data.said ?? "" },
      xAxis: axis(figure.x, ink, true, narrow), yAxis: axis(figure.y, ink, false, narrow),
      series: [...bands(figure, ink), ...figure.series.map((series) => drawn(series, ink, sideways)), ...figure.series.flatMap((series) => spread(series, ink, sideways))],
    };
  };

  const draw = ({ chart, box, figure }) => {
    const width = box.clientWidth;
    if (!width) return;
    const height = Math.max(HEIGHT, figure.y.categories.length * A_ROW + 60);
    chart.resize({ width, height });
    chart.setOption(options(figure, width), true);
  };

  const begin = () => {
    document.querySelectorAll("[data-plot]").forEach((box) => {
      const figure = JSON.parse(document.getElementById(box.dataset.plot).textContent);
      const chart = window.echarts.init(box, null, { renderer: "svg", width: 1, height: 1 });
      const one = { chart, box, figure };
      charts.push(one);
      new ResizeObserver(() => draw(one)).observe(box);
    });
  };
  begin();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => charts.forEach(draw));
})();
