// How quick pages are for real visitors: largest paint, slowest answer to a touch (ms), all shifts; said once, on leaving.
{
  const most = {};
  const watch = (type, name, of) => {
    const note = (list) => list.getEntries().forEach((entry) => (most[name] = of(entry, most[name] || 0)));
    new PerformanceObserver(note).observe({ type, buffered: true });
  };
  watch("largest-contentful-paint", "lcp", (entry) => entry.startTime);
  watch("event", "inp", (entry, known) => Math.max(known, entry.duration));
  watch("layout-shift", "cls", (entry, known) => known + (!entry.hadRecentInput && entry.value));
  addEventListener("pagehide", () => navigator.sendBeacon("/vitals", new URLSearchParams(most)));
}
