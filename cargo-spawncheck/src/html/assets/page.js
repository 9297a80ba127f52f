// Brings the parts together: filter, keys, theme.

const filter = byId("filter");
const boxes = (name) => [...filter.querySelectorAll(`[name="${name}"]`)];

function apply() {
  const matching = filterStories();
  filterPictures(matching);
  filterRows(matching);
  byId("reset").hidden = !isFiltered();
  const of = (some, all, noun) => `${some === all ? "" : `${number(some)} of `}${number(all)} ${noun}`;
  byId("found").textContent = `${of(matching.size, stories.length, "findings")}, ${
    of(matchingRows.length, rows.length, "tests")}`;
}

/// The reader's choice, into the elements.
function show() {
  byId("query").value = chosen.query;
  byId("differing").checked = chosen.differing;
  for (const box of boxes("kind")) box.checked = chosen.kinds.has(box.value);
  for (const box of boxes("platform")) box.checked = chosen.platforms.has(Number(box.value));
}

/// And out of them.
function choose() {
  const checked = (name) => boxes(name).filter((box) => box.checked).map((box) => box.value);
  chosen.query = byId("query").value;
  chosen.differing = byId("differing").checked;
  chosen.kinds = new Set(checked("kind"));
  chosen.platforms = new Set(checked("platform").map(Number));
  writeHash();
  apply();
}

function reset() {
  Object.assign(chosen, { query: "", kinds: new Set(), platforms: new Set(), differing: false });
  show();
  choose();
  byId("query").focus();
}

function fromHash() {
  readHash();
  show();
  apply();
  if (chosen.story !== null) openStory(chosen.story);
}

function pageKey(event) {
  const typing = event.target.matches?.("input, textarea, select");
  if (event.key === "/" && !(typing && event.target.type !== "checkbox") && !event.ctrlKey && !event.metaKey) {
    byId("query").focus();
    byId("query").select();
    event.preventDefault();
  } else if (event.key === "Escape" && event.target === byId("query")) {
    if (isFiltered()) reset();
    else event.target.blur();
  }
}

/// What is scrolled to must not end up below the filter, which may take several lines.
function makeRoom() {
  const above = getComputedStyle(filter).position === "sticky" ? filter.offsetHeight : 0;
  document.documentElement.style.scrollPaddingTop = `${above + 8}px`;
}

/// Dark or light as the system has it, until the reader says otherwise.
function listenToTheme() {
  const button = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  // Storage may be forbidden; then the choice holds for this visit.
  try {
    const kept = localStorage.getItem("spawncheck-theme");
    if (["dark", "light"].includes(kept)) root.dataset.theme = kept;
  } catch { /* see above */ }
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("spawncheck-theme", root.dataset.theme); } catch { /* see above */ }
    label();
  });
  system.addEventListener("change", label);
  button.hidden = false;
  label();
}

filter.hidden = false;
filter.addEventListener("input", choose);
byId("reset").addEventListener("click", reset);
document.addEventListener("keydown", pageKey);
// A link to a finding keeps the filter, so it must not become the whole hash.
document.addEventListener("click", (event) => {
  const id = event.target.closest?.('a[href^="#s"]')?.getAttribute("href").slice(1);
  if (!/^s\d+$/.test(id ?? "")) return;
  event.preventDefault();
  openStory(Number(id.slice(1)));
});
addEventListener("hashchange", fromHash);
makeRoom();
new ResizeObserver(makeRoom).observe(filter);
listenToTheme();
listenToStories();
listenToRows();
fromHash();
drawPictures();
performance.mark("spawncheck-ready");
