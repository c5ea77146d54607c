// Runs before the first paint, so it is a classic script of its own and touches nothing else.
{
  const chosen = localStorage.getItem("wardroom.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
}
