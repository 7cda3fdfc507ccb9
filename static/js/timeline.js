// The time axis: draws it when its panel arrives, follows the mouse and the keyboard, says what was on a day.
(() => {
  const { DAY, NARROW, time, after, options } = window.tacsleTimeline;
  const YEAR = 365 * DAY;
  // A longer record opens with its last year.
  const LONG = 3 * YEAR;
  const LEAST_SPAN = 14 * DAY;
  const LONGEST_LINE = 72;
  const drawn = new Map();
  let library;

  const fetched = (address) => {
    library ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", () => resolve(window.echarts));
      script.addEventListener("error", () => { library = undefined; reject(new Error("not loaded")); });
      document.head.append(script);
    });
    return library;
  };

  // What happened on each day, and what was taken on it.
  const index = (data) => {
    const happened = new Map(Object.keys(data.days).map((day) => [day, []]));
    const taken = [];
    for (const series of data.lanes.flatMap((lane) => lane.series)) {
      series.points.concat(series.marks).forEach((row) => happened.get(row.day).push(row));
      series.stretches.forEach((row) => {
        if (!series.planned) taken.push(row);
        const turn = series.planned ? data.words.planned : data.words.new;
        happened.get(row.first).push({ ...row, said: `${turn} ${row.said}` });
        if (row.ended) happened.get(row.last).push({ ...row, said: `${data.words.last} ${row.said}` });
      });
    }
    const inForce = (day) => taken.filter((row) => row.first <= day && day <= row.last);
    return { days: [...happened.keys()], happened, inForce };
  };

  class Axis {
    constructor(panel, data, echarts) {
      this.panel = panel;
      this.data = data;
      this.box = panel.querySelector(".timeline-chart");
      this.said = panel.querySelector("[data-said]");
      this.known = index(data);
      this.times = this.known.days.map(time);
      this.whole = [time(data.first), after(data.today)];
      this.seen = this.opening();
      this.chosen = null;
      this.chart = echarts.init(panel.querySelector("[data-chart]"), null, { renderer: "svg", width: 1, height: 1 });
      this.draw();
      this.listen();
    }

    // Nothing is drawn while the chart is hidden, as on paper: its watcher calls again when it has a width.
    draw() {
      const width = this.box.clientWidth;
      if (!width) return;
      const { height, ...option } = options(this.data, width, document.documentElement.lang);
      this.chart.resize({ width, height });
      this.chart.setOption(option, true);
      this.look(...this.seen);
    }

    listen() {
      const zr = this.chart.getZr();
      let waiting = 0;
      zr.on("mousemove", (event) => {
        cancelAnimationFrame(waiting);
        waiting = requestAnimationFrame(() => this.point(this.nearest(event.offsetX), event.offsetY));
      });
      zr.on("globalout", () => { cancelAnimationFrame(waiting); this.leave(); });
      zr.on("click", (event) => this.choose(this.nearest(event.offsetX), event.offsetY));
      this.chart.on("datazoom", () => { this.seen = this.window(); this.press(); });
      this.box.addEventListener("keydown", (event) => this.key(event));
      this.panel.querySelectorAll("[data-period]").forEach((button) => {
        button.addEventListener("click", () => { this.look(...this.period(button.dataset.period)); });
      });
      this.watcher = new ResizeObserver(() => { if (this.box.clientWidth && this.box.clientWidth !== this.chart.getWidth()) this.draw(); });
      this.watcher.observe(this.box);
    }

    end() {
      this.watcher.disconnect();
      this.chart.dispose();
    }

    window() {
      const { startValue, endValue } = this.chart.getOption().dataZoom[0];
      return [startValue, endValue];
    }

    // The last year; of a record that ended long ago the last year in which anything happened.
    opening() {
      const [first, end] = this.whole;
      const last = this.times.filter((each) => each < time(this.data.today)).at(-1) ?? end;
      if (end - first <= LONG) return this.whole;
      return end - last < YEAR ? this.period("365") : [last - YEAR, last + LEAST_SPAN];
    }

    period(name) {
      const [first, last] = this.whole;
      if (name === "all") return this.whole;
      if (name === "course") return [time(this.data.courses.at(-1)[0]), last];
      return [Math.max(first, last - Number(name) * DAY), last];
    }

    // Show the days from start to end, moved into the axis and never less than two weeks.
    look(start, end) {
      const [first, last] = this.whole;
      const span = Math.min(Math.max(end - start, LEAST_SPAN), last - first);
      const from = Math.min(Math.max(start, first), last - span);
      this.seen = [from, from + span];
      this.chart.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, startValue: from, endValue: from + span });
      this.press();
      if (this.chosen !== null) this.point(this.chosen);
    }

    press() {
      const close = (name) => this.period(name).every((value, place) => Math.abs(value - this.seen[place]) < DAY);
      let found = false;
      this.panel.querySelectorAll("[data-period]").forEach((button) => {
        const pressed = !found && close(button.dataset.period);
        found ||= pressed;
        button.setAttribute("aria-pressed", String(pressed));
      });
    }

    nearest(pixel) {
      const value = this.chart.convertFromPixel({ xAxisIndex: 0 }, pixel);
      const distance = (place) => Math.abs(this.times[place] - value);
      return this.times.reduce((best, _time, place) => (distance(place) < distance(best) ? place : best), 0);
    }

    // The cross-hair through all lanes, with the values beside it; on a phone they stand below the chart only.
    point(place, beside) {
      const x = this.chart.convertToPixel({ xAxisIndex: 0 }, this.times[place]);
      const y = this.chart.convertToPixel({ yAxisIndex: 0 }, this.data.lanes[0].scale?.[0] ?? 0);
      this.chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "mousemove", x, y: y - 1 });
      if (this.box.clientWidth < NARROW) return;
      const formatter = () => this.lines(place);
      this.chart.dispatchAction({ type: "showTip", x, y: beside ?? y, tooltip: { formatter } });
    }

    leave() {
      this.chart.dispatchAction({ type: "hideTip" });
      this.chart.dispatchAction({ type: "updateAxisPointer", currTrigger: "leave" });
      if (this.chosen !== null) this.point(this.chosen);
    }

    choose(place, y) {
      this.chosen = Math.min(Math.max(place, 0), this.times.length - 1);
      const at = this.times[this.chosen];
      const [start, end] = this.seen;
      if (at < start || at > end) this.look(at - (end - start) / 2, at + (end - start) / 2);
      this.point(this.chosen, y);
      this.said.textContent = this.sentence(this.chosen);
    }

    zoom(factor) {
      const [start, end] = this.seen;
      const middle = this.chosen === null ? (start + end) / 2 : this.times[this.chosen];
      const half = (end - start) * factor / 2;
      this.look(middle - half, middle + half);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const last = this.times.length - 1;
      const here = this.chosen ?? last + 1;
      const does = {
        ArrowLeft: () => this.choose(here - 1), ArrowRight: () => this.choose(here + 1),
        Home: () => this.choose(0), End: () => this.choose(last),
        "+": () => this.zoom(0.5), "=": () => this.zoom(0.5), "-": () => this.zoom(2),
        Escape: () => { this.chosen = null; this.leave(); this.said.textContent = ""; },
      }[event.key];
      if (!does) return;
      event.preventDefault();
      does();
    }

    about(place) {
      const day = this.known.days[place];
      return { when: this.data.days[day], happened: this.known.happened.get(day), taken: this.known.inForce(day) };
    }

    sentence(place) {
      const { when, happened, taken } = this.about(place);
      const { nothing, in_force: inForce } = this.data.words;
      const told = happened.map((row) => (row.more ? `${row.said} (${row.more})` : row.said)).join("; ");
      const doses = taken.map((row) => row.said).join("; ");
      return `${when}: ${told || nothing}.${doses ? ` ${inForce} ${doses}.` : ""}`;
    }

    lines(place) {
      const { when, happened, taken } = this.about(place);
      const cut = (text) => (text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE - 1)}…` : text);
      const doses = taken.map((row) => row.said);
      return [when, ...happened.map((row) => row.said), ...(doses.length ? [this.data.words.in_force, ...doses] : [])]
        .map(cut).join("\n");
    }
  }

  const start = async (panel) => {
    const data = JSON.parse(panel.querySelector('script[type="application/json"]').textContent);
    try {
      drawn.set(panel, new Axis(panel, data, await fetched(panel.dataset.library)));
    } catch (error) {
      panel.querySelector("[data-undrawn]").hidden = false;
      throw error;
    }
  };

  document.addEventListener("htmx:load", (event) => {
    event.target.closest("[data-fragment]")?.querySelectorAll("[data-timeline]").forEach((panel) => {
      if (!drawn.has(panel)) start(panel);
    });
  });
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    drawn.get(event.target)?.end();
    drawn.delete(event.target);
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    requestAnimationFrame(() => drawn.forEach((axis) => axis.draw()));
  });
})();
