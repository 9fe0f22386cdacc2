// What every page can do: change between light and dark, and say something for a few seconds.

(() => {
  const root = document.documentElement;
  root.lang = "en";
  const kept = () => { try { return localStorage.getItem("vitascope-theme"); } catch { return null; } };
  if (kept()) root.dataset.theme = kept();
  // What NiceGUI shows while the connection is lost is heard, too.
  addEventListener("DOMContentLoaded", () => document.getElementById("popup")?.setAttribute("role", "status"));
  window.studio = {
    turn() {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("vitascope-theme", root.dataset.theme); } catch { /* holds for this page alone */ }
    },
    toast(sentence, trouble) {
      let place = document.querySelector(".toasts");
      if (!place) {
        place = Object.assign(document.createElement("div"), { className: "toasts" });
        place.setAttribute("role", "status");
        place.setAttribute("aria-live", "polite");
        document.body.append(place);
      }
      const said = Object.assign(document.createElement("div"), { className: "toast" });
      if (trouble) said.append(Object.assign(document.createElement("i"), { className: "icon icon-warn" }));
      said.append(Object.assign(document.createElement("span"), { textContent: sentence }));
      place.append(said);
      setTimeout(() => said.remove(), 4000 + 60 * sentence.length);
    },
    at(address) { if (location.pathname !== address) history.replaceState(history.state, "", address); },
    // Scrolls sideways to what matches, if its place can be scrolled.
    aside(selector) {
      requestAnimationFrame(() => document.querySelector(selector)?.scrollIntoView({ block: "nearest", inline: "nearest" }));
    },
    down(id) {
      const place = document.getElementById(id);
      if (place) requestAnimationFrame(() => place.scrollTo({ top: place.scrollHeight }));
    },
  };
})();
