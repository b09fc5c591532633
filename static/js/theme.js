// Runs before the first paint: the chosen theme on <html>. Classic script, so that nothing flashes.
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    const choice = root.dataset.themeChoice || "auto";
    const hour = new Date().getHours();
    const night = hour >= 20 || hour < 7;
    const isDark = choice === "dark" || (choice === "auto" && dark.matches) || (choice === "night" && night);
    root.dataset.bsTheme = isDark ? "dark" : "light";
  }
  function remember(name, value) {
    document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`;
  }
  apply();
  dark.addEventListener("change", apply);
  setInterval(apply, 60000);
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.closest("[data-theme-switch]")) {
      root.dataset.themeChoice = input.value;
      remember("theme", input.value);
      apply();
    } else if (input.closest("[data-density-switch]")) {
      root.dataset.density = input.value;
      remember("density", input.value);
    }
  });
})();
