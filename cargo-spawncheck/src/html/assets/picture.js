// Lines between the boxes of the pictures.

const SVG = "http://www.w3.org/2000/svg";

/// The box with this number; or, in a list that is closed, what opens it.
function anchor(flow, box) {
  const found = flow.querySelector(`[data-box="${box}"]`);
  const closed = found.closest(".column > details:not([open])");
  return closed ? closed.querySelector("summary") : found;
}

/// From edge to edge: `[anchor, anchor, tests]`, those that meet in a closed list taken together.
function linesOf(flow) {
  const lines = new Map();
  for (const line of flow.dataset.lines.split(" ")) {
    const [from, to, tests] = line.split(/[-:]/).map(Number);
    const ends = [anchor(flow, from), anchor(flow, to)];
    const known = [...lines.values()].find((other) => other[0] === ends[0] && other[1] === ends[1]);
    if (known) known[2] += tests;
    else lines.set(line, [...ends, tests]);
  }
  return [...lines.values()];
}

function draw(flow) {
  if (flow.hidden) return;
  const columns = flow.querySelector(".columns");
  const origin = columns.getBoundingClientRect();
  const paths = [];
  for (const [from, to, tests] of linesOf(flow)) {
    const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
    // On a narrow screen the columns stand below each other, and the order says it.
    if (b.left < a.right) continue;
    const [x1, x2] = [a.right - origin.left, b.left - origin.left];
    const [y1, y2] = [a, b].map((rect) => rect.top + rect.height / 2 - origin.top);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`);
    path.setAttribute("stroke-width", Math.min(1.5 + Math.log2(tests) * 0.7, 6).toFixed(1));
    paths.push(path);
  }
  let picture = columns.querySelector("svg");
  if (!picture) {
    picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("aria-hidden", "true");
    columns.prepend(picture);
  }
  picture.replaceChildren(...paths);
}

/// Hides what shows nothing that matches, and marks what does not among the rest.
function filterPictures(matching) {
  const picture = byId("picture");
  if (!picture) return;
  const ids = new Set([...matching].map((story) => `#${story.details.id}`));
  for (const flow of picture.querySelectorAll(".flow")) {
    let any = false;
    for (const link of flow.querySelectorAll("a")) {
      const matches = ids.has(link.getAttribute("href"));
      link.classList.toggle("other", !matches);
      any ||= matches;
    }
    flow.hidden = !any;
  }
  unfold(picture.querySelector(".graphs"));
  picture.hidden = picture.querySelector(".flow:not([hidden])") === null;
}

function drawPictures() {
  // Also when a list is opened, and when fonts or the window change.
  const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => draw(target.closest(".flow"))));
  for (const columns of document.querySelectorAll(".flow .columns")) {
    sizes.observe(columns);
  }
}
