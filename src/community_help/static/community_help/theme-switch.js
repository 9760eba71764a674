// Light, dark, or as the device says. Runs in <head> before the page is drawn, so that nothing flashes.
(() => {
  const key = "community-help-theme";
  const root = document.documentElement;
  const chosen = () => {
    try { return localStorage.getItem(key) || ""; } catch { return ""; } // storage can be forbidden: then the device decides
  };
  const apply = (theme) => {
    if (theme) root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
  };
  apply(chosen());

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll("[data-ch-themes]")) {
      const buttons = [...group.querySelectorAll("button")];
      const press = (theme) => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.value === theme)));
      press(chosen());
      group.hidden = false;
      group.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        try { localStorage.setItem(key, button.value); } catch { /* holds for this page then */ }
        apply(button.value);
        press(button.value);
      });
    }
  });
})();
