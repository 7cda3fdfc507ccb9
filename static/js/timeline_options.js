// From the data of a time axis to what ECharts draws. Colours come from the page, shapes carry the meaning.
window.tacsleTimeline = (() => {
  const DAY = 86400000;
  const NARROW = 520;
  const HEIGHT = { title: 16, plot: 52, gap: 8, axis: 22, slider: 32 };
  const WIDE = { gutter: 140, row: 20, name: 11, letter: 7.2 };
  const SMALL = { gutter: 116, row: 26, name: 10, letter: 7.2 };
  const DOTS = ["circle", "triangle", "rect", "diamond"];
  const MARKS = {
    visit: { symbol: "rect", symbolSize: [2, 14] },
    decision: { symbol: "diamond", symbolSize: 13 },
    given: { symbol: "path://M4 0h2v4h4v2h-4v4h-2v-4h-4v-2h4z", symbolSize: 12 },
    illness: { symbol: "triangle", symbolSize: 11 },
    adverse_event: { symbol: "triangle", symbolSize: 11, symbolRotate: 180 },
    answer: { symbol: "rect", symbolSize: 9 },
  };
  const time = (day) => Date.parse(`${day}T00:00:00Z`);
  const after = (day) => time(day) + DAY;
  const middle = (all) => (time(all.first) + after(all.today)) / 2;

  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    const names = ["ink", "quiet", "paper", "ground", "line", "accent", "know", "fine-ground"];
    return Object.fromEntries(names.map((name) => [name, read(name)]));
  };

  // A broken line: a null between two stretches that do not follow each other.
  const stretched = (stretches, height) => stretches.flatMap((row, place) => {
    const next = stretches[place + 1];
    const points = [[time(row.first), height(row)], [after(row.last), height(row)]];
    return next && time(next.first) <= after(row.last) ? points : [...points, [after(row.last), null]];
  });

  const line = (lane, colour, data, style, more = {}) => ({
    type: "line", xAxisIndex: lane, yAxisIndex: lane, data, symbol: "none", silent: true, clip: true,
    lineStyle: { color: colour, width: 1.5, ...style }, itemStyle: { color: colour }, ...more,
  });

  const doses = (lane, series, ground, ink) => {
    const known = series.stretches.filter((row) => row.value !== null);
    const unknown = series.stretches.filter((row) => row.value === null);
    return [
      line(lane, ink, stretched(known, (row) => row.value), series.planned ? { width: 1.5, type: [6, 4] } : { width: 2 }),
      line(lane, ink, stretched(unknown, () => ground), { type: [2, 4], width: 2 }),
    ];
  };

  const limits = (lane, series, ink, today) => series.limits.filter((rows) => rows.length).map((rows) => {
    const data = [...rows.map(([day, limit]) => [time(day), limit]), [after(today), rows.at(-1)[1]]];
    return line(lane, ink, data, { type: [5, 4], width: 1 }, { step: "end" });
  });

  const dots = (lane, series, place, ink, paper) => {
    const exact = series.points.filter((row) => row.high === undefined);
    const joined = exact.filter((row) => !row.apart && !row.label);
    const between = series.points.filter((row) => row.high !== undefined);
    const symbol = DOTS[place % DOTS.length];
    const hollow = { color: paper, borderColor: ink, borderWidth: 1.5 };
    const ends = between.flatMap(({ day, value, high }) => [[time(day), value], [time(day), high], [time(day), null]]);
    const label = (row) => ({ show: Boolean(row.label), formatter: row.label, position: "top", color: ink, fontSize: 11 });
    return [
      line(lane, ink, joined.map((row) => [time(row.day), row.value]), { width: 1 }, { symbol, symbolSize: 7, showAllSymbol: true }),
      line(lane, ink, ends, { width: 3 }, { symbol: "rect", symbolSize: [9, 2], showAllSymbol: true }),
      { type: "scatter", xAxisIndex: lane, yAxisIndex: lane, symbol, symbolSize: 8, silent: true, clip: true,
        data: exact.filter((row) => row.apart || row.label)
          .map((row) => ({ value: [time(row.day), row.value], itemStyle: hollow, label: label(row) })) },
    ];
  };

  const rows = (lane, data, ink) => data.series.flatMap((series, row) => [
    line(lane, ink.accent, stretched(series.stretches, () => row), { width: 9, cap: "butt" }),
    { type: "scatter", xAxisIndex: lane, yAxisIndex: lane, silent: true, clip: true,
      data: series.marks.map((mark) => ({ value: [time(mark.day), row], ...MARKS[mark.symbol], itemStyle: { color: ink.ink } })) },
  ]);

  const seriesOf = (lane, data, ink, today) => {
    if (data.shape === "rows") return rows(lane, data, ink);
    const shades = [ink.accent, ink.know, ink.ink, ink.quiet];
    return data.series.flatMap((series, place) => {
      const shade = shades[place % shades.length];
      return [...doses(lane, series, data.scale[0], shade), ...limits(lane, series, shade, today),
        ...dots(lane, series, place, shade, ink.paper)];
    });
  };

  // What lies behind a lane: its band, and where each course of tacrolimus began.
  const behind = (lane, data, all, ink, width) => ({
    ...line(lane, ink.quiet, [], {}),
    markArea: data.band && { silent: true, itemStyle: { color: ink["fine-ground"], borderColor: ink.line, borderWidth: 1 },
      data: [[{ yAxis: data.band[0] }, { yAxis: data.band[1] }]] },
    markLine: { silent: true, symbol: "none", lineStyle: { color: ink.ink, type: [8, 4], width: 1 }, animation: false,
      label: { show: lane === 0 && width >= NARROW, formatter: all.words.start, position: "end", color: ink.quiet, fontSize: 11 },
      data: all.courses.map(([first]) => ({ xAxis: time(first), label: { align: time(first) > middle(all) ? "right" : "left" } })) },
  });

  const tick = (language) => {
    const month = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });
    return (value) => {
      const day = new Date(value);
      if (day.getUTCDate() !== 1) return `${day.getUTCDate()} ${month.format(day)}`;
      return day.getUTCMonth() ? month.format(day) : String(day.getUTCFullYear());
    };
  };

  const yAxis = (data, size, ink, lane) => {
    const label = { color: ink.quiet, fontSize: 11, margin: 6 };
    const shared = { gridIndex: lane, axisTick: { show: false }, axisLine: { show: false }, axisPointer: { show: false } };
    if (data.shape === "rows") {
      return { ...shared, type: "category", inverse: true, data: data.series.map((series) => series.name),
        axisLabel: { ...label, fontSize: size.name, width: size.gutter - 8, overflow: "break", interval: 0 }, splitLine: { show: false } };
    }
    const [min, max, interval] = data.scale;
    return { ...shared, type: "value", min, max, interval, axisLabel: { ...label, hideOverlap: true },
      splitLine: { lineStyle: { color: ink.line, width: 0.5 } } };
  };

  const heights = (lanes, width, size) => {
    let top = HEIGHT.gap;
    const placed = lanes.map((lane) => {
      const title = HEIGHT.title * Math.ceil(lane.title.length * size.letter / width);
      const height = lane.shape === "rows" ? size.row * lane.series.length : HEIGHT.plot;
      const place = { title: top, top: top + title + 4, height };
      top = place.top + height + HEIGHT.gap;
      return place;
    });
    return { placed, total: top + HEIGHT.axis + HEIGHT.slider };
  };

  const options = (data, width, language) => {
    const ink = colours();
    const size = width < NARROW ? SMALL : WIDE;
    const { gutter } = size;
    const { placed, total } = heights(data.lanes, width, size);
    const last = data.lanes.length - 1;
    const format = tick(language);
    const every = data.lanes.map((_lane, index) => index);
    const zoom = { xAxisIndex: every, filterMode: "none", minValueSpan: 14 * DAY };
    return {
      animation: false, useUTC: true, height: total,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink.ink },
      title: data.lanes.map((lane, index) => ({
        text: lane.title, left: 0, top: placed[index].title, padding: 0,
        textStyle: { fontSize: 12, lineHeight: HEIGHT.title, fontWeight: 600, color: ink.ink, width, overflow: "break" } })),
      grid: placed.map(({ top, height }) => ({ left: gutter, right: 12, top, height })),
      xAxis: data.lanes.map((_lane, index) => ({
        type: "time", gridIndex: index, min: time(data.first), max: after(data.today),
        axisLabel: { show: index === last, color: ink.quiet, fontSize: 11, formatter: format, hideOverlap: true },
        axisLine: { lineStyle: { color: ink.quiet } }, axisTick: { show: index === last },
        splitLine: { show: true, lineStyle: { color: ink.line, width: 0.5 } },
        axisPointer: { show: true, type: "line", snap: false, triggerTooltip: false, triggerEmphasis: false, label: { show: false }, lineStyle: { color: ink.ink, type: "solid", width: 1 } } })),
      yAxis: data.lanes.map((lane, index) => yAxis(lane, size, ink, index)),
      axisPointer: { link: [{ xAxisIndex: "all" }], triggerOn: "none" },
      series: data.lanes.flatMap((lane, index) =>
        [behind(index, lane, data, ink, width), ...seriesOf(index, lane, ink, data.today)]),
      dataZoom: [
        { ...zoom, type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false },
        { ...zoom, type: "slider", bottom: 4, left: gutter, right: 12, height: 20, showDetail: false, brushSelect: false,
          borderColor: ink.line, fillerColor: "transparent", handleStyle: { color: ink.paper, borderColor: ink.accent },
          moveHandleStyle: { color: ink.quiet }, dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } } },
      ],
      tooltip: { trigger: "none", triggerOn: "none", renderMode: "richText", confine: true, transitionDuration: 0,
        backgroundColor: ink.paper, borderColor: ink.quiet, padding: 8, textStyle: { color: ink.ink, fontSize: 12 } },
    };
  };

  return { DAY, NARROW, time, after, options };
})();
