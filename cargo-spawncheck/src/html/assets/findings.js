// The findings, which are in the page already: which of them are shown, and which is open.

const stories = data.stories.map(([kind, platforms, row], index) => {
  const details = byId(`s${index}`);
  return { kind, platforms, row, details, item: details.parentElement, text: null };
});

/// What a search looks at: all but the output, whose words are everywhere.
function storyText(story) {
  story.text ??= `${story.details.querySelector("summary").textContent} ${
    story.details.querySelector(".facts").textContent}`.toLowerCase();
  return story.text;
}

function storyMatches(story, wanted) {
  return ofChosen(story.kind) && onChosen(story.platforms) && wanted.every((word) => storyText(story).includes(word));
}

/// Returns what matches, shown or not.
function filterStories() {
  const wanted = words();
  const matching = new Set(stories.filter((story) => storyMatches(story, wanted)));
  for (const story of stories) {
    story.item.hidden = !matching.has(story);
  }
  unfold(byId("rest"));
  return matching;
}

/// What waits behind "… 14 more" is there while a filter is: it may be what was looked for. The number is that of all.
function unfold(rest) {
  if (!rest) return;
  if (isFiltered()) rest.open = true;
  rest.firstElementChild.hidden = isFiltered();
}

function openStory(index) {
  const { item, details } = stories[index];
  item.hidden = false;
  item.closest("details")?.setAttribute("open", "");
  details.open = true;
  details.scrollIntoView({ block: "start" });
  details.querySelector("summary").focus({ preventScroll: true });
}

function listenToStories() {
  // `toggle` does not bubble.
  byId("stories")?.addEventListener("toggle", ({ target }) => {
    if (!target.matches(".story")) return;
    const index = Number(target.id.slice(1));
    if (target.open) chosen.story = index;
    else if (chosen.story === index) chosen.story = null;
    writeHash();
  }, true);
  document.querySelector("main").addEventListener("keydown", storyKey);
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

function storyKey(event) {
  const story = event.target.closest(".story");
  if (event.key === "Escape" && story?.open) {
    story.open = false;
    story.querySelector("summary").focus();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target === story?.querySelector("summary")) {
    const shown = [...document.querySelectorAll(".stories > li:not([hidden]) > .story > summary")];
    shown[shown.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    event.preventDefault();
  }
}

async function copy(button) {
  const command = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(command.textContent);
    button.textContent = "Copied";
  } catch {
    // A page from a file may not be allowed to: then the reader's own keys do it.
    getSelection().selectAllChildren(command);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}
