/**
 * Browser script: reloads the page every few seconds and replaces what changed. Open details, scroll positions and focus
 * stay; nothing changes while the user selects text, has the tab in the background or pauses.
 */
export const REFRESH_SCRIPT = `
"use strict";
(() => {
  const controls = document.querySelector("[data-refresh-seconds]");
  if (!controls) return;
  const seconds = Number(controls.dataset.refreshSeconds);
  const says = controls.querySelector("[data-says]");
  const button = controls.querySelector("button");
  const regions = () => [...document.querySelectorAll("[data-live]")];
  const shown = new Map(regions().map((region) => [region.id, region.innerHTML]));
  let paused = sessionStorage.getItem("paused") === "yes";
  let timer;
  let busy = false;

  const say = (text, stale) => {
    says.textContent = text;
    says.classList.toggle("stale", stale);
  };
  const clock = () => new Date().toISOString().slice(11, 19) + " UTC";
  const selecting = () => {
    const selection = getSelection();
    return !selection.isCollapsed && regions().some((region) => selection.containsNode(region, true));
  };

  const swap = (region, fresh) => {
    const keyed = (within) => [...within.querySelectorAll("[data-key]")];
    const open = new Set(keyed(region).filter((one) => one.open).map((one) => one.dataset.key));
    const scrolled = new Map([...region.querySelectorAll(".scroll")].map((one, place) => [place, one.scrollLeft]));
    const active = region.contains(document.activeElement) ? document.activeElement : undefined;
    const key = active?.closest("[data-key]")?.dataset.key;
    const href = active?.getAttribute("href");
    region.replaceChildren(...fresh.childNodes);
    for (const one of keyed(region)) if (open.has(one.dataset.key)) one.open = true;
    region.querySelectorAll(".scroll").forEach((one, place) => { one.scrollLeft = scrolled.get(place) ?? 0; });
    if (!active) return;
    const again = keyed(region).find((one) => one.dataset.key === key)?.querySelector("summary")
      ?? [...region.querySelectorAll("a")].find((one) => one.getAttribute("href") === href);
    again?.focus({ preventScroll: true });
  };

  const refresh = async () => {
    if (busy || paused || document.hidden || selecting()) return;
    busy = true;
    try {
      const response = await fetch(location.origin + location.pathname + location.search, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(20000),
      });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!response.ok) return say("Not updated since " + since + ": " + (page.querySelector(".fault h1, .fault h2")?.textContent ?? page.title), true);
      const [left, top] = [scrollX, scrollY];
      for (const region of regions()) {
        const fresh = page.getElementById(region.id);
        if (!fresh || fresh.innerHTML === shown.get(region.id)) continue;
        shown.set(region.id, fresh.innerHTML);
        swap(region, fresh);
      }
      scrollTo(left, top);
      since = clock();
      say("Updated " + since, false);
    } catch {
      say("Not updated since " + since + ": the gateway does not answer", true);
    } finally {
      busy = false;
    }
  };
  const schedule = () => {
    clearInterval(timer);
    timer = setInterval(refresh, seconds * 1000);
  };
  const show = () => {
    button.textContent = paused ? "Resume" : "Pause";
    if (paused) say("Paused", false);
  };

  let since = clock();
  button.addEventListener("click", () => {
    paused = !paused;
    sessionStorage.setItem("paused", paused ? "yes" : "no");
    show();
    if (!paused) { schedule(); refresh(); }
  });
  document.addEventListener("visibilitychange", refresh);
  button.hidden = false;
  say("Updated " + since, false);
  show();
  schedule();
})();
`.trim();
