// What the page was given, and what its reader has chosen. Text from outside is only ever set as text.

const data = JSON.parse(document.getElementById("data").textContent);

// `data.rs` writes these letters.
const VERDICTS = { p: "pass", f: "✗ fail", c: "✗ crash", t: "✗ timeout", i: "ignored", "-": "–" };

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");

function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const chosen = { query: "", kinds: new Set(), platforms: new Set(), differing: false, story: null };

/// What is behind the `#`: `query=…&kind=…`, or the id of a finding alone, as links have it.
function readHash() {
  const hash = location.hash.slice(1);
  const parts = new URLSearchParams(/^s\d+$/.test(hash) ? { story: hash } : hash);
  const known = (list, values) => new Set(values.filter((value) => list.includes(value)));
  chosen.query = parts.get("query") ?? "";
  chosen.kinds = known(data.stories.map(([kind]) => kind), parts.getAll("kind"));
  chosen.platforms = known([...data.platforms.keys()], parts.getAll("platform").map(Number));
  chosen.differing = parts.has("differing");
  const story = Number(parts.get("story")?.slice(1) ?? -1);
  chosen.story = story in data.stories ? story : null;
}

function writeHash() {
  const parts = new URLSearchParams();
  if (chosen.query) parts.set("query", chosen.query);
  for (const kind of chosen.kinds) parts.append("kind", kind);
  for (const platform of chosen.platforms) parts.append("platform", platform);
  if (chosen.differing) parts.set("differing", "");
  if (chosen.story !== null) parts.set("story", `s${chosen.story}`);
  history.replaceState(null, "", `#${parts}`);
}

function isFiltered() {
  return chosen.query !== "" || chosen.kinds.size > 0 || chosen.platforms.size > 0 || chosen.differing;
}

const words = () => chosen.query.toLowerCase().split(/\s+/).filter(Boolean);
const onChosen = (platforms) => chosen.platforms.size === 0 || platforms.some((index) => chosen.platforms.has(index));
const ofChosen = (kind) => chosen.kinds.size === 0 || chosen.kinds.has(kind);
