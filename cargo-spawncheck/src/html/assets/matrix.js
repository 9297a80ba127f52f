// The table of all tests. Only the rows that are on the screen are elements; a spacer above and below stands for the others.

const ROW = 32; // pixels, as in page.css
const AROUND = 12; // rows beyond the screen, for a quick scroll
const PRINTED = 1000;

const rows = data.rows.map(([binary, name, verdicts]) => {
  const file = data.binaries[binary];
  return { file, name, verdicts, text: `${file} ${name}`.toLowerCase(), stories: [] };
});
stories.forEach((story, index) => rows[story.row]?.stories.push(index));

let matchingRows = [];
let active = -1; // an index into them
let columns = []; // indices of platforms

function rowMatches(row, wanted, matching) {
  const verdicts = columns.map((index) => row.verdicts.slice(2 * index, 2 * index + 2)).join("").replaceAll("-", "");
  if (chosen.platforms.size > 0 && verdicts === "") return false;
  if (chosen.differing && new Set(verdicts).size < 2 && row.stories.length === 0) return false;
  if (chosen.kinds.size > 0 && !row.stories.some((index) => ofChosen(stories[index].kind))) return false;
  return wanted.every((word) => row.text.includes(word)) || row.stories.some((index) => matching.has(stories[index]));
}

function filterRows(matching) {
  const wanted = words();
  columns = [...data.platforms.keys()].filter((index) => onChosen([index]));
  matchingRows = rows.filter((row) => rowMatches(row, wanted, matching));
  active = -1;
  byId("grid").removeAttribute("aria-activedescendant");
  byId("rows").scrollTop = 0;
  head();
  showRows();
}

function head() {
  const column = (text, properties) => element("th", { scope: "col", textContent: text, ...properties });
  const first = [column("Test", { rowSpan: 2, className: "test" })];
  for (const index of columns) {
    first.push(element("th", { scope: "colgroup", colSpan: 2 }, [element("bdi", { textContent: data.platforms[index] })]));
  }
  first.push(column("Findings", { rowSpan: 2, className: "kinds" }));
  const second = columns.flatMap(() => [column("in-process", { className: "leg" }), column("spawned", { className: "leg" })]);
  const lines = [element("tr", { ariaRowIndex: "1" }, first)];
  if (second.length > 0) lines.push(element("tr", { ariaRowIndex: "2" }, second));
  byId("grid").tHead.replaceChildren(...lines);
  byId("grid").ariaRowCount = String(matchingRows.length + 2);
}

function rowElement(row, index) {
  const name = [element("bdi", { className: "binary", textContent: row.file }), " ", element("bdi", { textContent: row.name })];
  const cells = [element("th", { scope: "row", className: "test", title: row.name }, name)];
  for (const platform of columns) {
    for (const letter of row.verdicts.slice(2 * platform, 2 * platform + 2)) {
      cells.push(element("td", { className: `verdict ${letter === "-" ? "none" : letter}`, textContent: VERDICTS[letter] }));
    }
  }
  // Enter goes there; a stop for each would be in the way of Tab.
  const links = row.stories.map((story) =>
    element("a", { href: `#s${story}`, textContent: stories[story].kind, tabIndex: -1 }));
  cells.push(element("td", { className: "kinds" }, links));
  return element("tr", { id: `row${index}`, ariaRowIndex: String(index + 3), ariaSelected: String(index === active) }, cells);
}

function spacer(count) {
  const cell = element("td", { colSpan: 2 + 2 * columns.length });
  const line = element("tr", { className: "spacer", ariaHidden: "true" }, [cell]);
  line.style.height = `${count * ROW}px`;
  return line;
}

function showRows(from = null, to = null) {
  const { scrollTop, clientHeight } = byId("rows");
  const first = from ?? Math.max(0, Math.floor(scrollTop / ROW) - AROUND);
  const last = Math.min(matchingRows.length, to ?? Math.ceil((scrollTop + clientHeight) / ROW) + AROUND);
  const lines = matchingRows.slice(first, last).map((row, index) => rowElement(row, first + index));
  if (first > 0) lines.unshift(spacer(first));
  if (last < matchingRows.length) lines.push(spacer(matchingRows.length - last));
  if (matchingRows.length === 0) {
    const cell = element("td", { colSpan: 2 + 2 * columns.length, textContent: "No test matches." });
    lines.push(element("tr", {}, [cell]));
  }
  byId("grid").tBodies[0].replaceChildren(...lines);
}

function activate(index) {
  active = Math.max(0, Math.min(matchingRows.length - 1, index));
  const box = byId("rows");
  const room = box.clientHeight - byId("grid").tHead.offsetHeight - ROW;
  box.scrollTop = Math.min(active * ROW, Math.max(box.scrollTop, active * ROW - room));
  showRows();
  byId("grid").setAttribute("aria-activedescendant", `row${active}`);
}

function gridKey(event) {
  const page = Math.max(1, Math.floor(byId("rows").clientHeight / ROW) - 3);
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (event.key in steps && matchingRows.length > 0) {
    activate(active + steps[event.key]);
    event.preventDefault();
  } else if (event.key === "Enter" && matchingRows[active]?.stories.length > 0) {
    openStory(matchingRows[active].stories[0]);
    event.preventDefault();
  }
}

function listenToRows() {
  byId("tests-help").hidden = byId("rows").hidden = false;
  let asked = false;
  byId("rows").addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; showRows(); });
  }, { passive: true });
  new ResizeObserver(() => showRows()).observe(byId("rows"));
  byId("grid").addEventListener("keydown", gridKey);
  byId("grid").addEventListener("click", ({ target }) => {
    const line = target.closest("tbody tr:not(.spacer)");
    if (line?.id && !target.closest("a")) activate(Number(line.id.slice(3)));
  });
  addEventListener("beforeprint", () => {
    if (matchingRows.length > PRINTED) byId("printed").textContent = ` Printed: the first ${number(PRINTED)}.`;
    showRows(0, PRINTED);
  });
  addEventListener("afterprint", () => { byId("printed").textContent = ""; showRows(); });
}
